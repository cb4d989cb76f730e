// `at TIME …`
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "sim/plan/draft.h"
#include "sim/plan/parse.h"

namespace quickbite::sim {
namespace {

using What = decltype(Act::what);

std::vector<quickbite::Line> need_lines(LineReader& line) {
  std::vector<quickbite::Line> lines;
  do {
    if (lines.size() == kLinesMax)
      line.fail_next("at most " + std::to_string(kLinesMax) + " lines in an order");
    quickbite::Line each;
    each.sku = Sku(line.need_name("a SKU", kNameBytesMax, true));
    each.quantity =
        Quantity(static_cast<std::int64_t>(line.need_number("a quantity", 1, kQuantityMax)));
    lines.push_back(std::move(each));
  } while (line.take(","));
  return lines;
}

std::string need_new_label(LineReader& line, const Draft& draft) {
  std::string label = line.need_name("a label", kLabelBytesMax, false);
  if (label == "stock" || label == "topic" || label == "menu")
    line.fail_last("a label other than stock, topic and menu");
  if (std::ranges::find(draft.labels, label, &Draft::Label::name) != draft.labels.end()) {
    line.fail_last("a label that no order above has");
  }
  return label;
}

What read_place(LineReader& line, Draft& draft, std::string client) {
  PlaceAct act;
  act.client = std::move(client);
  act.lines = need_lines(line);
  if (line.take("key")) act.key = line.need_name("an idempotency key", kNameBytesMax, true);
  if (line.peek() != "as") line.fail_next(act.key ? "'as'" : "',', 'key' or 'as'");
  line.need("as");
  act.label = need_new_label(line, draft);
  if (!line.failed()) draft.labels.push_back({act.label, act.client});
  return act;
}

What read_cancel(LineReader& line, const Draft& draft, std::string client) {
  CancelAct act{std::move(client), {}};
  if (const Draft::Label* label = draft.need_label(line)) {
    act.label = label->name;
    if (label->client != act.client) line.fail_last("an order of " + act.client);
  }
  return act;
}

What read_client(LineReader& line, Draft& draft) {
  std::string client = line.need_name("a client", kNameBytesMax, false);
  // `when client request …` speaks of any client.
  if (client == "request") line.fail_last("a client with another name than request");
  constexpr std::array<std::string_view, 3> kDeeds = {"orders", "cancels", "reads"};
  switch (line.need_one_of("what the client does", kDeeds)) {
    case 0:
      return read_place(line, draft, std::move(client));
    case 1:
      return read_cancel(line, draft, std::move(client));
    default:
      line.need("menu");
      return MenuAct{std::move(client)};
  }
}

Duration need_down_for(LineReader& line) {
  line.need("down");
  line.need("for");
  return line.need_duration("a length of time");
}

std::string need_labelled(LineReader& line, const Draft& draft) {
  const Draft::Label* label = draft.need_label(line);
  return label != nullptr ? label->name : std::string();
}

// True for `refuses`; false, leaving it, for `down`.
bool take_refuses(LineReader& line) {
  if (line.take("refuses")) return true;
  if (line.peek() != "down") line.fail_next("down or refuses");
  return false;
}

What read_broker(LineReader& line, Draft& draft) {
  if (take_refuses(line)) return BarAct{need_labelled(line, draft)};
  return BrokerOutage{need_down_for(line)};
}

What read_database(LineReader& line, Draft& draft) {
  const ServiceName service = need_service(line);
  if (!take_refuses(line)) return DatabaseOutage{service, need_down_for(line)};
  RefuseAct act{service, need_labelled(line, draft), std::nullopt};
  if (line.take("for")) act.length = line.need_duration("a length of time");
  return act;
}

What read_crash(LineReader& line, Draft& draft) {
  CrashAct act;
  act.service = need_service(line);
  const Shape& shape = draft.plan.shape;
  const std::uint32_t replicas =
      act.service == ServiceName::kOrders ? shape.orders : shape.inventory;
  if (line.peek() != "for")
    act.replica = static_cast<std::uint32_t>(line.need_number("a replica", 0, replicas - 1));
  line.need("for");
  act.down = line.need_duration("a length of time");
  return act;
}

// The two topics that somebody consumes.
Topic need_consumed_topic(LineReader& line) {
  constexpr std::array<std::string_view, 2> kNames = {"orders.v1", "inventory.v1"};
  return line.need_one_of("a topic", kNames) == 0 ? Topic::kOrders : Topic::kInventory;
}

PoisonKind need_poison(LineReader& line) {
  std::array<std::string_view, kPoisonKinds> words;
  for (std::size_t i = 0; i < kPoisonKinds; ++i) words[i] = to_string(static_cast<PoisonKind>(i));
  return static_cast<PoisonKind>(line.need_one_of("a kind of poison", words));
}

What read_stop(LineReader& line, Draft& draft) {
  What act = read_crash(line, draft);
  std::get<CrashAct>(act).drains = true;
  return act;
}

What read_poison(LineReader& line, Draft& draft) {
  PoisonAct act;
  act.topic = need_consumed_topic(line);
  if (line.take("partition")) {
    const auto last = static_cast<std::uint64_t>(draft.plan.shape.partitions) - 1;
    act.partition = Partition(static_cast<std::int32_t>(line.need_number("a partition", 0, last)));
  }
  act.kind = need_poison(line);
  return act;
}

What read_rewind(LineReader& line, Draft&) {
  return RewindAct{need_consumed_topic(line)};
}

What read_lose(LineReader& line, Draft&) {
  return LoseAct{need_consumed_topic(line)};
}

What read_operator(LineReader& line, Draft&) {
  constexpr std::array<std::string_view, 2> kDeeds = {"redrives", "republishes"};
  if (line.need_one_of("what the operator does", kDeeds) == 0) {
    RedriveAct act{need_service(line), false, false};
    act.again = line.take("again");
    act.force = line.take("forced");
    return act;
  }
  RepublishAct act{need_service(line), std::nullopt};
  if (line.take("since")) act.since = Instant{line.need_duration("a time").us};
  return act;
}

// By client and key, since no line above can have given such an order its label.
What read_forge(LineReader& line, Draft&) {
  ForgeAct act;
  line.need("cancel");
  line.need("of");
  act.client = line.need_name("a client", kNameBytesMax, false);
  act.key = line.need_name("an idempotency key", kNameBytesMax, true);
  return act;
}

struct Deed {
  std::string_view word;
  What (*read)(LineReader& line, Draft& draft);
};
constexpr Deed kDeeds[] = {{"client", read_client},     {"broker", read_broker},
                           {"database", read_database}, {"crash", read_crash},
                           {"poison", read_poison},     {"rewind", read_rewind},
                           {"forge", read_forge},       {"stop", read_stop},
                           {"lose", read_lose},         {"operator", read_operator}};

std::optional<What> read_what(LineReader& line, Draft& draft) {
  for (const Deed& deed : kDeeds) {
    if (line.take(deed.word)) return deed.read(line, draft);
  }
  line.fail_next("client, broker, database, crash, poison, rewind, forge, stop, lose or operator");
  return std::nullopt;
}

}  // namespace

void read_at(LineReader& line, Draft& draft) {
  auto& acts = draft.plan.acts;
  const Instant at{line.need_duration("a time").us};
  if (!acts.empty() && at < acts.back().at)
    line.fail_last("a time that is not before the line above's");
  if (acts.size() == kActsMax)
    line.fail_next("at most " + std::to_string(kActsMax) + " lines with at");
  std::optional<What> what = read_what(line, draft);
  if (what && !line.failed()) acts.push_back({at, *std::move(what)});
}

const Draft::Label* Draft::need_label(LineReader& line) const {
  if (labels.empty()) {
    line.fail_next("a label, but no line above says 'client … orders … as LABEL'");
    return nullptr;
  }
  const auto at = std::ranges::find(labels, line.peek(), &Label::name);
  if (at == labels.end()) {
    line.fail_next("the label of an order above");
    return nullptr;
  }
  line.need_word("a label");
  return &*at;
}

ServiceName need_service(LineReader& line) {
  constexpr std::array<std::string_view, 2> kNames = {"orders", "inventory"};
  return line.need_one_of("a service", kNames) == 0 ? ServiceName::kOrders
                                                    : ServiceName::kInventory;
}

Topic need_topic(LineReader& line) {
  constexpr std::array<std::string_view, kTopics> kNames = {"orders.v1", "inventory.v1",
                                                            "orders.dlq.v1", "inventory.dlq.v1"};
  constexpr std::array<Topic, kTopics> kValues = {
      Topic::kOrders, Topic::kInventory, Topic::kOrdersDeadLetter, Topic::kInventoryDeadLetter};
  return kValues[line.need_one_of("a topic", kNames)];
}

}  // namespace quickbite::sim
