// How many values each enumeration has that a column holds by name, for RowReader::one_of.
#pragma once

namespace quickbite::postgres {

inline constexpr int kStatuses = 3;
inline constexpr int kReasons = 5;
inline constexpr int kHandledValues = 3;

}  // namespace quickbite::postgres
