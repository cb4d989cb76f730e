// The scenario language, read: text → Plan. docs/scenarios.md is its grammar for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "domain/base/time.h"
#include "sim/plan/plan.h"

namespace quickbite::sim {

inline constexpr std::size_t kPlanBytesMax = 256 * 1024;
inline constexpr std::size_t kActsMax = 1000;
inline constexpr std::size_t kRulesMax = 1000;
inline constexpr std::size_t kExpectationsMax = 1000;
inline constexpr std::size_t kStocksMax = 100;
inline constexpr std::size_t kKillsMax = 100;
inline constexpr std::size_t kLabelBytesMax = 32;
inline constexpr std::size_t kNameBytesMax = 64;  // of a client, a key, a SKU
inline constexpr std::uint32_t kReplicasMax = 3;
inline constexpr std::int32_t kPartitionsMax = 4;
inline constexpr std::uint32_t kMutantMax = 1000;
inline constexpr std::uint32_t kNthMax = 1'000'000;
inline constexpr std::int64_t kStockMax = 1'000'000'000;
inline constexpr Duration kSpanMax = seconds(3600);  // of every time and length of time
inline constexpr Duration kDelayMax = seconds(10);   // of a rule

struct ParseError {
  int line = 0;         // from 1
  int column = 0;       // from 1, in bytes
  std::string message;  // "expected …, found …"

  friend bool operator==(const ParseError&, const ParseError&) = default;
};

// "FILE:LINE:COLUMN: expected …, found …", as compilers write it.
std::string to_string(const ParseError& error, std::string_view file);

// The first mistake, or a plan in which every label, replica, partition and moment that is named
// exists.
std::variant<Plan, ParseError> parse_plan(std::string_view text);

}  // namespace quickbite::sim
