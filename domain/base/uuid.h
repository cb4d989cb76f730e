// Uuid: 128 bits of identity, and UUIDv5 (RFC 9562 section 5.5), by which ids are derived from what happened.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace quickbite {

struct Uuid {
  std::uint64_t high = 0;  // bytes 0..7, big-endian
  std::uint64_t low = 0;   // bytes 8..15, big-endian

  friend constexpr auto operator<=>(const Uuid&, const Uuid&) = default;
};

inline constexpr std::size_t kUuidTextBytes = 36;

// The canonical text: 36 characters, lower case, 8-4-4-4-12.
std::string to_string(const Uuid& uuid);

// The same 36 characters, without a NUL, to `out`.
void write_uuid(const Uuid& uuid, char* out);

// Reads exactly the canonical 36-character form (either case); anything else is nullopt.
std::optional<Uuid> parse_uuid(std::string_view text);

// UUIDv5 of `name` in the namespace `space` (SHA-1; RFC 9562 section 5.5). Equal arguments give equal ids, for ever.
Uuid uuid_v5(const Uuid& space, std::string_view name);
// The same of a name in parts, which need not be put together first.
Uuid uuid_v5_of_parts(const Uuid& space, std::initializer_list<std::string_view> name);

}  // namespace quickbite
