#include "domain/machine/delivery.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "domain/base/check.h"
#include "domain/base/match.h"
#include "domain/machine/outbox.h"
#include "domain/port/dead_letter.h"
#include "domain/port/redrive.h"

namespace quickbite {
namespace {

Offset next_of(Offset offset) { return Offset{offset.value + 1}; }

template <class T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

const Event* event_in(const Consumed& record) { return std::get_if<Event>(&*record.received.decoded); }

// Two records that may not share a transaction: one order, or one id, twice.
bool collide(const Consumed& a, const Consumed& b) {
  if (a.id == b.id) return true;
  const Event* first = event_in(a);
  const Event* second = event_in(b);
  return first != nullptr && second != nullptr && order_of(first->what) == order_of(second->what);
}

}  // namespace

template <class S>
Step<Delivery<S>> Delivery<S>::step(Input<Delivery>&& input, Instant now) {
  return match(
      std::move(input),  //
      [&](Start&&) { return poll(now); },
      [&](Items<Delivery>&&) { return Step<Delivery>{}; },
      [&](Answer&& answer) {
        return match(
            std::move(answer),
            [&](Polled&& polled) {
              if (state_ == State::kWaiting) return on_polled_waiting(std::move(polled), now);
              CHECK(state_ == State::kPolling);
              return on_polled(std::move(polled), now);
            },
            [&](LoadAnswer<Ledger>&& loaded) { return on_load(std::move(loaded), now); },
            [&](StoreAnswer&& answer_to_store) { return on_store(std::move(answer_to_store), now); },
            [&](CommitAnswer&& committed) { return on_committed(std::move(committed), now); });
      });
}

template <class S>
Step<Delivery<S>> Delivery<S>::on_polled(Polled&& polled, Instant now) {
  forget(polled.revoked);
  if (!polled.records.empty()) {
    begin(std::move(polled.records));
    return load();
  }
  return stored_ == committed_ ? poll(now) : commit_offsets();
}

template <class S>
Step<Delivery<S>> Delivery<S>::on_polled_waiting(Polled&& polled, Instant now) {
  if (!polled.revoked.empty()) {
    drop_batch();
    forget(polled.revoked);
    return poll(now);
  }
  if (now < retry_at_) return {{}, Poll{0, retry_at_, true, {}}};
  return load();
}

template <class S>
Step<Delivery<S>> Delivery<S>::on_load(LoadAnswer<Ledger>&& answer, Instant now) {
  CHECK(state_ == State::kLoading);
  return match(
      std::move(answer),  //
      [&](Loaded<Ledger>&& loaded) { return store(std::move(loaded)); },
      [&](Aborted&&) { return retry(now); },
      [&](Refused&& why) { return refused(why.sqlstate, now); },
      [&](Unavailable&&) { return retry(now); });
}

template <class S>
Step<Delivery<S>> Delivery<S>::on_store(StoreAnswer&& answer, Instant now) {
  CHECK(state_ == State::kStoring);
  return match(
      std::move(answer),  //
      [&](Stored&&) { return stored(now); },
      [&](Aborted&&) { return retry(now); },
      [&](Refused&& why) { return refused(why.sqlstate, now); },
      [&](Unavailable&&) { return retry(now); },
      [&](InDoubt&&) { return retry(now); });
}

template <class S>
Step<Delivery<S>> Delivery<S>::on_committed(CommitAnswer&& answer, Instant now) {
  CHECK(state_ == State::kCommitting);
  match(
      std::move(answer),  //
      [&](OffsetsCommitted&&) { committed_ = stored_; },
      [](CommitFailed&&) { /* the next commit, or an idle poll, supersedes it */ });
  return poll(now);
}

template <class S>
Step<Delivery<S>> Delivery<S>::poll(Instant now) {
  state_ = State::kPolling;
  return {{}, Poll{limits_.batch, now + limits_.poll, false, std::exchange(seeks_, {})}};
}

template <class S>
Step<Delivery<S>> Delivery<S>::load() {
  typename Ledger::Keys keys;
  const Range range = ranges_.front();
  keys.events.reserve(2 * range.size());
  keys.orders.reserve(range.size());
  for (std::size_t i = range.begin; i < range.end; ++i) {
    keys.events.push_back(batch_[i].id);
    const Event* event = event_in(batch_[i]);
    if (event == nullptr) continue;
    keys.events.push_back(batch_[i].letter);
    S::add_keys(*event, keys);
  }
  sort_unique(keys.events);
  sort_unique(keys.orders);
  if constexpr (requires { keys.skus; }) sort_unique(keys.skus);
  state_ = State::kLoading;
  return {{}, Load<Ledger>{std::move(keys)}};
}

// Decides the front range over fresh rows.
template <class S>
Step<Delivery<S>> Delivery<S>::store(Loaded<Ledger>&& loaded) {
  typename Ledger::Writes writes;
  handled_ = {};
  const Range range = ranges_.front();
  writes.processed.reserve(range.size());
  for (std::size_t i = range.begin; i < range.end; ++i) handle(batch_[i], loaded.rows, writes);
  fills_outbox_ = !writes.outbox.empty();
  if constexpr (std::is_same_v<Ledger, OrdersLedger>) {
    for (const OrderRow& row : writes.updated) handled_.changed.push_back(row.id);
  }
  state_ = State::kStoring;
  Store<Ledger> store{loaded.token, {}};
  store.transactions.push_back(std::move(writes));
  return {{}, std::move(store)};
}

// Decides one record: its effects and its row, or its dead letter and its row; nothing where it was handled before.
template <class S>
void Delivery<S>::handle(Consumed& record, typename Ledger::Rows& rows, typename Ledger::Writes& writes) {
  const auto handled_before = [&](EventId id) {
    return std::binary_search(rows.handled.begin(), rows.handled.end(), id);
  };
  const Record& at = *record.received.record;
  const Event* event = event_in(record);
  const bool contradicts = event != nullptr && S::contradicts(*event, rows);
  if (contradicts) record.id = dead_letter_id(cluster_, at);
  // What was dead-lettered here, and could be applied now, is done all the same: only a redrive, elsewhere, applies it.
  const bool dead = event != nullptr && handled_before(record.letter);
  if (dead || handled_before(record.id)) {
    ++handled_.duplicates;
    const auto redriven = redrive_origin(at.message.headers);
    if (redriven && redriven->letter == record.id) ++handled_.failed_again;
    return;
  }
  Ruling ruling;
  std::string_view error;
  std::string refusal;
  match(
      *record.received.decoded,
      [&](const Event& known) {
        if (record.refused) {
          refusal = "REFUSED " + *record.refused;
          ruling = {quickbite::Handled::kDeadLettered, refusal};
        } else if (contradicts) {
          ruling = {quickbite::Handled::kDeadLettered, "CONFLICTING_LINES"};
        } else {
          const std::size_t announced = writes.outbox.size();
          ruling = S::apply(known, rows, writes);
          if (writes.outbox.size() > announced) stamp(writes.outbox, announced, trace_in(at.message.headers));
        }
      },
      [&](const UnknownType&) { ruling = {quickbite::Handled::kIgnored, {}}; },
      [&](const Malformed& malformed) {
        ruling = {quickbite::Handled::kDeadLettered, to_string(malformed.reason)};
        error = malformed.detail;
      });

  if (ruling.handled == quickbite::Handled::kDeadLettered) {
    record.id = dead_letter_id(cluster_, at);
    writes.outbox.push_back(dead_letter(at, record.id, ruling.dead_letter_reason, error, rows.now));
    ++handled_.dead_lettered;
  } else {
    ++(ruling.handled == quickbite::Handled::kApplied ? handled_.applied : handled_.ignored);
  }
  writes.processed.push_back(
      {record.id, at.message.topic, at.message.partition, at.offset, ruling.handled, rows.now});
}

template <class S>
Step<Delivery<S>> Delivery<S>::stored(Instant) {
  const Range range = ranges_.front();
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const Record& record = *batch_[i].received.record;
    stored_[record.message.partition] = next_of(record.offset);
  }
  ranges_.pop();
  attempt_ = 0;
  std::vector<Notice> notices;
  notices.push_back(std::move(handled_));
  if (std::exchange(fills_outbox_, false)) notices.push_back(OutboxFilled{});
  handled_ = {};

  Step<Delivery> next;
  if (ranges_.empty()) {
    batch_.clear();
    next = commit_offsets();
  } else {
    next = load();
  }
  next.notices = std::move(notices);
  return next;
}

template <class S>
Step<Delivery<S>> Delivery<S>::commit_offsets() {
  state_ = State::kCommitting;
  return {{}, CommitOffsets{stored_}};
}

// Whatever was decided is discarded. The group's membership is kept by polling with everything paused.
template <class S>
Step<Delivery<S>> Delivery<S>::retry(Instant now) {
  ++attempt_;
  retry_at_ = now + backoff(limits_, attempt_, salt_);
  state_ = State::kWaiting;
  return {{}, Poll{0, retry_at_, true, {}}};
}

template <class S>
Step<Delivery<S>> Delivery<S>::refused(const std::string& sqlstate, Instant now) {
  const Range range = ranges_.front();
  if (range.size() > 1) {
    ranges_.halve();
    return load();
  }
  Consumed& alone = batch_[range.begin];
  if (sqlstate == kStatementTimeout || alone.refused) return retry(now);
  alone.refused = sqlstate;
  return load();
}

template <class S>
void Delivery<S>::begin(std::vector<Received>&& records) {
  batch_.clear();
  batch_.reserve(records.size());
  for (Received& received : records) {
    const EventId id = match(
        *received.decoded,  //
        [](const Event& event) { return event.id; }, [](const UnknownType& unknown) { return unknown.id; },
        [&](const Malformed&) { return dead_letter_id(cluster_, *received.record); });
    const bool event = std::holds_alternative<Event>(*received.decoded);
    const EventId letter = event ? dead_letter_id_here(cluster_, *received.record) : EventId{};
    batch_.push_back({std::move(received), id, letter, std::nullopt});
  }
  ranges_.cut(batch_.size(), [&](std::size_t a, std::size_t b) { return collide(batch_[a], batch_[b]); });
}

// Nothing more is done about the batch; what is not stored of it is polled again, here or by the next owner.
template <class S>
void Delivery<S>::drop_batch() {
  while (!ranges_.empty()) {
    const Range range = ranges_.front();
    for (std::size_t i = range.begin; i < range.end; ++i) {
      const Record& record = *batch_[i].received.record;
      seeks_.insert(record.message.partition, record.offset);
    }
    ranges_.pop();
  }
  batch_.clear();
  attempt_ = 0;
}

template <class S>
void Delivery<S>::forget(const std::vector<Partition>& revoked) {
  for (Partition partition : revoked) {
    stored_.erase(partition);
    committed_.erase(partition);
    seeks_.erase(partition);
  }
}

template class Delivery<OrdersService>;
template class Delivery<InventoryService>;

}  // namespace quickbite
