// Readiness: when a replica may be sent requests: the decision that /readyz tells, and that the simulator's clients go by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace quickbite {

// What a service has to have.
enum class Need : std::uint8_t {
  kRunning,     // it was not told to end
  kDatabase,    // it answers
  kSchema,      // in a version that the service works with
  kBroker,      // it answers, and has our topics
  kPartitions,  // the group has told this member which are its own
};
inline constexpr std::size_t kNeeds = 5;
std::string_view to_string(Need need);  // running, database, schema, broker, partitions

// Some of them.
class Needs {
 public:
  constexpr Needs() = default;
  static constexpr Needs all() { return Needs((1U << kNeeds) - 1); }

  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool has(Need need) const { return (bits_ & bit(need)) != 0; }
  constexpr void add(Need need) { bits_ |= bit(need); }
  constexpr void remove(Need need) { bits_ &= ~bit(need); }

  auto fields() const { return std::tie(bits_); }
  friend constexpr bool operator==(const Needs&, const Needs&) = default;

 private:
  constexpr explicit Needs(std::uint32_t bits) : bits_(bits) {}
  static constexpr std::uint32_t bit(Need need) { return 1U << static_cast<std::uint32_t>(need); }
  std::uint32_t bits_ = 0;
};

// What the replica waits for; it is ready where that is nothing. `unmet`: what it has not got; `was_ready`: since its process
// began it was ready once. From then on the broker and the partitions do not count: Orders takes orders while Kafka is away, and
// a rebalance takes nobody out of service.
Needs waited_for(Needs unmet, bool was_ready);

}  // namespace quickbite
