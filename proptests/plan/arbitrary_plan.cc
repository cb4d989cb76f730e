#include "proptests/plan/arbitrary_plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "sim/plan/parse.h"
#include "sim/plan/print.h"

namespace quickbite::proptests {
namespace {

using namespace sim;

// The generators are drawn from in place (`*gen`), which only works below rc::gen::exec.
template <class T>
T in(T min, T max) {
  return *rc::gen::inRange<T>(min, max + 1);
}
bool maybe() {
  return *rc::gen::arbitrary<bool>();
}
template <class Enum>
Enum one(std::size_t count) {
  return static_cast<Enum>(in<std::size_t>(0, count - 1));
}
template <class T>
const T& one_of(const std::vector<T>& values) {
  return values[in<std::size_t>(0, values.size() - 1)];
}

// Mostly short, now and then of full length; the words of the language are names as good as any.
std::string name(std::size_t max, bool digit_first) {
  if (in(0, 3) == 0) {
    return one_of<std::string>(
        {"at", "as", "key", "of", "orders", "stock2", "for", "down", "a.b_c-d"});
  }
  static const std::string kLetters = "abcxyzABCXYZ";
  static const std::string kAll = kLetters + "0123456789._-";
  const std::size_t size = in(0, 9) == 0 ? max : in<std::size_t>(1, 4);
  std::string text;
  while (text.size() < size) {
    const std::string& letters = text.empty() && !digit_first ? kLetters : kAll;
    const char c = letters[in<std::size_t>(0, letters.size() - 1)];
    if (text.empty() && (c == '.' || c == '_' || c == '-')) continue;
    text += c;
  }
  return text;
}

Duration span() {
  const std::int64_t count = in<std::int64_t>(0, 3600);
  return one_of<Duration>({microseconds(count), milliseconds(count), seconds(count)});
}

class Builder {
 public:
  Plan build() {
    settings();
    for (std::size_t n = in<std::size_t>(0, 6); n > 0; --n) act();
    for (std::size_t n = in<std::size_t>(0, 4); n > 0; --n) rule();
    for (std::size_t n = in<std::size_t>(0, 4); n > 0; --n) expectation();
    return std::move(plan_);
  }

 private:
  struct Label {
    std::string name;
    std::string client;
  };

  void settings() {
    plan_.title = one_of<std::string>({"", "A title", "Über # den Fluß, \"und\" in die Wälder: 2"});
    for (std::uint32_t mutant = 1; mutant <= 3; ++mutant) {
      if (in(0, 3) == 0) plan_.kills.push_back(mutant * in(1U, kMutantMax / 3));
    }
    std::ranges::sort(plan_.kills);
    plan_.kills.erase(std::unique(plan_.kills.begin(), plan_.kills.end()), plan_.kills.end());
    if (maybe()) plan_.seed = *rc::gen::arbitrary<std::uint64_t>();
    plan_.shape = {in(1U, kReplicasMax), in(1U, kReplicasMax), in(1, kPartitionsMax)};
    if (maybe()) plan_.deadline = span();
    for (std::size_t n = in<std::size_t>(0, 3); n > 0; --n) {
      const Sku sku(name(kNameBytesMax, true));
      if (std::ranges::find(plan_.stock, sku, &Plan::Stock::sku) != plan_.stock.end()) continue;
      plan_.stock.push_back({sku, Quantity(in<std::int64_t>(0, kStockMax))});
    }
  }

  void act() {
    now_ = Instant{std::min((now_ + span()).us, kSpanMax.us)};
    decltype(Act::what) what = BrokerOutage{span()};
    switch (in(0, 14)) {
      case 0:
        break;
      case 1:
        what = DatabaseOutage{one<ServiceName>(2), span()};
        break;
      case 2:
        what = crash();
        break;
      case 3:
        what = PoisonAct{one<Topic>(2), Partition(in(0, plan_.shape.partitions - 1)),
                         one<PoisonKind>(kPoisonKinds)};
        break;
      case 4:
        what = RewindAct{one<Topic>(2)};
        break;
      case 5:
        if (!labels_.empty()) what = cancel();
        break;
      case 6:
        what = ForgeAct{name(kNameBytesMax, false), name(kNameBytesMax, true)};
        break;
      case 7:
        what = MenuAct{in(0, 1) == 0 ? one_of<std::string>({"u1", "u2"}) : name(kNameBytesMax, false)};
        break;
      case 8:
        what = RedriveAct{one<ServiceName>(2), maybe(), maybe()};
        break;
      case 9:
        what = RepublishAct{one<ServiceName>(2), maybe() ? std::optional(Instant{span().us}) : std::nullopt};
        break;
      case 10:
        if (labels_.empty()) break;
        what = RefuseAct{one<ServiceName>(2), one_of(labels_).name, maybe() ? std::optional(span()) : std::nullopt};
        break;
      case 11:
        if (!labels_.empty()) what = BarAct{one_of(labels_).name};
        break;
      case 12:
        what = LoseAct{one<Topic>(2)};
        break;
      default:
        what = place();
    }
    plan_.acts.push_back({now_, std::move(what)});
  }

  CrashAct crash() {
    const auto service = one<ServiceName>(2);
    const std::uint32_t replicas =
        service == ServiceName::kOrders ? plan_.shape.orders : plan_.shape.inventory;
    const std::uint32_t replica = in(0U, replicas - 1);
    return {service, replica, span(), maybe()};
  }

  CancelAct cancel() {
    const Label& label = one_of(labels_);
    return {label.client, label.name};
  }

  PlaceAct place() {
    PlaceAct act;
    act.client = in(0, 1) == 0 ? one_of<std::string>({"u1", "u2"}) : name(kNameBytesMax, false);
    for (std::size_t n = in<std::size_t>(1, in(0, 9) == 0 ? kLinesMax : 3); n > 0; --n) {
      const Sku sku(name(kNameBytesMax, true));
      act.lines.push_back({sku, Quantity(in<std::int64_t>(1, kQuantityMax))});
    }
    if (maybe()) act.key = name(kNameBytesMax, true);
    act.label = name(kLabelBytesMax, false);
    while (std::ranges::find(labels_, act.label, &Label::name) != labels_.end())
      act.label = "o" + std::to_string(labels_.size());
    labels_.push_back({act.label, act.client});
    return act;
  }

  void rule() {
    Rule rule;
    rule.role = one<Role>(kRoles);
    std::vector<Verb> verbs;
    for (std::size_t i = 0; i < kVerbs; ++i) {
      if (has_effect(rule.role, static_cast<Verb>(i))) verbs.push_back(static_cast<Verb>(i));
    }
    rule.verb = one_of(verbs);
    rule.phase = one<Phase>(kPhases);
    rule.replica = replica(rule.role);
    if (!labels_.empty() && maybe()) rule.label = one_of(labels_).name;
    rule.nth = one_of<std::uint32_t>({1, 2, 3, in(1U, kNthMax)});
    rule.verdict = one<Verdict>(kVerdicts);
    if (!makes_sense(rule.role, rule.verb, rule.phase, rule.verdict))
      rule.verdict = Verdict::kNothing;
    const bool late = rule.verdict == Verdict::kDelay || (rule.verdict == Verdict::kDuplicate && maybe());
    if (late) rule.length = microseconds(one_of<std::int64_t>({1, 7'000, in<std::int64_t>(1, kDelayMax.us), kDelayMax.us}));
    plan_.rules.push_back(std::move(rule));
  }

  std::optional<std::uint32_t> replica(Role role) {
    if (maybe()) return std::nullopt;
    if (role == Role::kClient) {
      const std::size_t clients = clients_of(plan_).size();
      if (clients == 0) return std::nullopt;
      return in(0U, static_cast<std::uint32_t>(clients) - 1);
    }
    const bool orders = role != Role::kInventoryRelay && role != Role::kInventoryDelivery &&
                        role != Role::kInventorySweeper && role != Role::kInventoryOperator;
    return in(0U, (orders ? plan_.shape.orders : plan_.shape.inventory) - 1);
  }

  void expectation() {
    switch (in(0, 4)) {
      case 0:
        if (!labels_.empty()) plan_.expectations.emplace_back(order());
        break;
      case 1:
        if (!plan_.stock.empty()) plan_.expectations.emplace_back(stock());
        break;
      case 2:
        for (const Act& act : plan_.acts) {
          const auto* cancel = std::get_if<CancelAct>(&act.what);
          if (cancel == nullptr) continue;
          plan_.expectations.emplace_back(CancelAnswered{cancel->label, in(100, 599)});
          break;
        }
        break;
      case 3:
        menu();
        break;
      default:
        plan_.expectations.emplace_back(topic());
    }
  }

  void menu() {
    for (const Act& act : plan_.acts) {
      const auto* reads = std::get_if<MenuAct>(&act.what);
      if (reads != nullptr) return plan_.expectations.emplace_back(MenuIs{reads->client, maybe()}), void();
    }
  }

  OrderIs order() {
    OrderIs expected{one_of(labels_).name, std::nullopt, std::nullopt};
    if (maybe()) expected.status = one<OrderStatus>(3);
    if (expected.status == OrderStatus::kCancelled && maybe())
      expected.reason = one<CancelReason>(5);
    return expected;
  }

  StockIs stock() {
    const Sku sku = one_of(plan_.stock).sku;
    const Quantity available(in<std::int64_t>(0, kStockMax));
    const Quantity reserved(in<std::int64_t>(0, 9));
    return {sku, available, reserved};
  }

  TopicHas topic() {
    static const std::vector<std::pair<Topic, std::string>> kCarried = {
        {Topic::kOrders, "OrderCreated"},         {Topic::kOrders, "OrderCancelled"},
        {Topic::kInventory, "InventoryReserved"}, {Topic::kInventory, "InventoryRejected"},
        {Topic::kOrders, "Redrive"},              {Topic::kInventory, "Redrive"},
        {Topic::kOrdersDeadLetter, "DeadLetter"}, {Topic::kInventoryDeadLetter, "DeadLetter"}};
    const auto [topic, type] = one_of(kCarried);
    TopicHas expected{topic, in<std::int64_t>(0, 99), type, std::nullopt};
    if (type != "DeadLetter" && !labels_.empty() && maybe()) expected.label = one_of(labels_).name;
    return expected;
  }

  Plan plan_;
  Instant now_;
  std::vector<Label> labels_;
};

}  // namespace

rc::Gen<sim::Plan> arbitrary_plan() {
  return rc::gen::exec([] { return Builder().build(); });
}

}  // namespace quickbite::proptests

namespace quickbite::sim {

void showValue(const Plan& plan, std::ostream& out) {
  out << print_plan(plan);
}

}  // namespace quickbite::sim
