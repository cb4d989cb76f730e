// An order as Orders keeps it: its lines, where it stands, and why.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "domain/base/ids.h"
#include "domain/base/time.h"
#include "domain/message/line.h"
#include "domain/message/reason.h"

namespace quickbite {

enum class OrderStatus : std::uint8_t { kPending, kConfirmed, kCancelled };

std::string_view to_string(OrderStatus status);  // PENDING, CONFIRMED, CANCELLED

struct OrderRow {
  OrderId id;
  UserId user;
  Lines lines;  // summed by SKU, sorted by SKU, never empty
  OrderStatus status = OrderStatus::kPending;
  std::optional<CancelReason> reason;  // set exactly when CANCELLED
  Version version{1};
  Instant created_at;
  Instant updated_at;
  Instant deadline;          // a PENDING order past it expires
  RequestHash request_hash;  // of the canonical POST, so that a key with another body is refused

  auto fields() const {
    return std::tie(id, user, lines, status, reason, version, created_at, updated_at, deadline, request_hash);
  }
  friend bool operator==(const OrderRow& a, const OrderRow& b) { return a.fields() == b.fields(); }
};

// One transition of one order, as `order_history` keeps it (append-only).
struct HistoryRow {
  OrderId order;
  Version version;  // of the order after the transition
  std::optional<OrderStatus> before;
  OrderStatus after = OrderStatus::kPending;
  std::optional<CancelReason> reason;
  EventId cause;  // the event that was applied; for what a customer asked, the id of the event that announces it
  Instant at;

  auto fields() const { return std::tie(order, version, before, after, reason, cause, at); }
  friend bool operator==(const HistoryRow& a, const HistoryRow& b) { return a.fields() == b.fields(); }
};

}  // namespace quickbite
