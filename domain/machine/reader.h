// Reader: gathers waiting reads into one query; a read joins only a query that starts after it arrives.
//
//   Idle, Waiting + reads             → ReadOrders
//   Idle, Waiting + OrdersChanged     → ReadOrders of the long-polls that wait for one of them; a hint: what it misses, the next finds
//   Waiting       + Waited            → ReadOrders of all long-polls (the shared re-check), and of those whose wait is over
//   Idle, Waiting + LetGo             → ReadOrders of all long-polls, for the last time
//   Reading       + rows              → answers; who knows this version already and may wait becomes a long-poll; Idle or Wait
//   Reading       + anything else     → Unreadable (503) to all that were read for: a reader does not wait for a database
// A long-poll whose wait is over is an ordinary read: what it is told was read after that. A 304 is told no other way.
#pragma once

#include <cstdint>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/api/api.h"
#include "domain/machine/machine.h"
#include "domain/port/ledger.h"
#include "domain/port/policy.h"

namespace quickbite {

// These orders were changed by a transaction of this process. A hint: others may change them as well, and hints may be lost.
struct OrdersChanged {
  std::vector<OrderId> orders;
  auto fields() const { return std::tie(orders); }
};

class Reader {
 public:
  struct Ask {
    RequestId request;
    api::Query query;
    Instant until;  // when the wait ends that the query asks for; before now: it does not wait
    auto fields() const { return std::tie(request, query, until); }
  };
  // The process ends: whoever waits is answered now, and nobody waits any more.
  struct LetGo {
    auto fields() const { return std::tie(); }
  };
  using Item = std::variant<Ask, OrdersChanged, LetGo>;
  using Effect = std::variant<ReadOrders, Wait>;
  using Answer = std::variant<ReadOrdersAnswer, Waited>;
  // How it came that a request is answered now.
  enum class Why : std::uint8_t { kAsked, kHinted, kRechecked };
  struct Answered {
    RequestId request;
    HttpAnswer answer;
    Why why = Why::kAsked;
    auto fields() const { return std::tie(request, answer, why); }
  };
  using Notice = std::variant<Answered>;

  explicit Reader(const Limits& limits) : limits_(limits) {}

  Step<Reader> step(Input<Reader>&& input, Instant now);

  std::size_t long_polls() const { return waiters_.size(); }

  auto fields() const { return std::tie(batch_, waiters_, recheck_at_, letting_go_); }

 private:
  struct Waiter {
    RequestId request;
    api::GetOrder get;
    Instant until;
    bool hinted = false;
    bool read_for = false;  // by the query under way
    auto fields() const { return std::tie(request, get, until, hinted, read_for); }
  };

  Step<Reader> on_items(Items<Reader>&& items, Instant now);
  Step<Reader> on_read(ReadOrdersAnswer&& answer, Instant now);

  Step<Reader> read(Instant now);
  Step<Reader> rest(std::vector<Notice>&& notices) const;
  void end_waits(Instant now);
  void answer_waiters(const OrdersRead* rows, std::vector<Notice>& notices);
  bool may_wait(const Ask& ask, const OrdersRead& rows, Instant now) const;

  Limits limits_;
  std::vector<Ask> batch_;       // what the query under way, or the next one, is for
  std::vector<Waiter> waiters_;  // in order of arrival
  Instant recheck_at_;           // of all waiters, while there are any
  bool letting_go_ = false;
};

}  // namespace quickbite
