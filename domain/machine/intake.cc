#include "domain/machine/intake.h"

#include <algorithm>
#include <utility>

#include "domain/base/check.h"
#include "domain/base/match.h"
#include "domain/machine/outbox.h"
#include "domain/order/rules.h"

namespace quickbite {

Step<Intake> Intake::step(Input<Intake>&& input, Instant now) {
  return match(
      std::move(input),  //
      [&](Start&&) { return Step<Intake>{}; },
      [&](Items<Intake>&& items) { return on_items(std::move(items), now); },
      [&](Answer&& answer) {
        return match(
            std::move(answer),
            [&](LoadAnswer<OrdersLedger>&& loaded) { return on_load(std::move(loaded), now); },
            [&](StoreAnswer&& stored) { return on_store(std::move(stored), now); },
            [&](Waited&&) {
              CHECK(state_ == State::kWaiting);
              return load(now);
            });
      });
}

Step<Intake> Intake::on_items(Items<Intake>&& items, Instant now) {
  CHECK(state_ == State::kIdle);
  batch_ = std::move(items.items);
  ranges_.cut(batch_.size(), [&](std::size_t a, std::size_t b) {
    return order_of(batch_[a].command) == order_of(batch_[b].command);
  });
  return load(now);
}

// Loads for the front range, without what is overdue; goes Idle where nothing is left.
Step<Intake> Intake::load(Instant now) {
  while (!ranges_.empty()) {
    OrdersLedger::Keys keys;
    const Range range = ranges_.front();
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (batch_[i].deadline > now) keys.orders.push_back(order_of(batch_[i].command));
    }
    if (!keys.orders.empty()) {
      std::sort(keys.orders.begin(), keys.orders.end());
      state_ = State::kLoading;
      return {{}, Load<OrdersLedger>{std::move(keys)}};
    }
    ranges_.pop();
  }
  batch_.clear();
  attempt_ = 0;
  state_ = State::kIdle;
  return {};
}

Step<Intake> Intake::on_load(LoadAnswer<OrdersLedger>&& answer, Instant now) {
  CHECK(state_ == State::kLoading);
  return match(
      std::move(answer),
      [&](Loaded<OrdersLedger>&& loaded) {
        OrdersLedger::Writes writes;
        outcomes_.clear();
        const Range range = ranges_.front();
        for (std::size_t i = range.begin; i < range.end; ++i) {
          const OrderId id = order_of(batch_[i].command);
          const OrderRow* row = loaded.rows.orders.find(id);
          CommandDecision decision = match(
              batch_[i].command,
              [&](const PlaceOrder& place) {
                return decide(row, place, loaded.rows.now, limits_.order_deadline);
              },
              [&](const CancelOrder& cancel) { return decide(row, cancel, loaded.rows.now); });
          if (batch_[i].deadline <= now && row == nullptr) {
            // Overdue before its Store, and it was not loaded for: leave it undone.
            outcomes_.push_back(Overloaded{});
            continue;
          }
          const std::size_t announced = writes.outbox.size();
          add(writes, std::move(decision.change), row == nullptr, loaded.rows.now);
          stamp(writes.outbox, announced, trace_of(batch_[i].command));
          outcomes_.push_back(std::move(decision.outcome));
        }
        fills_outbox_ = !writes.outbox.empty();
        state_ = State::kStoring;
        Store<OrdersLedger> store{loaded.token, {}};
        store.transactions.push_back(std::move(writes));
        return Step<Intake>{{}, std::move(store)};
      },
      [&](Aborted&&) { return retry(now); },
      [&](Refused&& why) { return refused(why.sqlstate, now); },
      [&](Unavailable&&) { return retry(now); });
}

Step<Intake> Intake::on_store(StoreAnswer&& answer, Instant now) {
  CHECK(state_ == State::kStoring);
  return match(
      std::move(answer),  //
      [&](Stored&&) { return answer_range(now); },
      [&](Aborted&&) { return retry(now); },
      [&](Refused&& why) { return refused(why.sqlstate, now); },
      [&](Unavailable&&) { return retry(now); },
      [&](InDoubt&&) { return retry(now); });
}

// The outcomes of the front range are final: tells them, and goes on.
Step<Intake> Intake::answer_range(Instant now) {
  const Range range = ranges_.front();
  CHECK(outcomes_.size() == range.size());
  std::vector<Notice> notices;
  notices.reserve(range.size() + 1);
  if (fills_outbox_) notices.push_back(OutboxFilled{});
  for (std::size_t i = 0; i < range.size(); ++i) {
    notices.push_back(Answered{batch_[range.begin + i].request, std::move(outcomes_[i])});
  }
  outcomes_.clear();
  fills_outbox_ = false;
  attempt_ = 0;
  ranges_.pop();
  Step<Intake> next = load(now);
  next.notices = std::move(notices);
  return next;
}

// Whatever was decided is discarded; after a wait everything is loaded and decided afresh.
Step<Intake> Intake::retry(Instant now) {
  outcomes_.clear();
  fills_outbox_ = false;
  state_ = State::kWaiting;
  ++attempt_;
  return {{}, Wait{now + backoff(limits_, attempt_, salt_), false}};
}

Step<Intake> Intake::refused(const std::string& sqlstate, Instant now) {
  outcomes_.clear();
  fills_outbox_ = false;
  if (ranges_.front().size() > 1) {
    ranges_.halve();
    return load(now);
  }
  if (sqlstate == kStatementTimeout) return retry(now);
  outcomes_.push_back(Unprocessable{});
  return answer_range(now);
}

}  // namespace quickbite
