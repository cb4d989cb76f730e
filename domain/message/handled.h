// What came of a record.
#pragma once

#include <cstdint>
#include <string_view>

namespace quickbite {

enum class Handled : std::uint8_t { kApplied, kIgnored, kDeadLettered };

std::string_view to_string(Handled handled);  // APPLIED, IGNORED, DEAD_LETTERED

}  // namespace quickbite
