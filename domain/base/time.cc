#include "domain/base/time.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace quickbite {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::int64_t kFirstDay = -719'528;  // 0000-01-01
constexpr std::int64_t kLastDay = 2'932'896;  // 9999-12-31

struct Civil {
  std::int64_t year;
  std::int64_t month;
  std::int64_t day;
};

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013), civil_from_days; `days`
// since 1970-01-01.
Civil civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;  // months from March
  const std::int64_t day = day_of_year - (153 * shifted + 2) / 5 + 1;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

void put(char* text, std::size_t at, std::size_t width, std::int64_t value) {
  for (std::size_t i = at + width; i > at; --i) {
    text[i - 1] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

}  // namespace

void write_rfc3339(Instant at, char* text) {
  const std::int64_t us = std::clamp(at.us, kFirstDay * kDay, (kLastDay + 1) * kDay - 1);
  const std::int64_t days = (us >= 0 ? us : us - (kDay - 1)) / kDay;
  const std::int64_t of_day = us - days * kDay;
  const Civil civil = civil_from_days(days);
  std::memcpy(text, "0000-00-00T00:00:00.000000Z", kRfc3339Bytes);
  put(text, 0, 4, civil.year);
  put(text, 5, 2, civil.month);
  put(text, 8, 2, civil.day);
  put(text, 11, 2, of_day / (3600 * kSecond));
  put(text, 14, 2, of_day / (60 * kSecond) % 60);
  put(text, 17, 2, of_day / kSecond % 60);
  put(text, 20, 6, of_day % kSecond);
}

std::string to_rfc3339(Instant at) {
  std::string text(kRfc3339Bytes, '\0');
  write_rfc3339(at, text.data());
  return text;
}

}  // namespace quickbite
