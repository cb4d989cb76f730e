#include "domain/inventory/reservation.h"

#include "domain/base/check.h"

namespace quickbite {

std::string_view to_string(ReservationState state) {
  switch (state) {
    case ReservationState::kReserved:
      return "RESERVED";
    case ReservationState::kRejected:
      return "REJECTED";
    case ReservationState::kReleased:
      return "RELEASED";
    case ReservationState::kTombstone:
      return "TOMBSTONE";
  }
  check_failed("a known ReservationState", __FILE__, __LINE__);
}

std::string_view to_string(MovementKind kind) {
  switch (kind) {
    case MovementKind::kSeed:
      return "SEED";
    case MovementKind::kRestock:
      return "RESTOCK";
    case MovementKind::kReserve:
      return "RESERVE";
    case MovementKind::kRelease:
      return "RELEASE";
  }
  check_failed("a known MovementKind", __FILE__, __LINE__);
}

}  // namespace quickbite
