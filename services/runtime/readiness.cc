#include "services/runtime/readiness.h"

#include <utility>

#include "adapters/log/json_text.h"

namespace quickbite::runtime {
namespace {

Needs unmet(const std::vector<Condition>& conditions) {
  Needs needs;
  for (const Condition& condition : conditions) {
    if (!condition.met) needs.add(condition.need);
  }
  return needs;
}

void append_fact(const Fact& fact, std::string& out) {
  out += ",";
  log::append_json_string(fact.name, out);
  out += ":";
  if (const auto* one = std::get_if<std::int64_t>(&fact.value)) {
    out += std::to_string(*one);
    return;
  }
  out += "[";
  for (const std::int64_t each : std::get<std::vector<std::int64_t>>(fact.value)) {
    if (out.back() != '[') out += ",";
    out += std::to_string(each);
  }
  out += "]";
}

void append_conditions(const std::vector<Condition>& conditions, std::string& out) {
  out += "[";
  for (const Condition& condition : conditions) {
    if (out.back() != '[') out += ",";
    out += "{\"name\":";
    log::append_json_string(to_string(condition.need), out);
    out += condition.met ? ",\"met\":true" : ",\"met\":false";
    for (const Fact& fact : condition.facts) append_fact(fact, out);
    if (!condition.detail.empty()) {
      out += ",\"detail\":";
      log::append_json_string(condition.detail, out);
    }
    out += "}";
  }
  out += "]";
}

}  // namespace

std::vector<std::string> Readiness::State::waiting_for() const {
  std::vector<std::string> names;
  const Needs waiting = quickbite::waited_for(unmet(conditions), was_ready);
  for (const Condition& condition : conditions) {
    if (condition.met || !waiting.has(condition.need)) continue;
    const std::string name(to_string(condition.need));
    names.push_back(condition.detail.empty() ? name : name + ": " + condition.detail);
  }
  return names;
}

Readiness::State Readiness::look() {
  State state;
  state.conditions = conditions_();
  const std::lock_guard lock(mutex_);
  if (stopping_) state.conditions.insert(state.conditions.begin(), {Need::kRunning, false, "the service is stopping"});
  state.was_ready = was_ready_;
  state.ready = quickbite::waited_for(unmet(state.conditions), was_ready_).empty();
  was_ready_ = was_ready_ || state.ready;
  return state;
}

void Readiness::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
}

HttpAnswer Readiness::answer() {
  const State state = look();
  std::string body = state.ready ? "{\"ready\":true,\"waitingFor\":[" : "{\"ready\":false,\"waitingFor\":[";
  for (const std::string& name : state.waiting_for()) {
    if (body.back() != '[') body += ",";
    log::append_json_string(name, body);
  }
  body += "],\"conditions\":";
  append_conditions(state.conditions, body);
  body += "}\n";
  return {state.ready ? 200 : 503, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, std::move(body)};
}

}  // namespace quickbite::runtime
