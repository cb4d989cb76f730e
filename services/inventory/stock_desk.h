// StockDesk: answers what is asked of Inventory from outside, on connections of its own: one to read, one to restock. The
// machines' transactions wait for neither of them.
#pragma once

#include <mutex>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "adapters/grpc/desk.h"
#include "adapters/postgres/stock_session.h"
#include "services/runtime/settings.h"

namespace quickbite::inventory {

class StockDesk final : public rpc::Desk {
 public:
  explicit StockDesk(const runtime::ServiceSettings& settings);

  absl::StatusOr<MenuTold> menu(std::int64_t limit, absl::Time deadline) override;
  absl::StatusOr<rpc::StockList> stock(const std::vector<Sku>& skus, absl::Time deadline) override;
  absl::StatusOr<ReservationRow> reservation(const OrderId& order, absl::Time deadline) override;

  // Load, decide, store. What a transaction that had to give way, or whose commit is in doubt, has come to is found out by
  // doing it again, a few times: the id sees to it that it is done once.
  absl::StatusOr<rpc::Restocked> restock(const Restock& restock, absl::Time deadline) override;

 private:
  // A session, by one thread at a time.
  struct Window {
    explicit Window(postgres::SessionOptions options) : session(std::move(options)) {}
    std::timed_mutex mutex;
    postgres::StockSession session;
  };

  // Calls `ask` with the session once it is free; kDeadlineExceeded where that is not before `deadline`.
  template <class Ask>
  static auto at(Window& window, absl::Time deadline, Ask ask) -> decltype(ask(window.session));

  static absl::StatusOr<rpc::Restocked> restock_at(postgres::StockSession& session, const Restock& restock,
                                                   absl::Time deadline);

  Window reads_;
  Window restocks_;
};

}  // namespace quickbite::inventory
