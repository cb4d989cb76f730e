#include "adapters/grpc/convert.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "domain/base/uuid.h"

namespace quickbite::rpc {
namespace {

constexpr std::int64_t kMicros = 1'000'000;

void fill(Instant at, google::protobuf::Timestamp& out) {
  std::int64_t whole = at.us / kMicros;
  std::int64_t rest = at.us % kMicros;
  if (rest < 0) {  // nanos count forwards (timestamp.proto)
    rest += kMicros;
    --whole;
  }
  out.set_seconds(whole);
  out.set_nanos(static_cast<std::int32_t>(rest * 1000));
}

void fill(const StockRow& row, v1::Stock& out) {
  out.set_sku(row.sku.value);
  out.set_available(row.available.value);
  out.set_reserved(row.reserved.value);
}

// The years 0001 to 9999, as timestamp.proto says: no arithmetic on one overflows.
absl::StatusOr<Instant> instant_of(const google::protobuf::Timestamp& at) {
  if (at.seconds() < -62'135'596'800 || at.seconds() > 253'402'300'799 || at.nanos() < 0 || at.nanos() > 999'999'999) {
    return absl::InternalError("a timestamp that is none");
  }
  return Instant{at.seconds() * kMicros + at.nanos() / 1000};
}

StockRow stock_row_of(const v1::Stock& stock) {
  return {Sku(stock.sku()), Quantity(stock.available()), Quantity(stock.reserved())};
}

v1::Reservation::State to_proto(ReservationState state) {
  switch (state) {
    case ReservationState::kReserved:
      return v1::Reservation::RESERVED;
    case ReservationState::kRejected:
      return v1::Reservation::REJECTED;
    case ReservationState::kReleased:
      return v1::Reservation::RELEASED;
    case ReservationState::kTombstone:
      return v1::Reservation::TOMBSTONE;
  }
  return v1::Reservation::STATE_UNSPECIFIED;
}

absl::StatusOr<ReservationState> state_of(v1::Reservation::State state) {
  for (const auto ours : {ReservationState::kReserved, ReservationState::kRejected, ReservationState::kReleased,
                          ReservationState::kTombstone}) {
    if (to_proto(ours) == state) return ours;
  }
  return absl::InternalError("a reservation in an unknown state");
}

}  // namespace

// The codes are the same numbers (grpc/status.h, absl/status/status.h).
::grpc::Status to_grpc(const absl::Status& status) {
  if (status.ok()) return ::grpc::Status::OK;
  return {static_cast<::grpc::StatusCode>(status.code()), std::string(status.message())};
}

absl::Status from_grpc(const ::grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

void fill(const MenuTold& menu, v1::ListMenuResponse& out) {
  out.mutable_items()->Reserve(static_cast<int>(menu.items.size()));
  for (const MenuItem& item : menu.items) {
    v1::MenuItem& each = *out.add_items();
    each.set_sku(item.sku.value);
    each.set_available(item.available.value);
  }
  fill(menu.as_of, *out.mutable_as_of());
}

void fill(const StockList& stock, v1::GetStockResponse& out) {
  for (const StockRow& row : stock.rows) fill(row, *out.add_stock());
  fill(stock.as_of, *out.mutable_as_of());
}

void fill(const ReservationRow& row, v1::Reservation& out) {
  out.set_order_id(to_string(row.order.value));
  out.set_state(to_proto(row.state));
  for (const Line& line : row.lines) {
    v1::Line& each = *out.add_lines();
    each.set_sku(line.sku.value);
    each.set_quantity(line.quantity.value);
  }
  fill(row.updated_at, *out.mutable_updated_at());
}

void fill(const Restocked& restocked, v1::RestockResponse& out) {
  fill(restocked.stock, *out.mutable_stock());
  out.set_done_before(restocked.done_before);
}

absl::StatusOr<MenuTold> menu_of(const v1::ListMenuResponse& response) {
  const auto as_of = instant_of(response.as_of());
  if (!as_of.ok()) return as_of.status();
  MenuTold menu{{}, *as_of};
  menu.items.reserve(static_cast<std::size_t>(response.items_size()));
  for (const v1::MenuItem& item : response.items()) {
    if (!menu.items.empty() && !(menu.items.back().sku.value < item.sku())) {
      return absl::InternalError("a menu that is not sorted");
    }
    menu.items.push_back({Sku(item.sku()), Quantity(item.available())});
  }
  return menu;
}

absl::StatusOr<StockList> stock_of(const v1::GetStockResponse& response) {
  const auto as_of = instant_of(response.as_of());
  if (!as_of.ok()) return as_of.status();
  StockList list{{}, *as_of};
  for (const v1::Stock& stock : response.stock()) list.rows.push_back(stock_row_of(stock));
  return list;
}

absl::StatusOr<ReservationRow> reservation_of(const v1::Reservation& response) {
  const auto order = parse_uuid(response.order_id());
  const auto state = state_of(response.state());
  const auto updated_at = instant_of(response.updated_at());
  if (!order) return absl::InternalError("a reservation of no order");
  if (!state.ok()) return state.status();
  if (!updated_at.ok()) return updated_at.status();
  std::vector<Line> lines;
  for (const v1::Line& line : response.lines()) lines.push_back({Sku(line.sku()), Quantity(line.quantity())});
  return ReservationRow{OrderId(*order), std::move(lines), *state, *updated_at};
}

absl::StatusOr<Restocked> restocked_of(const v1::RestockResponse& response) {
  return Restocked{stock_row_of(response.stock()), response.done_before()};
}

}  // namespace quickbite::rpc
