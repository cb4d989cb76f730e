#include "domain/order/command.h"

namespace quickbite {

OrderId order_of(const Command& command) {
  return std::visit([](const auto& each) { return each.id; }, command);
}

}  // namespace quickbite
