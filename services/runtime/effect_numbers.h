// EffectNumbers: how often each kind of effect of a machine came to what, and how long it took: the seam of every machine, in
// production, is what is measured. Observed puts them around a machine's `perform`.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/metrics/registry.h"
#include "domain/port/broker.h"
#include "domain/port/ledger.h"
#include "domain/port/menu.h"
#include "services/runtime/order_numbers.h"
#include "services/runtime/row_log.h"

namespace quickbite::runtime {

enum class Outcome : std::uint8_t { kOk, kAborted, kRefused, kUnavailable, kInDoubt, kFailed };
inline constexpr std::array<std::string_view, 6> kOutcomes = {"ok", "aborted", "refused", "unavailable", "in_doubt", "failed"};

template <class A>
constexpr Outcome outcome_of(const A&) {
  if constexpr (std::is_same_v<A, Aborted>) return Outcome::kAborted;
  if constexpr (std::is_same_v<A, Refused>) return Outcome::kRefused;
  if constexpr (std::is_same_v<A, Unavailable>) return Outcome::kUnavailable;
  if constexpr (std::is_same_v<A, InDoubt>) return Outcome::kInDoubt;
  if constexpr (std::is_same_v<A, CommitFailed> || std::is_same_v<A, MenuAway>) return Outcome::kFailed;
  return Outcome::kOk;
}
template <class... A>
Outcome outcome_of(const std::variant<A...>& answer) {
  return std::visit([](const auto& a) { return outcome_of(a); }, answer);
}

// What an effect is called in labels.
template <class E>
struct EffectTraits;
template <>
struct EffectTraits<Poll> {
  static constexpr std::string_view kName = "poll";
};
template <>
struct EffectTraits<CommitOffsets> {
  static constexpr std::string_view kName = "commit_offsets";
};
template <>
struct EffectTraits<Produce> {
  static constexpr std::string_view kName = "produce";
};
template <>
struct EffectTraits<ReadOutbox> {
  static constexpr std::string_view kName = "read_outbox";
};
template <>
struct EffectTraits<MarkOutbox> {
  static constexpr std::string_view kName = "mark_outbox";
};
template <>
struct EffectTraits<FindDue> {
  static constexpr std::string_view kName = "find_due";
};
template <>
struct EffectTraits<Prune> {
  static constexpr std::string_view kName = "prune";
};
template <>
struct EffectTraits<ReadOrders> {
  static constexpr std::string_view kName = "read_orders";
};
template <>
struct EffectTraits<AskMenu> {
  static constexpr std::string_view kName = "ask_menu";
};
template <class L>
struct EffectTraits<Load<L>> {
  static constexpr std::string_view kName = "load";
};
template <class L>
struct EffectTraits<Store<L>> {
  static constexpr std::string_view kName = "store";
};

// How many things one round trip carried: 0 for what is no batch, or was an empty one.
template <class E>
std::size_t batch_of(const E&) {
  return 0;
}
template <class L>
std::size_t batch_of(const Load<L>& load) {
  return load.keys.orders.size();
}
inline std::size_t batch_of(const Produce& produce) { return produce.messages.size(); }
inline std::size_t batch_of(const ReadOrders& read) { return read.orders.size() + read.pages.size() + read.trails.size(); }

// Of one machine; used by its thread alone.
class EffectNumbers {
 public:
  EffectNumbers(std::shared_ptr<metrics::Registry> registry, std::string machine);

  void observe(std::string_view effect, Outcome outcome, std::chrono::steady_clock::duration took, std::size_t batch);

 private:
  struct Numbers {
    metrics::Histogram took;
    std::optional<metrics::Histogram> batch;  // from the first batch on
    std::array<metrics::Counter, kOutcomes.size()> outcomes;
  };
  Numbers& numbers(std::string_view effect);
  metrics::Labels labels(std::string_view effect) const;

  const std::shared_ptr<metrics::Registry> registry_;
  const std::string machine_;
  std::map<std::string_view, Numbers> by_effect_;
};

// A machine's `perform` (services/runtime/effects.h), observed.
template <class Perform>
class Observed {
 public:
  Observed(std::shared_ptr<metrics::Registry> registry, const log::Logger& logger, std::string machine, Perform perform)
      : perform_(std::move(perform)), log_(logger.named(machine)), numbers_(registry, std::move(machine)) {
    if constexpr (kStoresOrders) orders_.emplace(*registry);
  }

  template <class E>
  auto operator()(E&& effect) -> decltype(std::declval<Perform&>()(std::forward<E>(effect))) {
    using Effect = std::decay_t<E>;
    const std::size_t batch = batch_of(effect);
    [[maybe_unused]] OrderNumbers::Changes changes;
    if constexpr (std::is_same_v<Effect, Store<OrdersLedger>>) changes = OrderNumbers::changes_of(effect);
    [[maybe_unused]] std::vector<RowLog::Line> lines;
    if constexpr (requires { log_.lines_of(effect); }) lines = log_.lines_of(effect);
    const auto begin = std::chrono::steady_clock::now();
    auto answer = perform_(std::forward<E>(effect));
    const Outcome outcome = outcome_of(answer);
    numbers_.observe(EffectTraits<Effect>::kName, outcome, std::chrono::steady_clock::now() - begin, batch);
    if constexpr (std::is_same_v<Effect, Store<OrdersLedger>>) {
      if (outcome == Outcome::kOk) orders_->observe(changes);
    }
    if (outcome == Outcome::kOk) log_.write(lines);
    return answer;
  }

 private:
  static constexpr bool kStoresOrders = std::is_invocable_v<const Perform&, Store<OrdersLedger>&&>;

  Perform perform_;
  std::optional<OrderNumbers> orders_;
  RowLog log_;
  EffectNumbers numbers_;
};

}  // namespace quickbite::runtime
