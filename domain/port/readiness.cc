#include "domain/port/readiness.h"

namespace quickbite {

std::string_view to_string(Need need) {
  switch (need) {
    case Need::kRunning:
      return "running";
    case Need::kDatabase:
      return "database";
    case Need::kSchema:
      return "schema";
    case Need::kBroker:
      return "broker";
    case Need::kPartitions:
      return "partitions";
  }
  return "?";
}

Needs waited_for(Needs unmet, bool was_ready) {
  if (was_ready) {
    unmet.remove(Need::kBroker);
    unmet.remove(Need::kPartitions);
  }
  return unmet;
}

}  // namespace quickbite
