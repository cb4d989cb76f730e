#include "domain/message/handled.h"

#include "domain/base/check.h"

namespace quickbite {

std::string_view to_string(Handled handled) {
  switch (handled) {
    case Handled::kApplied:
      return "APPLIED";
    case Handled::kIgnored:
      return "IGNORED";
    case Handled::kDeadLettered:
      return "DEAD_LETTERED";
  }
  check_failed("a known Handled", __FILE__, __LINE__);
}

}  // namespace quickbite
