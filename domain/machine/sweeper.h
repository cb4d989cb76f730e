// Sweeper: what time alone brings about: orders past their deadline expire, and rows that nobody can need any more go.
//
//   Waiting          + Waited         → FindDue; of a service where nothing falls due: Prune
//   Finding          + DueFound       → Load of what was found, without what others hold at that moment
//   Finding          + DueFound()     → Prune
//   Loading          + Loaded         → Store(writes): each order is decided on its row, by the database's clock
//   Storing          + Stored         → Load of the next part; FindDue of what lies behind it, where the batch was full; else Prune
//   Pruning          + Pruned         → Prune once more where the batch was full, else Wait until the next pass
//   Loading, Storing + Refused        → halves; alone: left for the next pass, and told. A lone 57014 is Unavailable.
//   Pruning          + Refused        → the backoff, then Prune of half as many rows
//   any              + Aborted, Unavailable, InDoubt → Wait the backoff, then the same again, on fresh rows
//
// Nothing that it does is lost with it: whatever is due is found again. So replicas sweep at the same time, and none waits for
// another; and it begins with a Wait, for a process that has just started has more urgent things to do.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "domain/machine/machine.h"
#include "domain/machine/ranges.h"
#include "domain/machine/service.h"
#include "domain/port/ledger.h"
#include "domain/port/policy.h"

namespace quickbite {

template <class Service>
class Sweeper {
 public:
  using Ledger = typename Service::Ledger;
  using Item = Wake;  // begins the next pass at once
  using Effect = std::conditional_t<Service::kExpires, std::variant<FindDue, Load<Ledger>, Store<Ledger>, Prune, Wait>,
                                    std::variant<Prune, Wait>>;
  using Answer =
      std::conditional_t<Service::kExpires,
                         std::variant<FindDueAnswer, LoadAnswer<Ledger>, StoreAnswer, PruneAnswer, Waited>,
                         std::variant<PruneAnswer, Waited>>;
  // What a Store or a Prune came to, in rows.
  struct Swept {
    std::int64_t expired = 0;
    std::int64_t left = 0;  // orders that the database refuses to let expire: somebody has to look
    Pruned pruned;
    auto fields() const { return std::tie(expired, left, pruned); }
  };
  using Notice = std::variant<Swept, OutboxFilled>;

  // `salt` spreads the backoffs of different machines.
  Sweeper(const Limits& limits, std::uint64_t salt) : limits_(limits), salt_(salt), rows_(limits.batch) {}

  Step<Sweeper> step(Input<Sweeper>&& input, Instant now);

  auto fields() const { return std::tie(batch_, ranges_, after_, more_, expiring_, rows_, attempt_, state_, then_); }

 private:
  enum class State : std::uint8_t { kWaiting, kFinding, kLoading, kStoring, kPruning };

  Step<Sweeper> on(FindDueAnswer&& answer, Instant now) requires Service::kExpires;
  Step<Sweeper> on(LoadAnswer<Ledger>&& answer, Instant now) requires Service::kExpires;
  Step<Sweeper> on(StoreAnswer&& answer, Instant now) requires Service::kExpires;
  Step<Sweeper> on(PruneAnswer&& answer, Instant now);
  Step<Sweeper> on(Waited&&, Instant now);

  Step<Sweeper> find() requires Service::kExpires;
  Step<Sweeper> load() requires Service::kExpires;
  Step<Sweeper> store(Loaded<Ledger>&& loaded) requires Service::kExpires;
  Step<Sweeper> done(Swept swept) requires Service::kExpires;
  Step<Sweeper> refused(const std::string& sqlstate, Instant now) requires Service::kExpires;

  Step<Sweeper> begin();
  Step<Sweeper> prune();
  Step<Sweeper> rest(Instant now);
  Step<Sweeper> retry(State then, Instant now);

  Limits limits_;
  std::uint64_t salt_;
  std::vector<Due> batch_;     // of one FindDue
  Ranges ranges_;              // of batch_, what is still to be done; the front is under way
  Due after_;                  // the last one found in this pass
  bool more_ = false;          // the batch was full: others may be due behind it
  std::int64_t expiring_ = 0;  // orders, in the Store under way
  std::int64_t rows_;          // of a Prune
  std::int64_t attempt_ = 0;   // failures in a row
  State state_ = State::kWaiting;
  State then_ = State::kWaiting;  // what a Wait is followed by; kWaiting: the next pass
};

// Defined once, in sweeper.cc, for production and simulator alike.
extern template class Sweeper<OrdersService>;
extern template Step<Sweeper<InventoryService>> Sweeper<InventoryService>::step(Input<Sweeper>&& input, Instant now);

}  // namespace quickbite
