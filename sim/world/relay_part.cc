#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sim/world/host_part.h"

namespace quickbite::sim {

template <>
struct Performs<Relay> {
  using At = HostStep<Relay>;
  static void told(At& at, Relay::Notice&& notice) {
    const auto cover = [&](Sometimes fact) { at.env.cover(static_cast<std::uint32_t>(fact)); };
    match(
        notice,
        [&](const Relay::Passed& passed) {
          if (passed.lost > 0) cover(Sometimes::kLeaseLostInMidProduce);
          if (passed.parked > 0) cover(Sometimes::kUndeliverable);
        },
        [&](const Lease& lease) {
          if (lease.taken > 0) cover(Sometimes::kShardsTakenOver);
          if (lease.given > 0) cover(Sometimes::kShardsHandedOver);
        });
  }
  template <class Request>
  static void ask(At& at, Request&& request) {
    if (at.seat.service == ServiceName::kOrders) {
      query<OrdersLedger>(at, std::move(request));
    } else {
      query<InventoryLedger>(at, std::move(request));
    }
  }
  static void perform(At& at, ReadOutbox&& read, Verdict) {
    if (at.part.leaving) return leave(at);
    ask(at, std::move(read));
  }
  // It rests for good: the answer finds nobody who waits for it.
  static void leave(At& at) {
    const auto farewell = at.part.host->machine().farewell();
    if (!farewell) return;
    at.env.cover(static_cast<std::uint32_t>(Sometimes::kShardsGivenUp));
    const EffectId nobodys{at.id().generation, 0};
    const auto send = [&](auto&& query) { at.env.send(at.seat.ledger, at.event(std::move(query)), Lane::kNow, at.env.now()); };
    if (at.seat.service == ServiceName::kOrders) {
      send(Query<OrdersLedger>{nobodys, *farewell});
    } else {
      send(Query<InventoryLedger>{nobodys, *farewell});
    }
  }
  static void perform(At& at, MarkOutbox&& mark, Verdict) { ask(at, std::move(mark)); }

  // One request for each topic; the answer is complete when every topic has replied.
  static void perform(At& at, Produce&& produce, Verdict verdict) {
    ProducerPart& producer = at.part.producer;
    producer.topics.clear();
    producer.topics.reserve(produce.messages.size());
    for (const Message& message : produce.messages) producer.topics.push_back(message.topic);
    producer.outcomes.assign(produce.messages.size(), std::nullopt);
    if (verdict == Verdict::kReject) {
      for (auto& outcome : producer.outcomes) outcome = Undeliverable{"rejected"};
      finish(at);
      return;
    }
    arm_lost(at, verdict == Verdict::kLoseRequest);
    for (std::uint32_t topic = 0; topic < kTopics; ++topic) {
      ProduceRequest request{at.id(), messages_to(static_cast<Topic>(topic), produce.messages)};
      if (request.messages.empty()) continue;
      const int copies = verdict == Verdict::kLoseRequest ? 0 : verdict == Verdict::kDuplicate ? 2 : 1;
      send_message(at.config, at.env, at.config.topics + topic, at.event(std::move(request)),
                   effect_subject(at.self, at.id(), 0x100 + topic), copies, at.env.late());
    }
  }
  // Takes those of one topic, in their order; mostly that is all of them.
  static std::vector<Message> messages_to(Topic topic, std::vector<Message>& messages) {
    const auto goes_there = [&](const Message& message) { return message.topic == topic; };
    if (std::ranges::all_of(messages, goes_there)) return std::exchange(messages, {});
    std::vector<Message> taken;
    taken.reserve(messages.size());
    for (Message& message : messages) {
      if (goes_there(message)) taken.push_back(std::move(message));
    }
    return taken;
  }
  static void arm_lost(At& at, bool lost) {
    if (lost) arm(at, at.env.now() + at.config.timing.request_timeout, Lane::kTimer);
  }

  static void reply(At& at, ProduceReply&& reply) {
    ProducerPart& producer = at.part.producer;
    if (!at.part.host->in_flight() || !(reply.id == at.id()) || producer.outcomes.empty()) return;
    std::size_t next = 0;
    bool complete = true;
    for (std::size_t i = 0; i < producer.outcomes.size(); ++i) {
      if (producer.topics[i] == reply.topic && next < reply.outcomes.size()) {
        producer.outcomes[i] = std::move(reply.outcomes[next++]);
      }
      complete = complete && producer.outcomes[i].has_value();
    }
    if (complete) finish(at);
  }

  // Whatever has no outcome by now may be persisted or not.
  static void finish(At& at) {
    Produced produced;
    produced.outcomes.reserve(at.part.producer.outcomes.size());
    for (auto& outcome : at.part.producer.outcomes) {
      if (!outcome) at.env.cover(static_cast<std::uint32_t>(Sometimes::kProducedAgain));
      produced.outcomes.push_back(outcome ? std::move(*outcome) : ProduceOutcome{MaybePersisted{}});
    }
    at.part.producer.outcomes.clear();
    at.part.producer.topics.clear();
    resume(at, at.id(), Relay::Answer(std::move(produced)), Verb::kProduce, at.env.now());
  }
  static Verb verb_of(const Relay::Answer& answer) {
    return match(
        answer, [](const ReadOutboxAnswer&) { return Verb::kReadOutbox; },
        [](const Produced&) { return Verb::kProduce; }, [](const MarkAnswer&) { return Verb::kMark; },
        [](const Waited&) { return Verb::kWait; });
  }
};

namespace {

// A replica comes back under its name.
std::string name_of_owner(const Seat& seat) { return std::to_string(seat.replica); }

}  // namespace

void step_part(const Config& config, HostPart<Relay>& part, PartId self, Event&& event, WorldEnv& env) {
  HostStep<Relay> at(config, part, self, env);
  if (auto* started = std::get_if<Begin>(&event.what)) {
    begin(at, Relay(config.limits, config.partitions, name_of_owner(at.seat), salt_of(at.seat)), started->generation, 1);
  } else if (std::holds_alternative<Kill>(event.what)) {
    kill(at);
  } else if (auto* timeout = std::get_if<Timeout>(&event.what)) {
    if (!due(at, *timeout, event.from)) return;
    if (!part.producer.outcomes.empty()) {
      Performs<Relay>::finish(at);
    } else {
      waited(at);
    }
  } else if (!part.host) {
    return;
  } else if (std::holds_alternative<Leave>(event.what)) {
    part.leaving = true;
    offer(at, Wake{});
  } else if (std::holds_alternative<Offer<Relay>>(event.what)) {
    offer(at, Wake{});
  } else if (auto* answer = std::get_if<AnswerTo<Relay>>(&event.what)) {
    const Verb verb = Performs<Relay>::verb_of(answer->answer);
    resume(at, answer->id, std::move(answer->answer), verb, env.now());
  } else if (auto* reply = std::get_if<ProduceReply>(&event.what)) {
    Performs<Relay>::reply(at, std::move(*reply));
  }
}

}  // namespace quickbite::sim
