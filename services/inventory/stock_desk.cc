#include "services/inventory/stock_desk.h"

#include <string>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "domain/base/match.h"

namespace quickbite::inventory {
namespace {

constexpr int kAttempts = 5;
constexpr absl::Duration kPause = absl::Milliseconds(10);  // between two of them

// Below the caller's patience: a menu that takes longer is of no use to anybody.
postgres::SessionOptions impatient(postgres::SessionOptions options) {
  options.statement_timeout = seconds(2);
  return options;
}

absl::Status away() { return absl::UnavailableError("the database is away"); }

absl::Status too_late() { return absl::DeadlineExceededError("the database was busy until the deadline"); }

// What kept an answer from being one.
absl::Status status_of(const Aborted& aborted) {
  return absl::AbortedError(absl::StrCat("the database gave the transaction up (", aborted.sqlstate, ")"));
}
absl::Status status_of(const Refused& refused) {
  if (refused.sqlstate == "57014") return absl::UnavailableError("the database took too long");
  return absl::InternalError(absl::StrCat("the database refuses it (", refused.sqlstate, ")"));
}
absl::Status status_of(const Unavailable&) { return away(); }
absl::Status status_of(const InDoubt&) { return absl::UnavailableError("the connection broke at the commit"); }

// The one thing that was told, or why not.
template <class Told>
absl::StatusOr<Told> told(postgres::StockAnswer<Told>&& answer) {
  return match(
      std::move(answer),  //
      [](Told&& what) -> absl::StatusOr<Told> { return std::move(what); },
      [](auto&& why) -> absl::StatusOr<Told> { return status_of(why); });
}

absl::StatusOr<rpc::Restocked> stored(StoreAnswer&& answer, const StockRow& after) {
  return match(
      std::move(answer),  //
      [&](Stored&&) -> absl::StatusOr<rpc::Restocked> { return rpc::Restocked{after, false}; },
      [](auto&& why) -> absl::StatusOr<rpc::Restocked> { return status_of(why); });
}

}  // namespace

StockDesk::StockDesk(const runtime::ServiceSettings& settings)
    : reads_(impatient(settings.session("menu"))), restocks_(impatient(settings.session("restock"))) {}

template <class Ask>
auto StockDesk::at(Window& window, absl::Time deadline, Ask ask) -> decltype(ask(window.session)) {
  std::unique_lock lock(window.mutex, std::defer_lock);
  if (!lock.try_lock_until(absl::ToChronoTime(deadline)) || absl::Now() >= deadline) return too_late();
  return ask(window.session);
}

absl::StatusOr<MenuTold> StockDesk::menu(std::int64_t limit, absl::Time deadline) {
  return at(reads_, deadline, [&](postgres::StockSession& session) { return told(session.menu(limit)); });
}

absl::StatusOr<rpc::StockList> StockDesk::stock(const std::vector<Sku>& skus, absl::Time deadline) {
  return at(reads_, deadline, [&](postgres::StockSession& session) -> absl::StatusOr<rpc::StockList> {
    absl::StatusOr<postgres::StockTold> list = told(session.stock(skus));
    if (!list.ok()) return list.status();
    return rpc::StockList{std::move(list->rows), list->as_of};
  });
}

absl::StatusOr<ReservationRow> StockDesk::reservation(const OrderId& order, absl::Time deadline) {
  return at(reads_, deadline, [&](postgres::StockSession& session) -> absl::StatusOr<ReservationRow> {
    absl::StatusOr<postgres::ReservationTold> found = told(session.reservation(order));
    if (!found.ok()) return found.status();
    if (!found->row) return absl::NotFoundError("Inventory has not heard of this order");
    return *std::move(found->row);
  });
}

absl::StatusOr<rpc::Restocked> StockDesk::restock(const Restock& restock, absl::Time deadline) {
  return at(restocks_, deadline, [&](postgres::StockSession& session) -> absl::StatusOr<rpc::Restocked> {
    for (int attempt = 1;; ++attempt) {
      absl::StatusOr<rpc::Restocked> done = restock_at(session, restock, deadline);
      const bool once_more = absl::IsAborted(done.status()) || absl::IsUnavailable(done.status());
      if (!once_more || attempt == kAttempts || absl::Now() + kPause >= deadline) return done;
      absl::SleepFor(kPause * attempt);
    }
  });
}

absl::StatusOr<rpc::Restocked> StockDesk::restock_at(postgres::StockSession& session, const Restock& restock,
                                                     absl::Time deadline) {
  absl::StatusOr<postgres::RestockLoaded> loaded = told(session.load(restock));
  if (!loaded.ok()) return loaded.status();
  const StockRow* row = loaded->stock ? &*loaded->stock : nullptr;
  const RestockDecision decision = decide(loaded->caused, row, restock, loaded->now);
  if (!std::holds_alternative<StockAdded>(decision)) session.rollback();
  using Outcome = absl::StatusOr<rpc::Restocked>;
  return match(
      decision,  //
      [&](const StockAdded& added) -> Outcome {
        if (absl::Now() < deadline) return stored(session.store(added), added.stock);
        session.rollback();
        return too_late();
      },
      [](const AddedBefore& before) -> Outcome { return rpc::Restocked{before.stock, true}; },
      [](const IdTaken&) -> Outcome {
        return absl::AlreadyExistsError("the id is that of another act: with another sku or quantity, or of another kind");
      },
      [](const TooMuchStock&) -> Outcome {
        return absl::FailedPreconditionError(absl::StrCat("there would be more than ", kStockMax, " of it"));
      });
}

}  // namespace quickbite::inventory
