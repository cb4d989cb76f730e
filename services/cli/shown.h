// What an operator's command shows of rows and records: times, bytes, tables.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "domain/base/time.h"
#include "domain/port/rows.h"
#include "services/cli/json_text.h"

namespace quickbite::cli {

absl::Time time_of(Instant at);
std::string ago(Instant at);  // "3 min ago"

// "2026-02-03T04:05:06Z", or how long ago: "2h", "90s". Nullopt where it is neither.
std::optional<Instant> parse_moment(const std::string& text);

// On one line and safe on a terminal, at most `most` bytes of it: what is no text is escaped.
std::string one_line(std::string_view bytes, std::size_t most = 80);

std::string hex_of(std::string_view bytes);

// As `name` where the bytes are UTF-8, else as `name`_hex.
void member_of_bytes(JsonText& json, std::string_view name, std::string_view bytes);

// "orders.v1/2@41"
std::string place_of(Topic topic, Partition partition, Offset offset);

// Columns of text, as wide as they have to be; two blanks between them.
class Table {
 public:
  explicit Table(std::vector<std::string> head) : rows_{std::move(head)} {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace quickbite::cli
