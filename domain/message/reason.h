// Why an order was cancelled or a reservation rejected, in the words of the wire.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace quickbite {

enum class CancelReason : std::uint8_t { kCustomer, kExpired, kOutOfStock, kUnknownSku, kUnknownOrder };
enum class RejectReason : std::uint8_t { kOutOfStock, kUnknownSku };

std::string_view to_string(CancelReason reason);  // CUSTOMER, EXPIRED, OUT_OF_STOCK, UNKNOWN_SKU, UNKNOWN_ORDER
std::string_view to_string(RejectReason reason);  // OUT_OF_STOCK, UNKNOWN_SKU
std::optional<CancelReason> parse_cancel_reason(std::string_view text);
std::optional<RejectReason> parse_reject_reason(std::string_view text);
CancelReason cancel_reason(RejectReason reason);

}  // namespace quickbite
