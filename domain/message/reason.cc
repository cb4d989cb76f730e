#include "domain/message/reason.h"

#include "domain/base/check.h"

namespace quickbite {

std::string_view to_string(CancelReason reason) {
  switch (reason) {
    case CancelReason::kCustomer:
      return "CUSTOMER";
    case CancelReason::kExpired:
      return "EXPIRED";
    case CancelReason::kOutOfStock:
      return "OUT_OF_STOCK";
    case CancelReason::kUnknownSku:
      return "UNKNOWN_SKU";
    case CancelReason::kUnknownOrder:
      return "UNKNOWN_ORDER";
  }
  check_failed("a known CancelReason", __FILE__, __LINE__);
}

std::string_view to_string(RejectReason reason) {
  switch (reason) {
    case RejectReason::kOutOfStock:
      return "OUT_OF_STOCK";
    case RejectReason::kUnknownSku:
      return "UNKNOWN_SKU";
  }
  check_failed("a known RejectReason", __FILE__, __LINE__);
}

std::optional<CancelReason> parse_cancel_reason(std::string_view text) {
  for (const CancelReason reason :
       {CancelReason::kCustomer, CancelReason::kExpired, CancelReason::kOutOfStock,
        CancelReason::kUnknownSku, CancelReason::kUnknownOrder}) {
    if (text == to_string(reason)) return reason;
  }
  return std::nullopt;
}

std::optional<RejectReason> parse_reject_reason(std::string_view text) {
  for (const RejectReason reason : {RejectReason::kOutOfStock, RejectReason::kUnknownSku}) {
    if (text == to_string(reason)) return reason;
  }
  return std::nullopt;
}

CancelReason cancel_reason(RejectReason reason) {
  switch (reason) {
    case RejectReason::kOutOfStock:
      return CancelReason::kOutOfStock;
    case RejectReason::kUnknownSku:
      return CancelReason::kUnknownSku;
  }
  check_failed("a known RejectReason", __FILE__, __LINE__);
}

}  // namespace quickbite
