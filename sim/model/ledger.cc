#include "sim/model/ledger.h"

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>

#include "domain/base/check.h"
#include "domain/base/hash.h"
#include "domain/base/match.h"
#include "sim/model/ledger_tables.h"

namespace quickbite::sim {

template <class L>
std::optional<typename Ledger<L>::Slot> Ledger<L>::begin(Client client, EffectId effect, Request&& request) {
  const Slot slot = session_of(client);
  Session& session = sessions_[slot];
  if (session.request) return std::nullopt;
  session.effect = effect;
  session.request.emplace(std::move(request));
  session.stage = 0;
  session.transaction = 0;
  session.waited = false;
  session.lost = down_;
  session.lost_in_doubt = false;
  if (std::holds_alternative<Load<L>>(*session.request) && session.in_transaction) {
    end_transaction(slot);
  }
  return slot;
}

template <class L>
bool Ledger<L>::commits_next(Slot slot) const {
  const Session& session = sessions_[slot];
  if (!session.used || !session.request || session.lost) return false;
  if (std::holds_alternative<MarkOutbox>(*session.request) || std::holds_alternative<Prune>(*session.request)) return true;
  if (const auto* read = std::get_if<ReadOutbox>(&*session.request)) return read->renewal.has_value();
  if (std::holds_alternative<Resend>(*session.request)) return true;
  return std::holds_alternative<Store<L>>(*session.request) && session.stage == 1;
}

template <class L>
typename Ledger<L>::Ran Ledger<L>::run(Slot slot, Fate fate, Instant now, property::Delta& delta) {
  Session& session = sessions_[slot];
  CHECK(session.used);
  if (session.detached) {
    if (session.lands && commits_next(slot)) {
      auto* store = std::get_if<Store<L>>(&*session.request);
      if (store != nullptr) {
        TableWriter(tables_, delta).commit(store->transactions[session.transaction], backlog_);
      } else {
        commit_alone(*session.request, now, delta);
      }
    }
    close(slot);
    return {Next::kGone, std::nullopt};
  }
  if (!session.request) return {Next::kGone, std::nullopt};
  if (session.lost) return broken(slot, session.lost_in_doubt);
  if (std::exchange(session.killed_idle, false)) return aborted(slot, "25P03");
  if (fate == Fate::kSerialization) return aborted(slot, "40001");
  if (fate == Fate::kDeadlock) return aborted(slot, "40P01");
  if (fate == Fate::kBreak) return broken(slot, false);
  session.blocked = false;
  return match(
      *session.request,  //
      [&](Load<L>& load) { return run_load(slot, load, now); },
      [&](Store<L>& store) { return run_store(slot, store, fate, now, delta); },
      [&](ReadOutbox&) { return run_alone(slot, fate, now, delta); },
      [&](MarkOutbox&) { return run_alone(slot, fate, now, delta); },
      [&](ReadOrders& read) { return answered(slot, ReadOrdersAnswer{read_orders(tables_, read)}); },
      [&](FindDue& find) { return answered(slot, FindDueAnswer{find_due(tables_, find, now)}); },
      [&](Prune&) { return run_alone(slot, fate, now, delta); },
      [&](LettersAsked& asked) {
        return answered(slot, FindLettersAnswer{find_letters(tables_.outbox, tables_.processed, *asked.find)});
      },
      [&](Resend&) { return run_alone(slot, fate, now, delta); });
}

template <class L>
typename Ledger<L>::Ran Ledger<L>::run_load(Slot slot, Load<L>& load, Instant now) {
  Session& session = sessions_[slot];
  if (session.stage == 0 && !session.waited) {
    session.in_transaction = true;
    session.token = TxToken{session.effect.sequence};
    session.rows = {};
    session.rows.now = now;
  }
  if (session.stage == 0 && load.lock == LockMode::kSkipLocked) leave_out_locked(slot, load.keys.orders);
  while (session.stage < kLockStages<L>) {
    if (!session.waited) read_stage(session.stage, load.keys, tables_, session.rows);
    if (load.lock != LockMode::kNone) {
      add_lock_keys(session.stage, session.rows, wanted_);
      if (auto stopped = lock_wanted(slot)) {
        session.waited = stopped->next == Next::kBlocked;
        return *stopped;
      }
    }
    if (std::exchange(session.waited, false)) read_again(session.stage, tables_, session.rows);
    ++session.stage;
    const bool more = session.stage < kLockStages<L> || !load.keys.events.empty();
    if (more) return {Next::kMore, std::nullopt};
  }
  // In a statement of its own, after every lock wait.
  for (const EventId& event : load.keys.events) {
    if (tables_.processed.contains(event)) session.rows.handled.push_back(event);
  }
  Loaded<L> loaded{session.token, std::move(session.rows)};
  session.rows = {};
  return answered(slot, LoadAnswer<L>{std::move(loaded)});
}

template <class L>
typename Ledger<L>::Ran Ledger<L>::run_store(Slot slot, Store<L>& store, Fate fate, Instant now,
                                             property::Delta& delta) {
  Session& session = sessions_[slot];
  CHECK(session.transaction < store.transactions.size());
  typename L::Writes& writes = store.transactions[session.transaction];
  if (session.stage == 0) {
    // A token of no open transaction begins one, as BEGIN on the connection would.
    session.in_transaction = true;
    if (const char* state = refusal(writes, refused_)) {
      end_transaction(slot);
      return answered(slot, StoreAnswer{Refused{state}});
    }
    if (violates_unique(tables_, writes)) return aborted(slot, "23505");
    add_write_keys(writes, wanted_);
    if (auto stopped = lock_wanted(slot)) return *stopped;
    for (OutboxRow& row : writes.outbox) {
      row.seq = OutboxSeq{next_seq_++};
      row.created_at = now;
    }
    session.stage = 1;
    return {Next::kMore, std::nullopt};
  }
  if (fate == Fate::kBreakBeforeCommit) return broken(slot, true);
  if (fate == Fate::kBreakDuringCommit) {
    Ran ran;
    ran.next = Next::kAnswered;
    ran.answer = StoreAnswer{InDoubt{}};
    ran.also_run_again = true;
    session.detached = true;
    session.lands = true;
    return ran;
  }
  TableWriter(tables_, delta).commit(writes, backlog_);
  end_transaction(slot);
  if (fate == Fate::kBreakAfterCommit) return broken(slot, true);
  ++session.transaction;
  session.stage = 0;
  if (session.transaction < store.transactions.size()) return {Next::kMore, std::nullopt};
  return answered(slot, StoreAnswer{Stored{}});
}

template <class L>
typename Ledger<L>::Ran Ledger<L>::run_alone(Slot slot, Fate fate, Instant now, property::Delta& delta) {
  Session& session = sessions_[slot];
  if (fate == Fate::kBreakBeforeCommit) return broken(slot, true);
  if (fate == Fate::kBreakDuringCommit) {
    Ran ran;
    ran.next = Next::kAnswered;
    ran.answer = in_doubt(session);
    ran.also_run_again = true;
    session.detached = true;
    session.lands = true;
    return ran;
  }
  Answer done = commit_alone(*session.request, now, delta);
  if (fate == Fate::kBreakAfterCommit) return broken(slot, true);
  return answered(slot, std::move(done));
}

template <class L>
typename Ledger<L>::Answer Ledger<L>::commit_alone(Request& request, Instant now, property::Delta& delta) {
  if (const auto* prune = std::get_if<Prune>(&request)) return PruneAnswer{prune_rows(tables_, *prune, now)};
  if (const auto* read = std::get_if<ReadOutbox>(&request)) {
    return ReadOutboxAnswer{read_outbox(tables_, backlog_, *read, now)};
  }
  if (const auto* resend = std::get_if<Resend>(&request)) {
    return ResendAnswer{TableWriter(tables_, delta).resend(*resend, now, backlog_)};
  }
  return MarkAnswer{TableWriter(tables_, delta).mark(std::get<MarkOutbox>(request), now, backlog_)};
}

template <class L>
void Ledger<L>::disconnect(Client client, bool commit_lands) {
  for (Slot slot = 0; slot < sessions_.size(); ++slot) {
    Session& session = sessions_[slot];
    if (!session.used || session.detached || session.client != client) continue;
    if (!session.request) {
      close(slot);
    } else {
      session.detached = true;
      session.lands = commit_lands;
    }
  }
}

template <class L>
std::optional<typename Ledger<L>::Answer> Ledger<L>::lock_timeout(Slot slot, EffectId effect) {
  if (slot >= sessions_.size()) return std::nullopt;
  const Session& session = sessions_[slot];
  if (!session.used || !session.blocked || !(session.effect == effect)) return std::nullopt;
  if (session.detached) {
    close(slot);
    return std::nullopt;
  }
  return aborted(slot, "55P03").answer;
}

template <class L>
void Ledger<L>::idle_timeout(Client client) {
  for (Slot slot = 0; slot < sessions_.size(); ++slot) {
    Session& session = sessions_[slot];
    if (!session.used || session.detached || session.client != client) continue;
    if (session.request || !session.in_transaction) continue;
    end_transaction(slot);
    session.killed_idle = true;
  }
}

template <class L>
void Ledger<L>::set_down(bool down, bool commits_land, Instant now, property::Delta& delta) {
  down_ = down;
  if (!down) return;
  for (Slot slot = 0; slot < sessions_.size(); ++slot) {
    Session& session = sessions_[slot];
    if (!session.used) continue;
    const bool at_commit = commits_next(slot);
    // A resend and a renewal do not: either would be one step with the marks that land, and takes away what they go by.
    const bool takes_leases = at_commit && (std::holds_alternative<Resend>(*session.request) ||
                                            std::holds_alternative<ReadOutbox>(*session.request));
    if (at_commit && commits_land && !takes_leases) {
      if (auto* store = std::get_if<Store<L>>(&*session.request)) {
        TableWriter(tables_, delta).commit(store->transactions[session.transaction], backlog_);
      } else {
        commit_alone(*session.request, now, delta);
      }
    }
    end_transaction(slot);
    session.lands = false;
    if (!session.request) {
      close(slot);
    } else {
      if (session.blocked) woken_.push_back(slot);
      session.blocked = false;
      session.lost = true;
      session.lost_in_doubt = at_commit;
    }
  }
}

template <class L>
void Ledger<L>::refuse(const OrderId& order, bool refused) {
  const auto at = std::lower_bound(refused_.begin(), refused_.end(), order);
  const bool known = at != refused_.end() && *at == order;
  if (refused && !known) refused_.insert(at, order);
  if (!refused && known) refused_.erase(at);
}

template <class L>
bool Ledger<L>::marking() const {
  return std::any_of(sessions_.begin(), sessions_.end(), [](const Session& session) {
    return session.used && session.request && std::holds_alternative<MarkOutbox>(*session.request);
  });
}

template <class L>
std::vector<typename Ledger<L>::Slot> Ledger<L>::take_woken() {
  return std::exchange(woken_, {});
}

template <class L>
OrderId Ledger<L>::order(Slot slot) const {
  const Session& session = sessions_[slot];
  if (!session.request) return {};
  return match(
      *session.request,
      [](const Load<L>& load) { return load.keys.orders.empty() ? OrderId{} : load.keys.orders.front(); },
      [&](const Store<L>& store) { return first_order(store.transactions[session.transaction]); },
      [](const ReadOutbox&) { return OrderId{}; }, [](const MarkOutbox&) { return OrderId{}; },
      [](const ReadOrders& read) { return read.orders.empty() ? OrderId{} : read.orders.front(); },
      [](const FindDue&) { return OrderId{}; }, [](const Prune&) { return OrderId{}; },
      [](const LettersAsked&) { return OrderId{}; }, [](const Resend&) { return OrderId{}; });
}

template <class L>
bool Ledger<L>::commits_next_of(Client client) const {
  for (Slot slot = 0; slot < sessions_.size(); ++slot) {
    const Session& session = sessions_[slot];
    if (session.used && !session.detached && session.client == client) return commits_next(slot);
  }
  return false;
}

template <class L>
bool Ledger<L>::seen_later_seq(OutboxSeq seq) const {
  if (tables_.outbox.empty()) return false;
  const OutboxRow& last = (tables_.outbox.end() - 1)->second;
  return seq < last.seq && last.sent.has_value();
}

template <class L>
bool Ledger<L>::released() const {
  if constexpr (std::is_same_v<L, InventoryLedger>) {
    for (const MovementRow& movement : tables_.movements) {
      if (movement.kind == MovementKind::kRelease) return true;
    }
  }
  return false;
}

template <class L>
bool Ledger<L>::busy() const {
  for (const Session& session : sessions_) {
    if (!session.used || !session.request) continue;
    // What is due is told by the orders themselves, what is unsent by the outbox, and nobody waits for what is past its retention.
    if (std::holds_alternative<FindDue>(*session.request) || std::holds_alternative<Prune>(*session.request) ||
        std::holds_alternative<ReadOutbox>(*session.request)) {
      continue;
    }
    return true;
  }
  return false;
}

template <class L>
typename Ledger<L>::Ran Ledger<L>::answered(Slot slot, Answer&& answer) {
  Session& session = sessions_[slot];
  session.request.reset();
  session.stage = 0;
  session.blocked = false;
  return {Next::kAnswered, std::move(answer)};
}

template <class L>
template <class A>
typename Ledger<L>::Answer Ledger<L>::as_answer(const Session& session, A outcome) const {
  return match(
      *session.request,  //
      [&](const Load<L>&) -> Answer { return LoadAnswer<L>{std::move(outcome)}; },
      [&](const Store<L>&) -> Answer { return StoreAnswer{std::move(outcome)}; },
      [&](const ReadOutbox&) -> Answer { return ReadOutboxAnswer{std::move(outcome)}; },
      [&](const MarkOutbox&) -> Answer { return MarkAnswer{std::move(outcome)}; },
      [&](const ReadOrders&) -> Answer { return ReadOrdersAnswer{std::move(outcome)}; },
      [&](const FindDue&) -> Answer { return FindDueAnswer{std::move(outcome)}; },
      [&](const Prune&) -> Answer { return PruneAnswer{std::move(outcome)}; },
      [&](const LettersAsked&) -> Answer { return FindLettersAnswer{std::move(outcome)}; },
      [&](const Resend&) -> Answer { return ResendAnswer{std::move(outcome)}; });
}

// Of a request that commits.
template <class L>
typename Ledger<L>::Answer Ledger<L>::in_doubt(const Session& session) const {
  if (std::holds_alternative<Prune>(*session.request)) return PruneAnswer{InDoubt{}};
  if (std::holds_alternative<MarkOutbox>(*session.request)) return MarkAnswer{InDoubt{}};
  if (std::holds_alternative<ReadOutbox>(*session.request)) return ReadOutboxAnswer{Unavailable{}};
  if (std::holds_alternative<Resend>(*session.request)) return ResendAnswer{InDoubt{}};
  return StoreAnswer{InDoubt{}};
}

// The server refuses; the connection stays.
template <class L>
typename Ledger<L>::Ran Ledger<L>::aborted(Slot slot, const char* sqlstate) {
  end_transaction(slot);
  return answered(slot, as_answer(sessions_[slot], Aborted{sqlstate}));
}

// The connection is gone, and the transaction with it (or it was committed just before).
template <class L>
typename Ledger<L>::Ran Ledger<L>::broken(Slot slot, bool at_commit) {
  Session& session = sessions_[slot];
  Answer answer = at_commit ? in_doubt(session) : as_answer(session, Unavailable{});
  close(slot);
  return {Next::kAnswered, std::move(answer)};
}

template <class L>
std::optional<typename Ledger<L>::Ran> Ledger<L>::lock_wanted(Slot slot) {
  Locking locking = Locking::kHeld;
  for (std::size_t i = 0; i < wanted_.size() && locking == Locking::kHeld; ++i) locking = lock(slot, wanted_[i]);
  wanted_.clear();
  if (locking == Locking::kHeld) return std::nullopt;
  return locking == Locking::kWait ? Ran{Next::kBlocked, std::nullopt} : aborted(slot, "40P01");
}

// SKIP LOCKED, of the main table.
template <class L>
void Ledger<L>::leave_out_locked(Slot slot, std::vector<OrderId>& orders) const {
  std::erase_if(orders, [&](const OrderId& id) {
    const LockKey key{static_cast<std::uint8_t>(TableName::kMain), key_hash(id.value)};
    for (Slot other = 0; other < sessions_.size(); ++other) {
      const Session& holder = sessions_[other];
      if (other == slot || !holder.used) continue;
      if (std::find(holder.locks.begin(), holder.locks.end(), key) != holder.locks.end()) return true;
    }
    return false;
  });
}

template <class L>
typename Ledger<L>::Locking Ledger<L>::lock(Slot slot, const LockKey& key) {
  Session& session = sessions_[slot];
  for (Slot other = 0; other < sessions_.size(); ++other) {
    const Session& holder = sessions_[other];
    if (other == slot || !holder.used) continue;
    if (std::find(holder.locks.begin(), holder.locks.end(), key) == holder.locks.end()) continue;
    // Who waits in a circle is the victim (the PostgreSQL manual, 13.3.4; the real one waits deadlock_timeout first).
    for (Slot at = other; sessions_[at].blocked; at = sessions_[at].blocked_by) {
      if (sessions_[at].blocked_by == slot) return Locking::kDeadlock;
    }
    session.blocked = true;
    session.blocked_by = other;
    return Locking::kWait;
  }
  if (std::find(session.locks.begin(), session.locks.end(), key) == session.locks.end()) {
    session.locks.push_back(key);
  }
  return Locking::kHeld;
}

template <class L>
void Ledger<L>::end_transaction(Slot slot) {
  Session& session = sessions_[slot];
  session.in_transaction = false;
  session.locks.clear();
  session.rows = {};
  wake_waiters_of(slot);
}

template <class L>
void Ledger<L>::close(Slot slot) {
  end_transaction(slot);
  sessions_[slot] = Session{};
}

template <class L>
void Ledger<L>::wake_waiters_of(Slot slot) {
  for (Slot other = 0; other < sessions_.size(); ++other) {
    Session& waiter = sessions_[other];
    if (!waiter.used || !waiter.blocked || waiter.blocked_by != slot) continue;
    waiter.blocked = false;
    woken_.push_back(other);
  }
}

template <class L>
typename Ledger<L>::Slot Ledger<L>::session_of(Client client) {
  std::optional<Slot> free;
  for (Slot slot = 0; slot < sessions_.size(); ++slot) {
    if (!sessions_[slot].used) {
      if (!free) free = slot;
    } else if (sessions_[slot].client == client && !sessions_[slot].detached) {
      return slot;
    }
  }
  if (!free) {
    free = static_cast<Slot>(sessions_.size());
    sessions_.emplace_back();
  }
  sessions_[*free].used = true;
  sessions_[*free].client = client;
  return *free;
}

template class Ledger<OrdersLedger>;
template class Ledger<InventoryLedger>;

}  // namespace quickbite::sim
