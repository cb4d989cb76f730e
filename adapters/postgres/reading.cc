#include "adapters/postgres/reading.h"

#include <charconv>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/connection.h"

namespace quickbite::postgres {
namespace {

std::int64_t integer_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw UnreadableRow(absl::StrCat("not an integer: ", std::string(text)));
  }
  return value;
}

Uuid uuid_of(std::string_view text) {
  const std::optional<Uuid> uuid = parse_uuid(text);
  if (!uuid) throw UnreadableRow(absl::StrCat("not a uuid: ", std::string(text)));
  return *uuid;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  throw UnreadableRow("a bytea that is not in the format hex");
}

// bytea_output = hex: "\x" and two digits a byte.
std::string bytes_of(std::string_view text) {
  if (text.size() % 2 != 0 || text.substr(0, 2) != "\\x") throw UnreadableRow("a bytea that is not in the format hex");
  std::string out;
  out.reserve(text.size() / 2 - 1);
  for (std::size_t i = 2; i < text.size(); i += 2) {
    out.push_back(static_cast<char>(hex_digit(text[i]) << 4 | hex_digit(text[i + 1])));
  }
  return out;
}

}  // namespace

std::string microseconds_of(std::string_view column) {
  return absl::StrCat("(extract(epoch FROM ", std::string(column), ") * 1000000)::bigint");
}

std::int64_t RowReader::integer() { return integer_of(text()); }

Uuid RowReader::uuid() { return uuid_of(text()); }

std::vector<Uuid> RowReader::uuids() {
  std::vector<Uuid> out;
  for_each_element(take(), [&](std::string_view element) { out.push_back(uuid_of(element)); });
  return out;
}

std::string RowReader::raw() { return bytes_of(text()); }

std::optional<std::string> RowReader::raw_or_null() {
  if (next_is_null()) return skip(1), std::nullopt;
  return raw();
}

Lines RowReader::lines() {
  std::vector<Line> lines;
  for_each_element(take(), [&](std::string_view sku) { lines.push_back({Sku(std::string(sku)), Quantity{}}); });
  std::size_t i = 0;
  for_each_element(take(), [&](std::string_view quantity) {
    if (i < lines.size()) lines[i].quantity = Quantity(integer_of(quantity));
    ++i;
  });
  if (i != lines.size()) throw UnreadableRow("lines with more SKUs than quantities, or fewer");
  return lines;
}

Headers RowReader::headers() {
  Headers headers;
  for_each_element(take(), [&](std::string_view name) { headers.push_back({bytes_of(name), {}}); });
  std::size_t i = 0;
  for_each_element(take(), [&](std::string_view value) {
    if (i < headers.size()) headers[i].value = bytes_of(value);
    ++i;
  });
  if (i != headers.size()) throw UnreadableRow("headers with more names than values, or fewer");
  return headers;
}

void RowReader::unknown(std::string_view text) {
  throw UnreadableRow(absl::StrCat("a value that this binary does not know: ", std::string(text)));
}

}  // namespace quickbite::postgres
