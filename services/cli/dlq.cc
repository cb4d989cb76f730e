#include "services/cli/dlq.h"

#include <unistd.h>

#include <memory>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/ledger_session.h"
#include "domain/base/match.h"
#include "services/cli/drive.h"

namespace quickbite::cli {
namespace {

using postgres::Service;

constexpr std::int64_t kPage = 200;
constexpr absl::Duration kPatience = absl::Seconds(10);

std::string named(Service service) { return std::string(postgres::to_string(service)); }

absl::Status away(Service service, const postgres::Health& health) {
  const std::string what = health.trouble.empty() ? "it does not answer" : health.trouble;
  const bool other = health.condition == postgres::Condition::kMismatched;
  return absl::UnavailableError(absl::StrCat("the ", named(service), " database: ", what,
                                             other ? "; `quickbite migrate --status` tells its version" : ""));
}

absl::Status refused(Service service, const std::string& sqlstate) {
  return absl::FailedPreconditionError(absl::StrCat("the ", named(service), " database refuses it (SQLSTATE ", sqlstate, ")"));
}

// One service's letters, on top of `read`.
template <class Session>
absl::Status read_of(Service service, const postgres::SessionOptions& options, const LetterFilter& filter, std::int64_t limit,
                     const std::function<bool(const LetterFound&)>& wanted, LettersRead& read) {
  Session session(options);
  OutboxSeq after;
  for (std::int64_t looked_at = 0;; looked_at += kPage) {
    FindLettersAnswer answer = session.find_letters({filter, after, kPage});
    if (const auto* why = std::get_if<Refused>(&answer)) return refused(service, why->sqlstate);
    auto* found = std::get_if<LettersFound>(&answer);
    if (found == nullptr) return away(service, session.health());
    for (LetterFound& letter : found->letters) {
      after = letter.letter.seq;
      if (wanted && !wanted(letter)) continue;
      if (static_cast<std::int64_t>(read.letters.size()) >= limit) {
        read.more = true;
        return absl::OkStatus();
      }
      read.letters.push_back({service, std::move(letter)});
    }
    if (static_cast<std::int64_t>(found->letters.size()) < kPage) return absl::OkStatus();
    if (looked_at >= kLettersRead) {
      read.more = true;
      return absl::OkStatus();
    }
  }
}

// Redrives one service's letters; what they come to is added to the report.
template <class S, class Session>
absl::Status redrive_of(Service service, const postgres::SessionOptions& options, const RedriveRequest& request,
                        RedriveReport& report, const std::function<void(std::int64_t)>& so_far) {
  using M = Redriver<S>;
  using L = typename S::Ledger;
  Session session(options);
  struct Perform {
    Session& session;
    FindLettersAnswer operator()(FindLetters&& find) const { return session.find_letters(find); }
    LoadAnswer<L> operator()(Load<L>&& load) const { return session.load(load); }
    StoreAnswer operator()(Store<L>&& store) const { return session.store(store); }
  };
  absl::Status status;
  const auto tell = [&](typename M::Notice&& notice) {
    match(
        std::move(notice),
        [&](typename M::Page&& page) {
          for (const LetterRuled& ruled : page.letters) {
            ++report.count[ruled.verdict];
            if (report.letters.size() < RedriveReport::kToldMost) report.letters.push_back({service, ruled});
          }
          std::int64_t all = 0;
          for (const auto& [verdict, count] : report.count) all += count;
          so_far(all);
        },
        [](OutboxFilled&&) { /* the service's relay looks for it, twice a second */ },
        [&](typename M::Done&& done) {
          if (!done.refused.empty()) status = refused(service, done.refused);
          report.full = report.full || done.full;
        });
  };
  Limits limits;
  limits.batch = kPage;
  const absl::Status driven =
      drive(M(limits, static_cast<std::uint64_t>(::getpid())), request, kPatience, Perform{session}, tell,
            [&] { return std::string(away(service, session.health()).message()); });
  return driven.ok() ? status : driven;
}

}  // namespace

Service keeper_of(Topic topic) {
  return topic == Topic::kInventory || topic == Topic::kInventoryDeadLetter ? Service::kOrders : Service::kInventory;
}

std::vector<Service> keepers_of(const LetterFilter& filter) {
  if (filter.topic) return {keeper_of(*filter.topic)};
  return {Service::kOrders, Service::kInventory};
}

absl::StatusOr<LettersRead> read_letters(const Addresses& addresses, const LetterFilter& filter, std::int64_t limit,
                                         const std::function<bool(const LetterFound&)>& wanted) {
  LettersRead read;
  for (const Service service : keepers_of(filter)) {
    const absl::StatusOr<postgres::SessionOptions> options = addresses.session(service);
    if (!options.ok()) return options.status();
    const absl::Status done =
        service == Service::kOrders
            ? read_of<postgres::OrdersLedgerSession>(service, *options, filter, limit, wanted, read)
            : read_of<postgres::InventoryLedgerSession>(service, *options, filter, limit, wanted, read);
    if (!done.ok()) return done;
  }
  return read;
}

std::int64_t RedriveReport::sent() const {
  const auto at = count.find(RedriveVerdict::kSend);
  return at == count.end() ? 0 : at->second;
}

absl::Status redrive_letters(const Addresses& addresses, RedriveRequest request, RedriveReport& report,
                             const std::function<void(std::int64_t)>& so_far) {
  const std::int64_t most = request.most;
  for (const Service service : keepers_of(request.filter)) {
    const absl::StatusOr<postgres::SessionOptions> options = addresses.session(service);
    if (!options.ok()) return options.status();
    request.most = most - report.sent();
    const absl::Status done =
        service == Service::kOrders
            ? redrive_of<OrdersService, postgres::OrdersLedgerSession>(service, *options, request, report, so_far)
            : redrive_of<InventoryService, postgres::InventoryLedgerSession>(service, *options, request, report, so_far);
    if (!done.ok()) return done;
  }
  return absl::OkStatus();
}

}  // namespace quickbite::cli
