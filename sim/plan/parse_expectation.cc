// `finally …`
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "domain/port/dead_letter.h"
#include "domain/port/redrive.h"
#include "sim/plan/draft.h"
#include "sim/plan/parse.h"

namespace quickbite::sim {
namespace {

constexpr std::array<std::string_view, 4> kStates = {"PENDING", "CONFIRMED", "CANCELLED", "absent"};

std::optional<CancelReason> read_reason(LineReader& line) {
  if (line.peek().empty()) return std::nullopt;
  const auto reason = parse_cancel_reason(line.peek());
  if (!reason) {
    line.fail_next(
        "the end of the line or why (CUSTOMER, EXPIRED, OUT_OF_STOCK, UNKNOWN_SKU or "
        "UNKNOWN_ORDER)");
    return std::nullopt;
  }
  line.need_word("why");
  return reason;
}

bool cancels(const Draft& draft, std::string_view label) {
  return std::ranges::any_of(draft.plan.acts, [&](const Act& act) {
    const auto* cancel = std::get_if<CancelAct>(&act.what);
    return cancel != nullptr && cancel->label == label;
  });
}

Expectation read_cancel(LineReader& line, const Draft& draft, std::string label) {
  if (!cancels(draft, label)) line.fail_last("an order that a line 'at … cancels' above names");
  line.need("answered");
  const auto status = static_cast<int>(line.need_number("an HTTP status", 100, 599));
  return CancelAnswered{std::move(label), status};
}

Expectation read_order(LineReader& line, const Draft& draft) {
  OrderIs expected;
  if (const Draft::Label* label = draft.need_label(line)) expected.label = label->name;
  if (line.take("cancel")) return read_cancel(line, draft, std::move(expected.label));
  constexpr std::array<OrderStatus, 3> kStatuses = {OrderStatus::kPending, OrderStatus::kConfirmed,
                                                    OrderStatus::kCancelled};
  const std::size_t state = line.need_one_of("how the order stands", kStates);
  if (state < kStatuses.size()) expected.status = kStatuses[state];
  if (expected.status == OrderStatus::kCancelled) expected.reason = read_reason(line);
  return expected;
}

Expectation read_stock(LineReader& line, const Draft& draft) {
  StockIs expected;
  expected.sku = Sku(line.need_name("a SKU", kNameBytesMax, true));
  const auto& stock = draft.plan.stock;
  if (std::ranges::find(stock, expected.sku, &Plan::Stock::sku) == stock.end()) {
    line.fail_last("a SKU that a line 'stock SKU QUANTITY' above names");
  }
  line.need("available");
  expected.available =
      Quantity(static_cast<std::int64_t>(line.need_number("a quantity", 0, kStockMax)));
  line.need("reserved");
  expected.reserved =
      Quantity(static_cast<std::int64_t>(line.need_number("a quantity", 0, kStockMax)));
  return expected;
}

// What each topic carries, by Topic.
constexpr std::array<std::string_view, 3> kOfOrders = {"OrderCreated", "OrderCancelled", kRedriveType};
constexpr std::array<std::string_view, 3> kOfInventory = {"InventoryReserved", "InventoryRejected", kRedriveType};
constexpr std::array<std::string_view, 1> kOfDeadLetters = {kDeadLetterType};

std::span<const std::string_view> types_of(Topic topic) {
  if (topic == Topic::kOrders) return kOfOrders;
  if (topic == Topic::kInventory) return kOfInventory;
  return kOfDeadLetters;
}

Expectation read_topic(LineReader& line, const Draft& draft) {
  TopicHas expected;
  expected.topic = need_topic(line);
  line.need("has");
  expected.count = static_cast<std::int64_t>(line.need_number("a number of records", 0, kStockMax));
  const auto types = types_of(expected.topic);
  expected.type =
      types[line.need_one_of("what " + std::string(to_string(expected.topic)) + " carries", types)];
  // A dead letter need not tell which order it is about: that is what is wrong with it.
  if (expected.type == kDeadLetterType || !line.take("of")) return expected;
  if (const Draft::Label* label = draft.need_label(line)) expected.label = label->name;
  return expected;
}

Expectation read_menu(LineReader& line, const Draft& draft) {
  MenuIs expected;
  line.need("of");
  expected.client = line.need_name("a client", kNameBytesMax, false);
  const auto reads = [&](const Act& act) {
    const auto* menu = std::get_if<MenuAct>(&act.what);
    return menu != nullptr && menu->client == expected.client;
  };
  if (std::ranges::none_of(draft.plan.acts, reads)) line.fail_last("a client that reads the menu above");
  constexpr std::array<std::string_view, 2> kKinds = {"fresh", "stale"};
  expected.stale = line.need_one_of("how the menu is", kKinds) == 1;
  return expected;
}

}  // namespace

void read_finally(LineReader& line, Draft& draft) {
  Expectation expected;
  if (line.peek().empty()) {
    line.fail_next("'stock', 'topic', 'menu' or the label of an order above");
  } else if (line.take("stock")) {
    expected = read_stock(line, draft);
  } else if (line.take("topic")) {
    expected = read_topic(line, draft);
  } else if (line.take("menu")) {
    expected = read_menu(line, draft);
  } else {
    expected = read_order(line, draft);
  }
  if (draft.plan.expectations.size() == kExpectationsMax) {
    line.fail_last("at most " + std::to_string(kExpectationsMax) + " lines with finally");
  }
  if (!line.failed()) draft.plan.expectations.push_back(std::move(expected));
}

}  // namespace quickbite::sim
