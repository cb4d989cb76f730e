// `when ROLE [REPLICA] EFFECT PHASE [of LABEL] [(nth N)]: VERDICT [LENGTH [later]]`
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/plan/draft.h"
#include "sim/plan/parse.h"

namespace quickbite::sim {
namespace {

template <class Enum, std::size_t n>
constexpr std::array<Enum, n> all_of() {
  std::array<Enum, n> values{};
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<Enum>(i);
  return values;
}
constexpr auto kAllRoles = all_of<Role, kRoles>();
constexpr auto kAllVerbs = all_of<Verb, kVerbs>();
constexpr auto kAllPhases = all_of<Phase, kPhases>();
constexpr auto kAllVerdicts = all_of<Verdict, kVerdicts>();

// One of `values` that `allowed` lets pass, by its word.
template <class Enum, std::size_t n, class Allowed>
Enum need_value(LineReader& line, std::string_view what, const std::array<Enum, n>& values,
                Allowed allowed) {
  std::vector<Enum> passed;
  std::vector<std::string_view> words;
  for (const Enum value : values) {
    if (!allowed(value)) continue;
    passed.push_back(value);
    words.push_back(to_string(value));
  }
  return passed[line.need_one_of(what, words)];
}

bool is_of_orders(Role role) {
  return role == Role::kIntake || role == Role::kReader || role == Role::kOrdersRelay ||
         role == Role::kOrdersDelivery || role == Role::kOrdersSweeper || role == Role::kMenu ||
         role == Role::kOrdersOperator;
}

void read_client(LineReader& line, const Draft& draft, Rule& rule) {
  if (line.peek() == to_string(Verb::kRequest)) return;
  const std::vector<std::string> clients = clients_of(draft.plan);
  const auto at = std::ranges::find(clients, line.peek());
  if (at == clients.end()) {
    line.fail_next("'request', or a client of an order above");
    return;
  }
  line.need_word("a client");
  rule.replica = static_cast<std::uint32_t>(at - clients.begin());
}

bool is_number(std::string_view word) {
  return !word.empty() && word[0] >= '0' && word[0] <= '9';
}

void read_replica(LineReader& line, const Draft& draft, Rule& rule) {
  if (rule.role == Role::kClient) return read_client(line, draft, rule);
  if (!is_number(line.peek())) return;
  const Shape& shape = draft.plan.shape;
  const std::uint32_t replicas = is_of_orders(rule.role) ? shape.orders : shape.inventory;
  rule.replica = static_cast<std::uint32_t>(line.need_number("a replica", 0, replicas - 1));
}

void read_label(LineReader& line, const Draft& draft, Rule& rule) {
  if (const Draft::Label* label = draft.need_label(line)) rule.label = label->name;
}

// `orders commits`, `inventory commits`: the moment at which a service's work is durable and nobody
// knows yet.
void read_commits(LineReader& line, const Draft& draft, Rule& rule) {
  rule.role = need_service(line) == ServiceName::kOrders ? Role::kIntake : Role::kInventoryDelivery;
  rule.verb = Verb::kStore;
  rule.phase = Phase::kUnanswered;
  read_replica(line, draft, rule);
  line.need("commits");
  // The label may follow without its "of".
  const std::string_view next = line.peek();
  if (!next.empty() && next != "of" && next != "(" && next != ":") read_label(line, draft, rule);
}

void read_moment(LineReader& line, const Draft& draft, Rule& rule) {
  for (const Role role : kAllRoles) {
    if (!line.take_parts(to_string(role))) continue;
    rule.role = role;
    read_replica(line, draft, rule);
    rule.verb = need_value(line, "an effect of " + std::string(to_string(role)), kAllVerbs,
                           [&](Verb verb) { return has_effect(role, verb); });
    rule.phase = need_value(line, "a phase", kAllPhases, [](Phase) { return true; });
    return;
  }
  if (parse_service(line.peek())) return read_commits(line, draft, rule);
  std::array<std::string_view, kRoles> words;
  for (std::size_t i = 0; i < kRoles; ++i) words[i] = to_string(kAllRoles[i]);
  line.fail_next("a role (" + alternatives(words) +
                 "), or 'orders commits' or 'inventory commits'");
}

// `delay 7ms`, and how much later a duplicate is: `duplicate 7ms later`.
void read_length(LineReader& line, Rule& rule) {
  const bool delay = rule.verdict == Verdict::kDelay;
  if (line.failed() || (!delay && (rule.verdict != Verdict::kDuplicate || line.at_end()))) return;
  rule.length = line.need_delay();
  if (!delay) line.need("later");
}

}  // namespace

void read_when(LineReader& line, Draft& draft) {
  Rule rule;
  read_moment(line, draft, rule);
  if (line.take("of")) read_label(line, draft, rule);
  if (line.take("(")) {
    line.need("nth");
    rule.nth = static_cast<std::uint32_t>(line.need_number("a number", 1, kNthMax));
    line.need(")");
  }
  line.need(":");
  if (line.failed()) return;
  const std::string what = "a verdict that can be given at " + std::string(to_string(rule.role)) +
                           " " + std::string(to_string(rule.verb)) + " " +
                           std::string(to_string(rule.phase));
  rule.verdict = need_value(line, what, kAllVerdicts, [&](Verdict verdict) {
    return makes_sense(rule.role, rule.verb, rule.phase, verdict);
  });
  read_length(line, rule);
  if (draft.plan.rules.size() == kRulesMax)
    line.fail_last("at most " + std::to_string(kRulesMax) + " lines with when");
  if (!line.failed()) draft.plan.rules.push_back(std::move(rule));
}

}  // namespace quickbite::sim
