// Moments: where a fault can strike; verdicts: what strikes there. Both are closed sets with a word for each, which scenario
// files use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

#include "domain/base/ids.h"
#include "sim/kernel/choices.h"

namespace quickbite::sim {

// Who is at it. All but the client are machines; a crash ends the process that the machine runs in.
enum class Role : std::uint8_t {
  kIntake,
  kReader,
  kOrdersRelay,
  kOrdersDelivery,
  kInventoryRelay,
  kInventoryDelivery,
  kOrdersSweeper,
  kInventorySweeper,
  kMenu,
  kOrdersOperator,     // somebody at a terminal: a command is a process of its own, and is given again where it was broken off
  kInventoryOperator,
  kClient,  // of a message from or to a client
};
inline constexpr std::size_t kMachineRoles = 11;
inline constexpr std::size_t kRoles = 12;

// At what: a machine's effects, and the client's request.
enum class Verb : std::uint8_t {
  kLoad,
  kStore,
  kReadOutbox,
  kProduce,
  kMark,
  kReadOrders,
  kPoll,
  kCommitOffsets,
  kWait,
  kRequest,
  kFindDue,
  kPrune,
  kAskMenu,
  kFindLetters,
  kResend,
};
inline constexpr std::size_t kVerbs = 15;

enum class Phase : std::uint8_t {
  kBefore,     // asked for by the machine, nothing done yet
  kPartly,     // under way: between two statements, or sent and not yet taken
  kUnanswered, // applied, and the machine does not know yet
  kAnswered,   // the machine has stepped with the answer
};
inline constexpr std::size_t kPhases = 4;

enum class Verdict : std::uint8_t {
  kNothing,
  kCrash,          // the machine's process ends, at any phase
  kLoseRequest,    // kBefore of messages to the broker, to Inventory and of clients: it never arrives
  kLoseAnswer,     // kUnanswered of the same; of what commits (Store, Mark, Prune, ReadOutbox, Resend): it landed, and the connection broke (in doubt)
  kDuplicate,      // kBefore and kUnanswered of the same: it, or its answer, arrives twice
  kLoseCommit,     // kUnanswered of what commits: rolled back, and the connection broke (in doubt)
  kSerialization,  // kPartly of a Load, Store, Mark, Prune or Resend: 40001
  kDisconnect,     // kPartly of every statement: the connection breaks before COMMIT
  kReject,         // kBefore of CommitOffsets: the broker refuses it; of Produce: undeliverable
  kPause,          // kUnanswered of a ReadOutbox, Produce: the relay's thread stands still, and learns it that much later
  kDelay,          // what comes next of it comes later, by as much as the rule says: a message, an answer, a statement; never by luck, which draws delays anyway
};
inline constexpr std::size_t kVerdicts = 11;

std::string_view to_string(Role role);        // intake, reader, orders-relay, orders-delivery, inventory-relay, inventory-delivery, orders-sweeper, inventory-sweeper, menu, orders-operator, inventory-operator, client
std::string_view to_string(Verb verb);        // load, store, read-outbox, produce, mark, read-orders, poll, commit-offsets, wait, request, find-due, prune, ask-menu, find-letters, resend
std::string_view to_string(Phase phase);      // before, partly, unanswered, answered
std::string_view to_string(Verdict verdict);  // nothing, crash, lose-request, lose-answer, duplicate, lose-commit, serialization, disconnect, reject, pause, delay
std::optional<Role> parse_role(std::string_view word);
std::optional<Verb> parse_verb(std::string_view word);
std::optional<Phase> parse_phase(std::string_view word);
std::optional<Verdict> parse_verdict(std::string_view word);

struct Moment {
  Role role = Role::kIntake;
  std::uint32_t replica = 0;  // of the role's service; of a client: which
  Verb verb = Verb::kLoad;
  Phase phase = Phase::kBefore;
  OrderId order;        // one that it is about, or nil
  Subject subject = 0;  // unique and causal: who, which incarnation, which effect
};

// Which machines have which effects: the rows of the crash table.
bool has_effect(Role role, Verb verb);

// Which verdicts make sense at a moment; everything else is a mistake in a scenario.
bool makes_sense(Role role, Verb verb, Phase phase, Verdict verdict);

}  // namespace quickbite::sim
