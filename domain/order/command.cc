#include "domain/order/command.h"

namespace quickbite {

OrderId order_of(const Command& command) {
  return std::visit([](const auto& each) { return each.id; }, command);
}

const std::optional<Trace>& trace_of(const Command& command) {
  return std::visit([](const auto& each) -> const std::optional<Trace>& { return each.trace; }, command);
}

void begin_trace(Command& command) {
  std::visit(
      [](auto& each) {
        if (!each.trace) each.trace = trace_of_order(each.id);
      },
      command);
}

}  // namespace quickbite
