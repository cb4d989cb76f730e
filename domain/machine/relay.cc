#include "domain/machine/relay.h"

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
      [&](Start&&) { return read(); },
      [&](Items<Relay>&&) {
        CHECK(state_ == State::kWaiting);
        return read();
      },
      [&](Answer&& answer) {
        return match(
            std::move(answer),  //
            [&](ReadOutboxAnswer&& read_answer) { return on_read(std::move(read_answer), now); },
            [&](Produced&& produced) { return on_produced(std::move(produced), now); },
            [&](StoreAnswer&& marked) { return on_marked(std::move(marked), now); },
            [&](Waited&&) {
              CHECK(state_ == State::kWaiting);
              return read();
            });
      });
}

Step<Relay> Relay::read() {
  state_ = State::kReading;
  return {{}, ReadOutbox{limits_.outbox_batch}};
}

Step<Relay> Relay::on_read(ReadOutboxAnswer&& answer, Instant now) {
  CHECK(state_ == State::kReading);
  return match(
      std::move(answer),  //
      [&](OutboxRead&& outbox) { return produce(std::move(outbox.rows), now); },
      [&](Aborted&&) { return retry(now); },
      [&](Refused&&) { return retry(now); },
      [&](Unavailable&&) { return retry(now); });
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
    under_way_.push_back(row.seq);
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
  mark.sent.reserve(under_way_.size());
  passed_ = {};
  for (std::size_t i = 0; i < under_way_.size(); ++i) {
    match(
        produced.outcomes[i],  //
        [&](const Acked& acked) {
          mark.sent.push_back({under_way_[i], {acked.partition, acked.offset}});
          ++passed_.sent;
        },
        [&](const Undeliverable&) {
          mark.parked.push_back(under_way_[i]);
          ++passed_.parked;
        },
        [&](const MaybePersisted&) { ++passed_.unsent; });
  }
  under_way_.clear();
  if (mark.sent.empty() && mark.parked.empty()) return retry(now);
  state_ = State::kMarking;
  return {{}, std::move(mark)};
}

Step<Relay> Relay::on_marked(StoreAnswer&& answer, Instant now) {
  CHECK(state_ == State::kMarking);
  const bool stored = std::holds_alternative<Stored>(answer);
  if (!stored || passed_.unsent > 0) return retry(now);
  attempt_ = 0;
  Step<Relay> next = std::exchange(more_, false) ? read() : rest(now);
  next.notices.push_back(std::exchange(passed_, {}));
  return next;
}

// Nothing to send: until a wake-up, or the fallback poll (another process may have stored rows).
Step<Relay> Relay::rest(Instant now) {
  attempt_ = 0;
  state_ = State::kWaiting;
  return {{}, Wait{now + limits_.relay_poll, true}};
}

Step<Relay> Relay::retry(Instant now) {
  state_ = State::kWaiting;
  ++attempt_;
  more_ = false;
  return {{}, Wait{now + backoff(limits_, attempt_, salt_), false}};
}

}  // namespace quickbite
