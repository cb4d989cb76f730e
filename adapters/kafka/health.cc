#include "adapters/kafka/health.h"

namespace quickbite::kafka {

std::string_view to_string(Condition condition) {
  switch (condition) {
    case Condition::kUntried:
      return "untried";
    case Condition::kServing:
      return "serving";
    case Condition::kUnreachable:
      return "unreachable";
    case Condition::kRefused:
      return "refused";
  }
  return "";
}

}  // namespace quickbite::kafka
