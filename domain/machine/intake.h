// Intake: gathers waiting commands into a batch → load → decide → store in one transaction → answers (group commit).
//
//   Idle             + Items        → Load
//   Loading          + Loaded       → Store          decides each command over the rows; overdue commands were dropped before
//   Storing          + Stored       → answers; Load of what is left, else Idle
//   Loading, Storing + Aborted      → Wait, then Load
//   Storing          + InDoubt      → Wait, then Load: ids are derived from keys, so the reload reveals the outcome
//   Loading, Storing + Refused      → halves; alone: Unprocessable. A lone 57014 is Unavailable.
//   Loading, Storing + Unavailable  → Wait, then Load
//   Waiting          + Waited       → Load
//
// A command past its deadline is dropped only before a Load: the http port has answered it 504 by then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/machine/machine.h"
#include "domain/machine/ranges.h"
#include "domain/order/command.h"
#include "domain/port/ledger.h"
#include "domain/port/policy.h"

namespace quickbite {

class Intake {
 public:
  struct Item {
    RequestId request;
    Command command;
    Instant deadline;
    auto fields() const { return std::tie(request, command, deadline); }
  };
  using Effect = std::variant<Load<OrdersLedger>, Store<OrdersLedger>, Wait>;
  using Answer = std::variant<LoadAnswer<OrdersLedger>, StoreAnswer, Waited>;
  // The outcome is durable, or certainly not going to happen.
  struct Answered {
    RequestId request;
    CommandOutcome outcome;
    auto fields() const { return std::tie(request, outcome); }
  };
  using Notice = std::variant<Answered, OutboxFilled>;

  // `salt` spreads the backoffs of different machines.
  Intake(const Limits& limits, std::uint64_t salt) : limits_(limits), salt_(salt) {}

  Step<Intake> step(Input<Intake>&& input, Instant now);

  // Commands under way.
  std::size_t batch() const { return batch_.size(); }

  auto fields() const { return std::tie(batch_, ranges_, outcomes_, fills_outbox_, attempt_, state_); }

 private:
  enum class State : std::uint8_t { kIdle, kLoading, kStoring, kWaiting };

  Step<Intake> on_items(Items<Intake>&& items, Instant now);
  Step<Intake> on_load(LoadAnswer<OrdersLedger>&& answer, Instant now);
  Step<Intake> on_store(StoreAnswer&& answer, Instant now);
  Step<Intake> load(Instant now);
  Step<Intake> retry(Instant now);
  Step<Intake> refused(const std::string& sqlstate, Instant now);
  Step<Intake> answer_range(Instant now);

  Limits limits_;
  std::uint64_t salt_;
  std::vector<Item> batch_;
  Ranges ranges_;                          // of batch_, what is still to be done; the front is under way
  std::vector<CommandOutcome> outcomes_;   // of the range under way, once decided
  bool fills_outbox_ = false;              // the Store under way holds outbox rows
  std::int64_t attempt_ = 0;               // failures in a row
  State state_ = State::kIdle;
};

}  // namespace quickbite
