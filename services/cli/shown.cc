#include "services/cli/shown.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "domain/base/utf8.h"
#include "services/cli/terminal.h"

namespace quickbite::cli {

absl::Time time_of(Instant at) { return absl::FromUnixMicros(at.us); }

std::string ago(Instant at) {
  const absl::Duration age = absl::Now() - time_of(at);
  return for_people(std::max(age, absl::ZeroDuration())) + " ago";
}

std::optional<Instant> parse_moment(const std::string& text) {
  absl::Time time;
  std::string why;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &why)) return Instant{absl::ToUnixMicros(time)};
  absl::Duration age;
  if (!absl::ParseDuration(text, &age) || age < absl::ZeroDuration()) return std::nullopt;
  return Instant{absl::ToUnixMicros(absl::Now() - age)};
}

std::string one_line(std::string_view bytes, std::size_t most) {
  const std::string head(bytes.substr(0, most));
  const bool cut = bytes.size() > most;
  const bool plain = (is_utf8(head) || cut) && !has_control_character(head.substr(0, utf8_valid_prefix(head)));
  const std::string text = plain ? head.substr(0, utf8_valid_prefix(head)) : absl::CHexEscape(head);
  return cut ? absl::StrCat(text, "… (", bytes.size(), " bytes)") : text;
}

std::string hex_of(std::string_view bytes) { return absl::BytesToHexString(std::string(bytes)); }

void member_of_bytes(JsonText& json, std::string_view name, std::string_view bytes) {
  if (is_utf8(bytes)) {
    json.member(name, bytes);
  } else {
    json.member(std::string(name) + "_hex", hex_of(bytes));
  }
}

std::string place_of(Topic topic, Partition partition, Offset offset) {
  return absl::StrCat(std::string(to_string(topic)), "/", partition.value, "@", offset.value);
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  const auto columns_of = [](const std::string& text) {  // code points, near enough
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  };
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  std::string out;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += row[i];
      if (i + 1 < row.size()) out.append(widths[i] - columns_of(row[i]) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

}  // namespace quickbite::cli
