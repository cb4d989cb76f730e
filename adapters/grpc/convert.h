// The domain's values as messages, and back. Private to adapters/grpc.
#pragma once

#include <grpcpp/support/status.h>
#include <quickbite/inventory/v1/inventory.pb.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/grpc/desk.h"

namespace quickbite::rpc {

namespace v1 = ::quickbite::inventory::v1;

::grpc::Status to_grpc(const absl::Status& status);
absl::Status from_grpc(const ::grpc::Status& status);

void fill(const MenuTold& menu, v1::ListMenuResponse& out);
void fill(const StockList& stock, v1::GetStockResponse& out);
void fill(const ReservationRow& row, v1::Reservation& out);
void fill(const Restocked& restocked, v1::RestockResponse& out);

// Internal: the message is not what our own server sends.
absl::StatusOr<MenuTold> menu_of(const v1::ListMenuResponse& response);
absl::StatusOr<StockList> stock_of(const v1::GetStockResponse& response);
absl::StatusOr<ReservationRow> reservation_of(const v1::Reservation& response);
absl::StatusOr<Restocked> restocked_of(const v1::RestockResponse& response);

}  // namespace quickbite::rpc
