#include "domain/machine/relay.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "domain/base/check.h"
#include "domain/base/match.h"

namespace quickbite {
namespace {

Message message_of(OutboxRow&& row, const Partitions& partitions) {
  const std::int32_t count = partitions.of[static_cast<std::size_t>(row.topic)];
  Message message;
  message.topic = row.topic;
  message.partition = row.key ? partition_of(*row.key, count) : Partition{0};
  message.key = std::move(row.key);
  message.value = std::move(row.payload);
  message.headers.reserve(row.headers.size() + 2);
  message.headers.push_back({std::string(kEventIdHeader), to_string(row.id.value)});
  message.headers.push_back({std::string(kTypeHeader), std::move(row.type)});
  for (Header& header : row.headers) message.headers.push_back(std::move(header));
  return message;
}

}  // namespace

Step<Relay> Relay::step(Input<Relay>&& input, Instant now) {
  return match(
      std::move(input),  //
      [&](Start&&) { return read(now); },
      [&](Items<Relay>&&) {
        CHECK(state_ == State::kWaiting);
        return read(now);
      },
      [&](Answer&& answer) {
        return match(
            std::move(answer),  //
            [&](ReadOutboxAnswer&& read_answer) { return on_read(std::move(read_answer), now); },
            [&](Produced&& produced) { return on_produced(std::move(produced), now); },
            [&](MarkAnswer&& marked) { return on_marked(std::move(marked), now); },
            [&](Waited&&) {
              CHECK(state_ == State::kWaiting);
              return read(now);
            });
      });
}

Step<Relay> Relay::read(Instant now) {
  state_ = State::kReading;
  ReadOutbox read{limits_.outbox_batch, epoch_, std::nullopt};
  if (now >= renew_at_) {
    asked_at_ = now;
    read.renewal = Renewal{owner_, epoch_, limits_.relay_lease};
  }
  return {{}, std::move(read)};
}

Step<Relay> Relay::on_read(ReadOutboxAnswer&& answer, Instant now) {
  CHECK(state_ == State::kReading);
  return match(
      std::move(answer),  //
      [&](OutboxRead&& outbox) { return on_rows(std::move(outbox), now); },
      [&](Aborted&&) { return retry(now); },
      [&](Refused&&) { return retry(now); },
      [&](Unavailable&&) { return retry(now); });
}

Step<Relay> Relay::on_rows(OutboxRead&& outbox, Instant now) {
  const std::optional<Lease>& lease = outbox.lease;
  if (lease) {
    epoch_ = lease->epoch;
    shards_ = lease->shards;
    renewed_at_ = asked_at_;
    renew_at_ = now + lease->again;
  }
  const bool too_late = now >= renewed_at_ + limits_.relay_lease;
  if (too_late) renew_at_ = now;
  Step<Relay> next = too_late && !outbox.rows.empty() ? retry(now) : produce(std::move(outbox.rows), now);
  if (lease) next.notices.push_back(*lease);
  return next;
}

Step<Relay> Relay::produce(std::vector<OutboxRow>&& rows, Instant now) {
  more_ = static_cast<std::int64_t>(rows.size()) >= limits_.outbox_batch;
  Produce produce;
  produce.messages.reserve(rows.size());
  under_way_.clear();
  under_way_.reserve(rows.size());
  for (OutboxRow& row : rows) {
    bool key_taken = false;
    for (const Message& message : produce.messages) {
      key_taken = key_taken || (row.key && message.key == row.key);
    }
    if (key_taken) {
      more_ = true;
      continue;
    }
    under_way_.push_back({row.seq, row.shard});
    produce.messages.push_back(message_of(std::move(row), partitions_));
  }
  if (produce.messages.empty()) return rest(now);
  state_ = State::kProducing;
  return {{}, std::move(produce)};
}

Step<Relay> Relay::on_produced(Produced&& produced, Instant now) {
  CHECK(state_ == State::kProducing);
  CHECK(produced.outcomes.size() == under_way_.size());
  MarkOutbox mark;
  mark.epoch = epoch_;
  mark.sent.reserve(under_way_.size());
  mark.shards.reserve(under_way_.size());
  passed_ = {};
  for (std::size_t i = 0; i < under_way_.size(); ++i) {
    const OutboxSeq seq = under_way_[i].seq;
    mark.shards.push_back(under_way_[i].shard);
    match(
        produced.outcomes[i],  //
        [&](const Acked& acked) {
          mark.sent.push_back({seq, {acked.partition, acked.offset}});
          ++passed_.sent;
        },
        [&](const Undeliverable&) {
          mark.parked.push_back(seq);
          ++passed_.parked;
        },
        [&](const MaybePersisted&) { ++passed_.unsent; });
  }
  under_way_.clear();
  if (mark.sent.empty() && mark.parked.empty()) return retry(now);
  std::sort(mark.shards.begin(), mark.shards.end());
  mark.shards.erase(std::unique(mark.shards.begin(), mark.shards.end()), mark.shards.end());
  state_ = State::kMarking;
  return {{}, std::move(mark)};
}

Step<Relay> Relay::on_marked(MarkAnswer&& answer, Instant now) {
  CHECK(state_ == State::kMarking);
  const auto* marked = std::get_if<Marked>(&answer);
  if (marked == nullptr || passed_.unsent > 0) return retry(now);
  attempt_ = 0;
  passed_.lost = marked->lost;
  if (passed_.lost > 0) renew_at_ = now;  // to learn what is ours
  Step<Relay> next = std::exchange(more_, false) ? read(now) : rest(now);
  next.notices.push_back(std::exchange(passed_, {}));
  return next;
}

// Nothing to send: until a wake-up, or the fallback poll (another process may have stored rows).
Step<Relay> Relay::rest(Instant now) {
  attempt_ = 0;
  state_ = State::kWaiting;
  const Duration poll = shards_ < kAllShards ? limits_.relay_poll_shared : limits_.relay_poll;
  return {{}, Wait{std::min(now + poll, std::max(renew_at_, now)), true}};
}

Step<Relay> Relay::retry(Instant now) {
  state_ = State::kWaiting;
  ++attempt_;
  more_ = false;
  return {{}, Wait{now + backoff(limits_, attempt_, salt_), false}};
}

}  // namespace quickbite
