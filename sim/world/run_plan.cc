#include "sim/world/run_plan.h"

#include <algorithm>
#include <utility>

#include "domain/base/canonical.h"
#include "domain/base/match.h"

namespace quickbite::sim {
namespace {

using WorldRun = Run<World, Oracle>;

std::uint64_t fingerprint_of(const std::vector<Part>& parts) {
  Hash64 hash;
  Encoder encoder;
  for (const Part& part : parts) {
    encoder.clear();
    encode(encoder, part);
    hash.add(encoder.view());
  }
  return hash.digest();
}

// Once in this much virtual time it is asked whether everything is at rest.
constexpr Duration kRestStep = milliseconds(20);

Instant last_order(const Plan& plan) {
  Instant last;
  for (const Act& act : plan.acts) {
    if (std::holds_alternative<PlaceAct>(act.what)) last = act.at;
  }
  return last;
}

// What a consumer may need for a full topic: a batch is a fetch and a commit, each with its answer, and some statements.
Duration backlog_time(const Plan& plan, const Options& options) {
  constexpr std::int64_t kRecordsPerOrder = 10;  // its events, and what is sent again of them
  const auto orders = std::count_if(plan.acts.begin(), plan.acts.end(),
                                    [](const Act& act) { return std::holds_alternative<PlaceAct>(act.what); });
  const std::int64_t batches = 1 + kRecordsPerOrder * orders / options.limits.batch;
  return (options.timing.message_max * 4 + options.timing.statement_max * 6) * batches;
}

// What rules make late may be the one after the other.
Duration delays(const Plan& plan) {
  Duration sum;
  for (const Rule& rule : plan.rules) sum = sum + rule.length;
  return sum;
}

class PlanRun {
 public:
  PlanRun(const Plan& plan, const Options& options, const RunLimits& limits, Codec& codec, const Teller& teller)
      : plan_(plan),
        limits_(limits),
        rest_bound_(limits.rest_bound + backlog_time(plan, options) + delays(plan)),
        built_(build(plan, options, codec)),
        oracle_(options.odds, options.odds_until, built_.rules, limits.records),
        run_(built_.config, std::move(built_.parts), plan.seed.value_or(0), !plan.seed, oracle_),
        calm_from_(options.until_terminal ? last_order(plan) : std::max(built_.last_act, options.odds_until)) {
    built_.config.calm = property::Calm{std::max(built_.last_act, options.odds_until), rest_bound_};
    for (Scheduled& event : built_.agenda) run_.schedule(event.to, std::move(event.event), event.at);
    if (teller) {
      run_.watch([this, teller](Instant at, PartId to, const Event& event) {
        teller(at, name_of(built_.config, to), World::describe(built_.config, to, event));
      });
    }
  }

  Outcome run() {
    settle();
    outcome_.trace_hash = run_.trace_hash();
    if (limits_.fingerprint) outcome_.fingerprint = fingerprint_of(run_.world());
    outcome_.events = run_.events();
    outcome_.covered = run_.covered();
    outcome_.given = oracle_.given();
    outcome_.strikes = oracle_.strikes();
    outcome_.orders = static_cast<std::int64_t>(built_.config.jobs.size());
    return std::move(outcome_);
  }

 private:
  // Runs until rest, or until something breaks.
  void settle() {
    Instant look_at = calm_from_;
    while (run_.step()) {
      if (run_.finding()) return found(*run_.finding());
      if (run_.events() > limits_.events_max) {
        return fail(Ending::kTooManyEvents, "", "more than " + std::to_string(limits_.events_max) + " events");
      }
      const Instant now = run_.now();
      outcome_.ended_at = now;
      if (now < look_at) continue;
      look_at = now + kRestStep;
      if (at_rest(built_.config, run_.parts())) return rest();
      if (now > bound()) return no_rest();
    }
    if (at_rest(built_.config, run_.parts())) return rest();
    no_rest();
  }

  // Above the longest deadline: what nothing else brings to its end expires, and is announced.
  Instant bound() const { return calm_from_ + built_.config.limits.order_deadline + rest_bound_; }

  void no_rest() {
    const WorldView world(built_.config, run_.parts());
    if (const auto violation = property::check_final(world.view())) {
      return fail(Ending::kLiveness, std::string(violation->property), violation->what);
    }
    fail(Ending::kLiveness, "L9", "a client still waits for its answer");
  }

  void rest() {
    if (const auto finding = World::check_rest(built_.config, run_.parts())) {
      return found(*finding);
    }
    const WorldView world(built_.config, run_.parts());
    for (std::size_t i = 0; i < plan_.expectations.size(); ++i) {
      if (auto found = unmet(plan_, plan_.expectations[i], world.view())) {
        outcome_.item = i;
        return fail(Ending::kExpectation, "", to_string(plan_.expectations[i]) + ": " + *found);
      }
    }
    for (std::size_t i = 0; i < oracle_.rules().size(); ++i) {
      if (oracle_.rules()[i].fired) continue;
      outcome_.item = i;
      return fail(Ending::kUnfiredRule, "",
                  "the rule never fired; its moment came " + std::to_string(oracle_.rules()[i].matched) + " times");
    }
  }

  void found(const Finding& finding) {
    const bool liveness = finding.property.front() == 'L';
    fail(liveness ? Ending::kLiveness : Ending::kSafety, finding.property, finding.what);
  }

  void fail(Ending ending, std::string property, std::string what) {
    outcome_.ending = ending;
    outcome_.property = std::move(property);
    outcome_.what = std::move(what);
  }

  const Plan& plan_;
  const RunLimits& limits_;
  Duration rest_bound_;
  Built built_;
  Oracle oracle_;
  WorldRun run_;
  Instant calm_from_;
  Outcome outcome_;
};

std::int64_t count_in_topic(const property::View& view, const TopicHas& has, std::optional<OrderId> order) {
  std::int64_t count = 0;
  for (const property::LogView& log : view.logs) {
    if (log.topic != has.topic) continue;
    for (const auto& record : log.records) {
      const auto type = header(record->message.headers, kTypeHeader);
      if (!type || *type != has.type) continue;
      if (order && record->message.key != to_string(order->value)) continue;
      ++count;
    }
  }
  return count;
}

}  // namespace

Outcome run_plan(const Plan& plan, const Options& options, const RunLimits& limits, Codec& codec,
                 const Teller& teller) {
  return PlanRun(plan, options, limits, codec, teller).run();
}

std::string to_string(const Expectation& expectation) {
  return match(
      expectation,
      [](const OrderIs& is) {
        std::string text = is.label + " " + (is.status ? std::string(to_string(*is.status)) : "absent");
        if (is.reason) text += " " + std::string(to_string(*is.reason));
        return text;
      },
      [](const StockIs& is) {
        return "stock " + is.sku.value + " available " + std::to_string(is.available.value) + " reserved " +
               std::to_string(is.reserved.value);
      },
      [](const TopicHas& has) {
        return "topic " + std::string(to_string(has.topic)) + " has " + std::to_string(has.count) + " " + has.type +
               (has.label ? " of " + *has.label : "");
      },
      [](const CancelAnswered& answered) {
        return answered.label + " cancel answered " + std::to_string(answered.status);
      },
      [](const MenuIs& is) { return "menu of " + is.client + (is.stale ? " stale" : " fresh"); });
}

std::optional<std::string> unmet(const Plan& plan, const Expectation& expectation, const property::View& view) {
  return match(
      expectation,
      [&](const OrderIs& is) -> std::optional<std::string> {
        const auto id = order_of_label(plan, is.label);
        const OrderRow* row = id ? view.orders->orders.find(*id) : nullptr;
        if (row == nullptr) return is.status ? std::optional<std::string>("there is no such order") : std::nullopt;
        if (is.status == row->status && (!is.reason || is.reason == row->reason)) return std::nullopt;
        std::string found = "it is " + std::string(to_string(row->status));
        if (row->reason) found += " " + std::string(to_string(*row->reason));
        return found;
      },
      [&](const StockIs& is) -> std::optional<std::string> {
        const StockRow* row = view.inventory->stock.find(is.sku);
        if (row == nullptr) return "there is no such SKU";
        if (row->available == is.available && row->reserved == is.reserved) return std::nullopt;
        return "available " + std::to_string(row->available.value) + " reserved " + std::to_string(row->reserved.value);
      },
      [&](const TopicHas& has) -> std::optional<std::string> {
        const auto order = has.label ? order_of_label(plan, *has.label) : std::nullopt;
        const std::int64_t count = count_in_topic(view, has, order);
        if (count == has.count) return std::nullopt;
        return "it has " + std::to_string(count);
      },
      [&](const CancelAnswered& expected) -> std::optional<std::string> {
        const auto id = order_of_label(plan, expected.label);
        const int* status = id && view.ghosts != nullptr ? view.ghosts->cancels.find(*id) : nullptr;
        if (status == nullptr) return "no cancel was answered";
        if (*status == expected.status) return std::nullopt;
        return "it was " + std::to_string(*status);
      },
      [&](const MenuIs& is) -> std::optional<std::string> {
        const property::MenuServed* served =
            view.ghosts == nullptr ? nullptr : view.ghosts->menus.find(UserId(is.client));
        if (served == nullptr) return "it was served none";
        if (served->stale == is.stale) return std::nullopt;
        return served->stale ? "it is stale" : "it is fresh";
      });
}

}  // namespace quickbite::sim
