#include "domain/machine/sweeper.h"

#include <algorithm>
#include <utility>

#include "domain/base/check.h"
#include "domain/base/match.h"
#include "domain/machine/outbox.h"

namespace quickbite {

template <class S>
Step<Sweeper<S>> Sweeper<S>::step(Input<Sweeper>&& input, Instant now) {
  return match(
      std::move(input),  //
      [&](Start&&) { return rest(now); },
      [&](Items<Sweeper>&&) {
        CHECK(state_ == State::kWaiting);
        return begin();
      },
      [&](Answer&& answer) {
        return std::visit([&](auto&& one) { return on(std::move(one), now); }, std::move(answer));
      });
}

template <class S>
Step<Sweeper<S>> Sweeper<S>::on(Waited&&, Instant) {
  CHECK(state_ == State::kWaiting);
  if constexpr (S::kExpires) {
    if (then_ == State::kFinding) return find();
    if (then_ == State::kLoading) return load();
  }
  return then_ == State::kPruning ? prune() : begin();
}

template <class S>
Step<Sweeper<S>> Sweeper<S>::begin() {
  if constexpr (S::kExpires) {
    after_ = {};
    return find();
  } else {
    return prune();
  }
}

// --- what is due ---

template <class S>
Step<Sweeper<S>> Sweeper<S>::find() requires S::kExpires {
  state_ = State::kFinding;
  return {{}, FindDue{after_, limits_.batch}};
}

template <class S>
Step<Sweeper<S>> Sweeper<S>::on(FindDueAnswer&& answer, Instant now) requires S::kExpires {
  CHECK(state_ == State::kFinding);
  return match(
      std::move(answer),
      [&](DueFound&& found) {
        attempt_ = 0;
        if (found.due.empty()) return prune();
        batch_ = std::move(found.due);
        after_ = batch_.back();
        more_ = static_cast<std::int64_t>(batch_.size()) >= limits_.batch;
        ranges_.cut(batch_.size(), [](std::size_t, std::size_t) { return false; });
        return load();
      },
      [&](Aborted&&) { return retry(State::kFinding, now); }, [&](Refused&&) { return retry(State::kFinding, now); },
      [&](Unavailable&&) { return retry(State::kFinding, now); });
}

template <class S>
Step<Sweeper<S>> Sweeper<S>::load() requires S::kExpires {
  Load<Ledger> load;
  load.lock = LockMode::kSkipLocked;
  const Range range = ranges_.front();
  for (std::size_t i = range.begin; i < range.end; ++i) load.keys.orders.push_back(batch_[i].order);
  std::sort(load.keys.orders.begin(), load.keys.orders.end());
  state_ = State::kLoading;
  return {{}, std::move(load)};
}

template <class S>
Step<Sweeper<S>> Sweeper<S>::on(LoadAnswer<Ledger>&& answer, Instant now) requires S::kExpires {
  CHECK(state_ == State::kLoading);
  return match(
      std::move(answer),  //
      [&](Loaded<Ledger>&& loaded) { return store(std::move(loaded)); },
      [&](Aborted&&) { return retry(State::kLoading, now); }, [&](Refused&& why) { return refused(why.sqlstate, now); },
      [&](Unavailable&&) { return retry(State::kLoading, now); });
}

// Who came first keeps what it decided: a row that is not PENDING any more stays as it is.
template <class S>
Step<Sweeper<S>> Sweeper<S>::store(Loaded<Ledger>&& loaded) requires S::kExpires {
  typename Ledger::Writes writes;
  S::expire(loaded.rows, writes);
  expiring_ = static_cast<std::int64_t>(writes.updated.size());
  state_ = State::kStoring;
  Store<Ledger> store{loaded.token, {}};
  store.transactions.push_back(std::move(writes));
  return {{}, std::move(store)};
}

template <class S>
Step<Sweeper<S>> Sweeper<S>::on(StoreAnswer&& answer, Instant now) requires S::kExpires {
  CHECK(state_ == State::kStoring);
  return match(
      std::move(answer),  //
      [&](Stored&&) { return done({std::exchange(expiring_, 0), 0, {}}); },
      [&](Aborted&&) { return retry(State::kLoading, now); }, [&](Refused&& why) { return refused(why.sqlstate, now); },
      [&](Unavailable&&) { return retry(State::kLoading, now); },
      [&](InDoubt&&) { return retry(State::kLoading, now); });
}

template <class S>
Step<Sweeper<S>> Sweeper<S>::refused(const std::string& sqlstate, Instant now) requires S::kExpires {
  expiring_ = 0;
  if (ranges_.front().size() > 1) {
    ranges_.halve();
    return load();
  }
  if (sqlstate == kStatementTimeout) return retry(State::kLoading, now);
  return done({0, 1, {}});
}

// The front range is dealt with: tells of it, and goes on.
template <class S>
Step<Sweeper<S>> Sweeper<S>::done(Swept swept) requires S::kExpires {
  attempt_ = 0;
  ranges_.pop();
  Step<Sweeper> next;
  if (!ranges_.empty()) {
    next = load();
  } else {
    batch_.clear();
    next = std::exchange(more_, false) ? find() : prune();
  }
  if (swept.expired > 0) next.notices.push_back(OutboxFilled{});
  if (swept.expired + swept.left > 0) next.notices.push_back(swept);
  return next;
}

// --- what is past its retention ---

template <class S>
Step<Sweeper<S>> Sweeper<S>::prune() {
  state_ = State::kPruning;
  return {{}, Prune{limits_.retention, rows_}};
}

template <class S>
Step<Sweeper<S>> Sweeper<S>::on(PruneAnswer&& answer, Instant now) {
  CHECK(state_ == State::kPruning);
  return match(
      std::move(answer),
      [&](Pruned&& pruned) {
        attempt_ = 0;
        const bool more = std::max(pruned.processed, pruned.outbox) >= rows_;
        Step<Sweeper> next = more ? prune() : rest(now);
        if (pruned.processed + pruned.outbox > 0) next.notices.push_back(Swept{0, 0, pruned});
        return next;
      },
      [&](Aborted&&) { return retry(State::kPruning, now); },
      [&](Refused&&) {
        rows_ = std::max<std::int64_t>(rows_ / 2, 1);
        return retry(State::kPruning, now);
      },
      [&](Unavailable&&) { return retry(State::kPruning, now); }, [&](InDoubt&&) { return retry(State::kPruning, now); });
}

// Until the next pass.
template <class S>
Step<Sweeper<S>> Sweeper<S>::rest(Instant now) {
  rows_ = limits_.batch;
  state_ = State::kWaiting;
  then_ = State::kWaiting;
  return {{}, Wait{now + limits_.sweep_poll, true}};
}

// Whatever was decided is discarded; what was found is still due, or the rows will say that it is not.
template <class S>
Step<Sweeper<S>> Sweeper<S>::retry(State then, Instant now) {
  expiring_ = 0;
  ++attempt_;
  state_ = State::kWaiting;
  then_ = then;
  return {{}, Wait{now + backoff(limits_, attempt_, salt_), false}};
}

template class Sweeper<OrdersService>;
// Its step and what that needs; clang 14 would instantiate the members that its constraints take away.
template Step<Sweeper<InventoryService>> Sweeper<InventoryService>::step(Input<Sweeper>&& input, Instant now);

}  // namespace quickbite
