#include <algorithm>
#include <string>
#include <utility>

#include "domain/port/redrive.h"
#include "sim/world/world.h"

namespace quickbite::sim {
namespace {

// A stranger's record: what no producer of ours would send.
Message poison(Topic topic, Partition partition, PoisonKind kind) {
  Message message{topic, partition, std::string("00000000-0000-5000-8000-000000000000"), Bytes(), {}};
  switch (kind) {
    case PoisonKind::kTruncated:
      message.value = Bytes(R"({"type":"OrderCreated","eventId":"9e)");
      break;
    case PoisonKind::kNotJson:
      message.value = Bytes("not json at all");
      break;
    case PoisonKind::kWrongSchema:
      message.value = Bytes(R"({"type":"OrderCreated"})");
      break;
    case PoisonKind::kWrongTypes:
      message.value = Bytes(R"({"type":"OrderCreated","eventId":7,"orderId":[],"userId":{},"items":"none"})");
      break;
    case PoisonKind::kDeepNesting:
      message.value = Bytes(std::string(10'000, '['));
      break;
    case PoisonKind::kInvalidUtf8:
      message.value = Bytes("{\"type\":\"\xC3\x28\"}");
      break;
    case PoisonKind::kHuge:
      message.value = Bytes(std::string(kWireBytesMax + 1, ' '));
      break;
    case PoisonKind::kEmpty:
      break;
    case PoisonKind::kNullKey:
      message.key = std::nullopt;
      message.value = encode_event(event_of(OrderCancelled{OrderId{Uuid{0, 7}}, CancelReason::kCustomer}));
      break;
    case PoisonKind::kForgedReserved: {
      const OrderId nobodys{Uuid{0, 9}};
      message.key = to_string(nobodys.value);
      message.value = encode_event(event_of(InventoryReserved{nobodys}));
      break;
    }
  }
  return message;
}

// A stranger's word that an order is cancelled, where the order's own events go.
Message forged_cancel(std::int32_t partitions, const OrderId& order) {
  const std::string key = to_string(order.value);
  return {Topic::kOrders, partition_of(key, partitions), key,
          encode_event(event_of(OrderCancelled{order, CancelReason::kCustomer})), {}};
}

bool later(EffectId a, EffectId b) {
  return a.generation != b.generation ? a.generation > b.generation : a.sequence > b.sequence;
}

struct TopicStep {
  const Config& config;
  TopicPart& part;
  PartId self;
  WorldEnv& env;

  Verdict verdict(PartId client, EffectId id, Verb verb, Phase phase) {
    const Seat& seat = config.seats[client];
    return env.verdict(moment_of(seat, client, id, verb, phase, {}));
  }
  void crash_client(PartId client) { crash(config, env, self, config.seats[client].process); }

  // What is never answered is given up by the client after a while.
  void given_up(PartId client, EffectId id, Verb verb) {
    const Instant at = env.now() + config.timing.request_timeout;
    if (verb == Verb::kPoll) {
      env.send(client, said(self, Fetched{id, true, {}}), Lane::kTimer, at, 2);
    } else {
      env.send(client, said(self, Timeout{id}), Lane::kTimer, at, 2);
    }
  }

  // An answer goes back over the network, where it may be lost: then the client gives it up after a while.
  void reply(PartId client, EffectId id, Verb verb, Event&& answer) {
    int copies = 1;
    const Verdict given = verdict(client, id, verb, Phase::kUnanswered);
    const Late late = env.late();
    switch (given) {
      case Verdict::kCrash:
        crash_client(client);
        copies = 0;
        break;
      case Verdict::kLoseAnswer:
        given_up(client, id, verb);
        copies = 0;
        break;
      case Verdict::kDuplicate:
        copies = 2;
        break;
      case Verdict::kPause:
        env.send(client, std::move(answer), Lane::kTimer, env.now() + config.timing.pause);
        return;
      default:
        break;
    }
    send_message(config, env, client, std::move(answer),
                 effect_subject(client, id, 0x400 + static_cast<std::uint64_t>(verb)), copies, late);
  }

  // Answers everybody for whom there is something now.
  void serve_waiting() {
    for (std::size_t i = 0; i < part.waiting.size();) {
      if (auto fetched = part.topic.fetch(part.waiting[i].request)) {
        const TopicPart::Waiting waiter = std::move(part.waiting[i]);
        part.waiting.erase(part.waiting.begin() + static_cast<std::ptrdiff_t>(i));
        reply(waiter.client, waiter.id, Verb::kPoll, Event(said(self, Fetched{waiter.id, false, std::move(*fetched)})));
      } else {
        ++i;
      }
    }
  }

  void fetch(PartId client, Fetch&& fetch) {
    // A connection keeps its order: what comes after a later fetch of the same client is from a connection that is gone.
    for (const TopicPart::Waiting& waiting : part.waiting) {
      if (waiting.client == client && later(waiting.id, fetch.id)) return;
    }
    std::erase_if(part.waiting, [&](const TopicPart::Waiting& waiting) { return waiting.client == client; });
    if (part.topic.down()) {
      send_message(config, env, client, said(self, Fetched{fetch.id, true, {}}),
                   effect_subject(client, fetch.id, 0x500), 1);
      return;
    }
    if (verdict(client, fetch.id, Verb::kPoll, Phase::kPartly) == Verdict::kCrash) crash_client(client);
    const bool joined = part.topic.join(fetch.request.member);
    if (auto fetched = part.topic.fetch(fetch.request)) {
      reply(client, fetch.id, Verb::kPoll, Event(said(self, Fetched{fetch.id, false, std::move(*fetched)})));
    } else {
      part.waiting.push_back({client, fetch.id, std::move(fetch.request)});
    }
    if (joined) serve_waiting();
  }

  // While the broker is away a client library tries on its own until the message timeout; then nobody knows.
  void unreachable(PartId client, EffectId id) {
    env.cover(static_cast<std::uint32_t>(Sometimes::kBrokerDownLongerThanMessageTimeout));
    given_up(client, id, Verb::kProduce);
  }

  void cover(Sometimes fact) { env.cover(static_cast<std::uint32_t>(fact)); }

  void produce(PartId client, ProduceRequest&& request) {
    if (part.topic.down()) {
      for (const Message& message : request.messages) {
        if (redrive_origin(message.headers)) cover(Sometimes::kRedriveInAnOutage);
      }
      return unreachable(client, request.id);
    }
    if (verdict(client, request.id, Verb::kProduce, Phase::kPartly) == Verdict::kCrash) crash_client(client);
    for (const Message& message : request.messages) {
      if (part.topic.lost(message)) cover(Sometimes::kRepublishAfterLoss);
    }
    auto outcomes = part.topic.produce(client, request.id, std::move(request.messages), config.producer.idempotent,
                                       *config.decoder, env.delta());
    reply(client, request.id, Verb::kProduce, Event(said(self, ProduceReply{request.id, part.topic.topic(), std::move(outcomes)})));
    serve_waiting();
  }

  void commit(PartId client, CommitRequest&& request) {
    if (part.topic.down()) return unreachable(client, request.id);
    if (verdict(client, request.id, Verb::kCommitOffsets, Phase::kPartly) == Verdict::kCrash) crash_client(client);
    const bool done = part.topic.commit(request.member, request.generation, request.next, env.delta());
    reply(client, request.id, Verb::kCommitOffsets, Event(said(self, CommitReply{request.id, done})));
  }

  void step(Event&& event) {
    if (auto* fetching = std::get_if<Fetch>(&event.what)) {
      fetch(event.from, std::move(*fetching));
    } else if (auto* producing = std::get_if<ProduceRequest>(&event.what)) {
      produce(event.from, std::move(*producing));
    } else if (auto* committing = std::get_if<CommitRequest>(&event.what)) {
      commit(event.from, std::move(*committing));
    } else if (auto* missed = std::get_if<MemberMissed>(&event.what)) {
      std::erase_if(part.waiting,
                    [&](const TopicPart::Waiting& waiting) { return waiting.request.member == missed->member; });
      if (part.topic.leave(missed->member)) serve_waiting();
    } else if (auto* stranger = std::get_if<Poison>(&event.what)) {
      part.topic.append(poison(part.topic.topic(), stranger->partition, stranger->kind), *config.decoder, env.delta());
      serve_waiting();
    } else if (auto* forged = std::get_if<Forge>(&event.what)) {
      part.topic.append(forged_cancel(part.topic.partitions(), forged->order), *config.decoder, env.delta());
      serve_waiting();
    } else if (std::holds_alternative<Rewind>(event.what)) {
      part.topic.rewind();
      serve_waiting();
    } else if (auto* barred = std::get_if<Bar>(&event.what)) {
      part.topic.bar(to_string(barred->order.value));
    } else if (std::holds_alternative<Lose>(event.what)) {
      part.topic.lose();
      serve_waiting();
    } else if (auto* outage = std::get_if<SetDown>(&event.what)) {
      part.topic.set_down(outage->down);
      for (const TopicPart::Waiting& waiting : std::exchange(part.waiting, {})) {
        send_message(config, env, waiting.client, said(self, Fetched{waiting.id, true, {}}),
                     effect_subject(waiting.client, waiting.id, 0x500), 1);
      }
    }
  }
};

}  // namespace

void step_part(const Config& config, TopicPart& part, PartId self, Event&& event, WorldEnv& env) {
  TopicStep{config, part, self, env}.step(std::move(event));
}

}  // namespace quickbite::sim
