// Desk: what the gRPC server asks of whoever serves it, in the domain's values.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "domain/base/ids.h"
#include "domain/inventory/reservation.h"
#include "domain/inventory/restock.h"
#include "domain/port/menu.h"

namespace quickbite::rpc {

struct StockList {
  std::vector<StockRow> rows;  // sorted by SKU; one that there is not is left out
  Instant as_of;
};
struct Restocked {
  StockRow stock;  // as it is afterwards
  bool done_before = false;
};

// Called by several threads at once; may block, but not beyond `deadline`, past which it answers kDeadlineExceeded and has
// begun nothing. An error is told to the caller under its code, with its message.
class Desk {
 public:
  virtual ~Desk() = default;

  virtual absl::StatusOr<MenuTold> menu(std::int64_t limit, absl::Time deadline) = 0;
  virtual absl::StatusOr<StockList> stock(const std::vector<Sku>& skus, absl::Time deadline) = 0;
  virtual absl::StatusOr<ReservationRow> reservation(const OrderId& order, absl::Time deadline) = 0;
  virtual absl::StatusOr<Restocked> restock(const Restock& restock, absl::Time deadline) = 0;
};

}  // namespace quickbite::rpc
