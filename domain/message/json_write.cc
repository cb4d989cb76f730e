#include "domain/message/json_write.h"

#include <array>
#include <charconv>
#include <cstddef>

namespace quickbite::json {

void append_string(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 0xF];
    } else {
      out += '\\';
      out += c;
    }
  }
  out.append(text, plain);
  out += '"';
}

void append_number(std::string& out, std::int64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_uuid(std::string& out, const Uuid& value) {
  std::array<char, kUuidTextBytes> text;
  write_uuid(value, text.data());
  out.append(text.data(), text.size());
}

void append_time(std::string& out, Instant value) {
  std::array<char, kRfc3339Bytes> text;
  write_rfc3339(value, text.data());
  out.append(text.data(), text.size());
}

}  // namespace quickbite::json
