#include "sim/world/host_part.h"

namespace quickbite::sim {

template <class Service>
struct Performs<Delivery<Service>> {
  using M = Delivery<Service>;
  using At = HostStep<M>;

  static void told(At& at, typename M::Notice&& notice) {
    match(
        std::move(notice),
        [&](typename M::Handled&& handled) {
          const auto cover = [&](Sometimes fact) { at.env.cover(static_cast<std::uint32_t>(fact)); };
          if (handled.duplicates > 0) cover(Sometimes::kDuplicateSuppressed);
          if (handled.failed_again > 0) cover(Sometimes::kRedriveFailedAgain);
          if (handled.dead_lettered > 0 && handled.applied > 0) cover(Sometimes::kPoisonAmongGood);
          if (!handled.changed.empty()) hint_reader(at, std::move(handled.changed));
        },
        [&](OutboxFilled&&) {
          at.env.send(at.seat.relay, at.event(Offer<Relay>{}), Lane::kNow, at.env.now());
        });
  }

  static PartId topic_of(const At& at) { return at.config.topics + static_cast<PartId>(Service::kConsumes); }
  static MemberId member(const At& at) {
    return {at.self, at.config.static_members ? 0 : at.id().generation};
  }

  static void perform(At& at, Load<typename M::Ledger>&& load, Verdict) {
    query<typename M::Ledger>(at, std::move(load));
  }
  static void perform(At& at, Store<typename M::Ledger>&& store, Verdict) {
    query<typename M::Ledger>(at, std::move(store));
  }

  static void perform(At& at, Poll&& poll, Verdict verdict) {
    ConsumerPart& consumer = at.part.consumer;
    consumer.polling = true;
    consumer.paused = poll.paused;
    // An idle poll ends by itself; nothing depends on that, unless it is what a backoff waits for.
    arm(at, poll.until, poll.paused ? Lane::kTimer : Lane::kIdleTimer);
    for (const auto& [partition, offset] : poll.seeks) {
      if (Offset* position = consumer.positions.find(partition)) *position = offset;
      consumer.fetch.reset();
      consumer.fetched.reset();
    }
    if (consumer.fetched && (consumer.fetched->rebalanced || !poll.paused)) {
      at.env.send(at.self, at.event(Fetched{*consumer.fetch, false, std::move(*consumer.fetched)}), Lane::kNow,
                  at.env.now());
      consumer.fetched.reset();
      return;
    }
    if (consumer.fetch && (consumer.fetched || consumer.fetch_paused == poll.paused)) return;
    consumer.fetch = at.id();
    consumer.fetch_paused = poll.paused;
    const bool lost = verdict == Verdict::kLoseRequest;
    if (lost) give_up_later(at);
    Fetch fetch{at.id(), {member(at), consumer.generation, consumer.positions, poll.limit, poll.paused}};
    send_message(at.config, at.env, topic_of(at), at.event(std::move(fetch)),
                 effect_subject(at.self, at.id(), 0x200), lost ? 0 : verdict == Verdict::kDuplicate ? 2 : 1, at.env.late());
  }
  // The client library gives up a fetch without an answer, and fetches again.
  static void give_up_later(At& at) {
    at.env.send(at.self, at.event(Fetched{at.id(), true, {}}), Lane::kTimer,
                at.env.now() + at.config.timing.request_timeout, 2);
  }

  static void perform(At& at, CommitOffsets&& commit, Verdict verdict) {
    if (verdict == Verdict::kReject) {
      committed(at, false);
      return;
    }
    const bool lost = verdict == Verdict::kLoseRequest;
    if (lost) arm(at, at.env.now() + at.config.timing.request_timeout, Lane::kTimer);
    CommitRequest request{at.id(), member(at), at.part.consumer.generation, std::move(commit.next)};
    send_message(at.config, at.env, topic_of(at), at.event(std::move(request)),
                 effect_subject(at.self, at.id(), 0x300), lost ? 0 : verdict == Verdict::kDuplicate ? 2 : 1, at.env.late());
  }

  static void fetched(At& at, Fetched&& fetched) {
    ConsumerPart& consumer = at.part.consumer;
    if (consumer.fetch != fetched.id) return;
    if (fetched.failed) {
      consumer.fetch.reset();
      if (consumer.polling) perform_again(at);
      return;
    }
    if (!consumer.polling || (consumer.paused && !fetched.reply.rebalanced)) {
      consumer.fetched = std::move(fetched.reply);
      return;
    }
    consumer.fetch.reset();
    Polled polled;
    if (fetched.reply.rebalanced) {
      for (const auto& [partition, offset] : consumer.positions) polled.revoked.push_back(partition);
      for (const auto& [partition, offset] : fetched.reply.positions) polled.assigned.push_back(partition);
      consumer.positions = std::move(fetched.reply.positions);
      consumer.generation = fetched.reply.generation;
      tell_front(at);
      if (!polled.revoked.empty() && at.part.host->machine().under_way()) {
        at.env.cover(static_cast<std::uint32_t>(Sometimes::kRebalanceInMidBatch));
      }
    }
    for (const Received& received : fetched.reply.records) {
      consumer.positions[received.record->message.partition] = Offset{received.record->offset.value + 1};
    }
    polled.records = std::move(fetched.reply.records);
    answer_poll(at, std::move(polled), at.env.now());
  }
  // Whose process has begun anew waits until the group has told it which partitions are its own. To be told of none means that none
  // is left for it where members are static; else its own former self may still hold them, which Kafka would wait for.
  static void tell_front(At& at) {
    const bool told = at.config.static_members || !at.part.consumer.positions.empty();
    if (at.seat.front == 0 || at.id().generation == 1 || !told) return;
    at.env.send(at.seat.front, at.event(PartitionsAssigned{at.id().generation}), Lane::kNow, at.env.now());
  }
  // The fetch failed under a Poll: the next Poll fetches anew. Where time is not modelled that must not cost a timer.
  static void perform_again(At& at) {
    if (!at.config.timed) arm(at, at.part.deadline, Lane::kTimer);
  }
  static void answer_poll(At& at, Polled&& polled, Instant now) {
    at.part.consumer.polling = false;
    resume(at, at.id(), typename M::Answer(std::move(polled)), Verb::kPoll, now);
  }
  static void committed(At& at, bool done) {
    if (!done) at.env.cover(static_cast<std::uint32_t>(Sometimes::kOffsetCommitFailed));
    const CommitAnswer answer = done ? CommitAnswer{OffsetsCommitted{}} : CommitAnswer{CommitFailed{}};
    resume(at, at.id(), typename M::Answer(answer), Verb::kCommitOffsets, at.env.now());
  }
  static Verb verb_of(const typename M::Answer& answer) {
    return match(
        answer, [](const Polled&) { return Verb::kPoll; },
        [](const LoadAnswer<typename M::Ledger>&) { return Verb::kLoad; },
        [](const StoreAnswer&) { return Verb::kStore; }, [](const CommitAnswer&) { return Verb::kCommitOffsets; });
  }

  static void step(const Config& config, HostPart<M>& part, PartId self, Event&& event, WorldEnv& env) {
    At at(config, part, self, env);
    if (auto* started = std::get_if<Begin>(&event.what)) {
      begin(at, M(config.limits, Uuid{0, 1}, salt_of(at.seat)), started->generation, 1);
    } else if (std::holds_alternative<Kill>(event.what)) {
      if (part.host && part.host->machine().under_way()) {
        env.cover(static_cast<std::uint32_t>(Sometimes::kCrashWithBatchUnderWay));
      }
      kill(at);
    } else if (auto* timeout = std::get_if<Timeout>(&event.what)) {
      if (!due(at, *timeout, event.from)) return;
      if (part.consumer.polling) {
        answer_poll(at, Polled{}, timeout_now(at));
      } else {
        committed(at, false);
      }
    } else if (!part.host) {
      return;
    } else if (auto* answer = std::get_if<AnswerTo<M>>(&event.what)) {
      const Verb verb = verb_of(answer->answer);
      resume(at, answer->id, std::move(answer->answer), verb, env.now());
    } else if (auto* reply = std::get_if<Fetched>(&event.what)) {
      fetched(at, std::move(*reply));
    } else if (auto* done = std::get_if<CommitReply>(&event.what)) {
      if (part.host->in_flight() && done->id == at.id()) committed(at, done->done);
    }
  }
};

void step_part(const Config& config, HostPart<Delivery<OrdersService>>& part, PartId self, Event&& event,
                          WorldEnv& env) {
  Performs<Delivery<OrdersService>>::step(config, part, self, std::move(event), env);
}

void step_part(const Config& config, HostPart<Delivery<InventoryService>>& part, PartId self,
                             Event&& event, WorldEnv& env) {
  Performs<Delivery<InventoryService>>::step(config, part, self, std::move(event), env);
}

}  // namespace quickbite::sim
