#include "sim/fault/moment.h"

#include <array>
#include <initializer_list>

#include "domain/base/check.h"

namespace quickbite::sim {
namespace {

constexpr std::array<std::string_view, kRoles> kRoleWords = {
    "intake", "reader", "orders-relay", "orders-delivery", "inventory-relay", "inventory-delivery",
    "orders-sweeper", "inventory-sweeper", "menu", "orders-operator", "inventory-operator", "client",
};
constexpr std::array<std::string_view, kVerbs> kVerbWords = {
    "load",        "store", "read-outbox",    "produce", "mark",
    "read-orders", "poll",  "commit-offsets", "wait",    "request",
    "find-due",    "prune", "ask-menu",       "find-letters", "resend",
};
constexpr std::array<std::string_view, kPhases> kPhaseWords = {"before", "partly", "unanswered",
                                                               "answered"};
constexpr std::array<std::string_view, kVerdicts> kVerdictWords = {
    "nothing",     "crash",         "lose-request", "lose-answer", "duplicate",
    "lose-commit", "serialization", "disconnect",   "reject",
    "pause",       "delay",
};

template <class Enum, std::size_t n>
std::string_view word_of(const std::array<std::string_view, n>& words, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  CHECK(index < n);
  return words[index];
}

template <class Enum, std::size_t n>
std::optional<Enum> value_of(const std::array<std::string_view, n>& words, std::string_view word) {
  for (std::size_t i = 0; i < n; ++i) {
    if (words[i] == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

// A set of enumerators, a bit each.
template <class Enum>
struct Set {
  std::uint32_t bits = 0;
  constexpr Set(std::initializer_list<Enum> members) {
    for (const Enum member : members) bits |= bit(member);
  }
  constexpr bool has(Enum member) const { return (bits & bit(member)) != 0; }
  static constexpr std::uint32_t bit(Enum member) {
    return 1U << static_cast<std::uint32_t>(member);
  }
};
using Verbs = Set<Verb>;
using PhaseSet = Set<Phase>;

constexpr Verbs kRelayVerbs = {Verb::kReadOutbox, Verb::kProduce, Verb::kMark, Verb::kWait};
constexpr Verbs kDeliveryVerbs = {Verb::kPoll, Verb::kLoad, Verb::kStore, Verb::kCommitOffsets};
constexpr Verbs kOperatorVerbs = {Verb::kFindLetters, Verb::kLoad, Verb::kStore, Verb::kResend,
                                  Verb::kWait};

// The effects of each role, in the order of the roles.
constexpr std::array<Verbs, kRoles> kEffects = {{
    {Verb::kLoad, Verb::kStore, Verb::kWait},  // intake
    {Verb::kReadOrders},                       // reader
    kRelayVerbs,
    kDeliveryVerbs,
    kRelayVerbs,
    kDeliveryVerbs,
    {Verb::kFindDue, Verb::kLoad, Verb::kStore, Verb::kPrune, Verb::kWait},  // orders-sweeper
    {Verb::kPrune, Verb::kWait},                                             // inventory-sweeper
    {Verb::kAskMenu},                                                        // menu
    kOperatorVerbs,
    kOperatorVerbs,
    {Verb::kRequest},                                                        // client
}};

// Where a verdict can be given: at these verbs, in these phases.
struct Place {
  Verdict verdict;
  Verbs verbs;
  PhaseSet phases;
};

constexpr PhaseSet kAnyPhase = {Phase::kBefore, Phase::kPartly, Phase::kUnanswered,
                                Phase::kAnswered};
// Everything that a process of ours does: it can end there. A client's process is nothing that we
// simulate the end of.
constexpr Verbs kMachineVerbs = {Verb::kLoad,    Verb::kStore,         Verb::kReadOutbox,
                                 Verb::kProduce, Verb::kMark,          Verb::kReadOrders,
                                 Verb::kPoll,    Verb::kCommitOffsets, Verb::kWait,
                                 Verb::kFindDue, Verb::kPrune,         Verb::kAskMenu,
                                 Verb::kFindLetters, Verb::kResend};
constexpr Verbs kEveryVerb = {
    Verb::kLoad,       Verb::kStore, Verb::kReadOutbox,    Verb::kProduce, Verb::kMark,
    Verb::kReadOrders, Verb::kPoll,  Verb::kCommitOffsets, Verb::kWait,    Verb::kRequest,
    Verb::kFindDue,    Verb::kPrune, Verb::kAskMenu,       Verb::kFindLetters, Verb::kResend};
// What travels as a message of its own; SQL does not.
constexpr Verbs kMessages = {Verb::kProduce, Verb::kPoll, Verb::kCommitOffsets, Verb::kRequest,
                             Verb::kAskMenu};
// What ends with a COMMIT that changes something; of a ReadOutbox, the lease.
constexpr Verbs kCommits = {Verb::kStore, Verb::kMark, Verb::kPrune, Verb::kReadOutbox, Verb::kResend};

// What a database is asked by its client, statement after statement.
constexpr Verbs kStatements = {Verb::kLoad,    Verb::kStore, Verb::kMark,        Verb::kReadOutbox, Verb::kReadOrders,
                               Verb::kFindDue, Verb::kPrune, Verb::kFindLetters, Verb::kResend};

constexpr Place kPlaces[] = {
    {Verdict::kNothing, kEveryVerb, kAnyPhase},
    {Verdict::kCrash, kMachineVerbs, kAnyPhase},
    {Verdict::kLoseRequest, kMessages, {Phase::kBefore}},
    {Verdict::kLoseAnswer, kMessages, {Phase::kUnanswered}},
    {Verdict::kLoseAnswer, kCommits, {Phase::kUnanswered}},
    {Verdict::kDuplicate, kMessages, {Phase::kBefore, Phase::kUnanswered}},
    {Verdict::kLoseCommit, kCommits, {Phase::kUnanswered}},
    {Verdict::kSerialization,
     {Verb::kLoad, Verb::kStore, Verb::kMark, Verb::kPrune, Verb::kResend},
     {Phase::kPartly}},
    {Verdict::kDisconnect, kStatements, {Phase::kPartly}},
    {Verdict::kReject, {Verb::kCommitOffsets, Verb::kProduce}, {Phase::kBefore}},
    {Verdict::kPause, {Verb::kReadOutbox, Verb::kProduce}, {Phase::kUnanswered}},
    {Verdict::kDelay, kMessages, {Phase::kBefore, Phase::kUnanswered}},
    {Verdict::kDelay, {Verb::kAskMenu}, {Phase::kPartly}},  // Inventory asks its database
    {Verdict::kDelay, kStatements, {Phase::kBefore, Phase::kPartly, Phase::kUnanswered}},
};

}  // namespace

std::string_view to_string(Role role) {
  return word_of(kRoleWords, role);
}
std::string_view to_string(Verb verb) {
  return word_of(kVerbWords, verb);
}
std::string_view to_string(Phase phase) {
  return word_of(kPhaseWords, phase);
}
std::string_view to_string(Verdict verdict) {
  return word_of(kVerdictWords, verdict);
}

std::optional<Role> parse_role(std::string_view word) {
  return value_of<Role>(kRoleWords, word);
}
std::optional<Verb> parse_verb(std::string_view word) {
  return value_of<Verb>(kVerbWords, word);
}
std::optional<Phase> parse_phase(std::string_view word) {
  return value_of<Phase>(kPhaseWords, word);
}
std::optional<Verdict> parse_verdict(std::string_view word) {
  return value_of<Verdict>(kVerdictWords, word);
}

bool has_effect(Role role, Verb verb) {
  const auto index = static_cast<std::size_t>(role);
  CHECK(index < kRoles);
  return kEffects[index].has(verb);
}

bool makes_sense(Role role, Verb verb, Phase phase, Verdict verdict) {
  if (!has_effect(role, verb)) return false;
  for (const Place& place : kPlaces) {
    if (place.verdict == verdict && place.verbs.has(verb) && place.phases.has(phase)) return true;
  }
  return false;
}

}  // namespace quickbite::sim
