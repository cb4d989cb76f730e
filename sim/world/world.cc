#include "sim/world/world.h"

#include <string>
#include <utility>

#include "domain/base/match.h"

namespace quickbite::sim {

void World::step(const Config& config, Part& part, PartId self, Event&& event, WorldEnv& env) {
  // One handler of one name, not one of its own for each part: that would carry what each refers to into every step.
  std::visit([&](auto& stepping) { step_part(config, stepping, self, std::move(event), env); }, part);
}

namespace {

// True where a machine waits for nothing under that id.
template <class M>
bool stale(const HostPart<M>& part, EffectId id) {
  return !part.host || !part.host->in_flight() || !(part.host->effect_id() == id);
}

template <class M>
bool moot_for(const HostPart<M>& part, const Event& event) {
  return match(
      event.what,  //
      [&](const AnswerTo<M>& answer) { return stale(part, answer.id); },
      [&](const Timeout& timeout) { return stale(part, timeout.id); },
      [&](const Fetched& fetched) { return part.consumer.fetch != fetched.id; },
      [&](const ProduceReply& reply) { return stale(part, reply.id); },
      [&](const CommitReply& reply) { return stale(part, reply.id); },
      [](const auto&) { return false; });
}

template <class L>
bool moot_for(const LedgerPart<L>& part, const Event& event) {
  const auto gone = [&](std::uint32_t slot, EffectId id) {
    return !part.ledger.active(slot) || !(part.ledger.effect(slot) == id) || part.ledger.request(slot) == nullptr;
  };
  return match(
      event.what,  //
      [&](const RunSlot& turn) { return gone(turn.slot, turn.id); },
      [&](const LockTimeout& timeout) { return gone(timeout.slot, timeout.id) || !part.ledger.blocked(timeout.slot); },
      [](const auto&) { return false; });
}

bool moot_for(const ClientPart& part, const Event& event) {
  const auto over = [&](std::uint32_t job) {
    const auto* state = part.jobs.find(job);
    return state != nullptr && (state->progress == ClientPart::Progress::kDone ||
                                state->progress == ClientPart::Progress::kGivenUp);
  };
  return match(
      event.what,  //
      [&](const RetryJob& retry) {
        const auto* state = part.jobs.find(retry.job);
        return over(retry.job) || (state != nullptr && state->attempt != retry.attempt);
      },
      [&](const HttpReturns& answer) {
        return over(job_of(answer.request));
      },
      [](const auto&) { return false; });
}

template <class P>
bool moot_for(const P&, const Event&) {
  return false;
}

}  // namespace

bool World::moot(const Part& part, const Event& event) {
  return std::visit([&](const auto& p) { return moot_for(p, event); }, part);
}

std::optional<Finding> World::check(const Config& config, Parts<World> parts, const Delta& delta) {
  if (!property::looks_at(delta)) return std::nullopt;
  const WorldView view(config, parts);
  const auto violation = property::check_step(view.view(), delta);
  if (!violation) return std::nullopt;
  return Finding{std::string(violation->property), violation->what};
}

std::optional<Finding> World::check_rest(const Config& config, Parts<World> parts) {
  const WorldView world(config, parts);
  property::View view = world.view();
  view.at_rest = at_rest(config, parts);
  if (const auto violation = property::check_full(view)) {
    return Finding{std::string(violation->property), violation->what};
  }
  if (const auto violation = property::check_final(view)) {
    return Finding{std::string(violation->property), violation->what};
  }
  return std::nullopt;
}

// A crash costs from the crash budget, and so on; verdicts without a budget are not explored.
void World::possible(const Config&, const Moment& moment, std::vector<Possible<World>>& out) {
  const auto may = [&](Verdict verdict, std::uint32_t budget) {
    if (makes_sense(moment.role, moment.verb, moment.phase, verdict)) out.push_back({verdict, budget});
  };
  if (moment.role != Role::kClient && moment.verb != Verb::kWait) may(Verdict::kCrash, kCrashBudget);
  if (moment.phase == Phase::kBefore) may(Verdict::kDuplicate, kDuplicateBudget);
  if (moment.verb == Verb::kStore || moment.verb == Verb::kMark) {
    may(Verdict::kLoseAnswer, kInDoubtBudget);
    may(Verdict::kLoseCommit, kInDoubtBudget);
  }
}

std::uint64_t World::digest(const Event& event) {
  Hash64 hash;
  hash.add((static_cast<std::uint64_t>(event.what.index()) << 32) | event.from);
  match(
      event.what,  //
      [&](const Timeout& e) { hash.add(e.id.sequence); },
      [&](const HttpArrives& e) { hash.add(e.request.value); },
      [&](const HttpReturns& e) { hash.add(e.request.value ^ (static_cast<std::uint64_t>(e.status) << 48)); },
      [&](const RunSlot& e) { hash.add((static_cast<std::uint64_t>(e.slot) << 32) | e.id.sequence); },
      [&](const Fetched& e) { hash.add((static_cast<std::uint64_t>(e.reply.records.size()) << 32) | e.id.sequence); },
      [&](const CommitReply& e) { hash.add((static_cast<std::uint64_t>(e.done) << 32) | e.id.sequence); },
      [&](const auto& e) {
        if constexpr (requires { e.id.sequence; e.answer.index(); }) {
          hash.add((static_cast<std::uint64_t>(e.answer.index()) << 32) | e.id.sequence);
        } else if constexpr (requires { e.id.sequence; }) {
          hash.add(e.id.sequence);
        }
      });
  return hash.digest();
}

WorldView::WorldView(const Config& config, const Parts<World>& parts) {
  view_.orders = &std::get<LedgerPart<OrdersLedger>>(parts[config.orders_ledger]).ledger.tables();
  view_.inventory = &std::get<LedgerPart<InventoryLedger>>(parts[config.inventory_ledger]).ledger.tables();
  view_.ghosts = &std::get<MonitorPart>(parts[config.monitor]).ghosts;
  view_.calm = config.calm;
  for (PartId topic = 0; topic < kTopics; ++topic) {
    const TopicModel& model = std::get<TopicPart>(parts[config.topics + topic]).topic;
    for (std::int32_t p = 0; p < model.partitions(); ++p) {
      logs_[count_++] = {model.topic(), Partition{p}, model.start(Partition{p}), model.log(Partition{p}), model.committed(Partition{p})};
    }
  }
}

property::View WorldView::view() const {
  property::View view = view_;
  view.logs = {logs_.data(), count_};
  return view;
}

bool at_rest(const Config& config, const Parts<World>& parts) {
  const auto& orders = std::get<LedgerPart<OrdersLedger>>(parts[config.orders_ledger]).ledger;
  const auto& inventory = std::get<LedgerPart<InventoryLedger>>(parts[config.inventory_ledger]).ledger;
  if (orders.busy() || inventory.busy() || orders.unsent() || inventory.unsent()) return false;
  for (const auto& [id, order] : orders.tables().orders) {
    if (order.status == OrderStatus::kPending) return false;
  }
  for (const Topic topic : {Topic::kOrders, Topic::kInventory}) {
    const TopicModel& model = std::get<TopicPart>(parts[config.topics + static_cast<PartId>(topic)]).topic;
    if (model.down() || model.lag()) return false;
  }
  const auto busy = [](const auto& person) { return !person.tasks.empty(); };
  const auto& [at_orders, at_inventory] = config.operators;
  if (at_orders != 0 && busy(std::get<OperatorPart<OrdersService>>(parts[at_orders]))) return false;
  if (at_inventory != 0 && busy(std::get<OperatorPart<InventoryService>>(parts[at_inventory]))) return false;
  for (const PartId front : config.fronts) {
    if (!std::get<FrontPart>(parts[front]).pending.empty()) return false;
  }
  for (PartId client = config.clients; client < parts.size(); ++client) {
    for (const auto& [job, state] : std::get<ClientPart>(parts[client]).jobs) {
      if (state.progress != ClientPart::Progress::kDone && state.progress != ClientPart::Progress::kGivenUp) return false;
    }
  }
  return true;
}

Duration message_takes(const Config& config, WorldEnv& env, Subject subject, std::uint64_t copy, Late late) {
  if (copy != 0) late.copy = 1;
  return env.delay(site(Sites::kMessageDelay), subject_of(subject, copy), config.timing.message_min, config.timing.message_max, late);
}

void send_copies(const Config& config, WorldEnv& env, PartId to, Event&& event, Subject subject, int copies, const Late& late) {
  if (copies <= 0) return;
  const Duration first = message_takes(config, env, subject, 0, late);
  for (int copy = 1; copy < copies; ++copy) {
    Event another = event;
    env.send(to, std::move(another), Lane::kChannel,
             env.now() + message_takes(config, env, subject, static_cast<std::uint64_t>(copy), late));
  }
  env.send(to, std::move(event), Lane::kChannel, env.now() + first);
}

}  // namespace quickbite::sim
