#include <array>
#include <charconv>

#include "domain/base/match.h"
#include "domain/message/wire.h"

namespace quickbite {
namespace {

// RFC 8259 section 7. Everything in an event was validated as UTF-8 when it came in, so that only what JSON itself asks
// for is escaped.
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

void append_line(std::string& out, const Line& line) {
  out += "\"sku\":";
  append_string(out, line.sku.value);
  out += ",\"quantity\":";
  append_number(out, line.quantity.value);
}

void append_fields(std::string& out, const OrderCreated& what) {
  out += ",\"userId\":";
  append_string(out, what.user.value);
  if (what.lines.size() == 1) {
    out += ',';
    append_line(out, what.lines.front());
  }
  out += ",\"items\":[";
  for (std::size_t i = 0; i < what.lines.size(); ++i) {
    out += i == 0 ? "{" : ",{";
    append_line(out, what.lines[i]);
    out += '}';
  }
  out += ']';
}

void append_fields(std::string& out, const OrderCancelled& what) {
  out += ",\"reason\":";
  append_string(out, to_string(what.reason));
}

void append_fields(std::string&, const InventoryReserved&) {}

void append_fields(std::string& out, const InventoryRejected& what) {
  out += ",\"reason\":";
  append_string(out, to_string(what.reason));
}

std::size_t size_estimate(const Happening& what) {
  std::size_t size = 192;
  if (const auto* created = std::get_if<OrderCreated>(&what)) {
    size += created->user.value.size();
    for (const Line& line : created->lines) size += 2 * line.sku.value.size() + 64;
  }
  return size;
}

}  // namespace

Bytes encode_event(const Event& event) {
  std::string out;
  out.reserve(size_estimate(event.what));
  out += "{\"type\":\"";
  out += type_name(event.what);
  out += "\",\"eventId\":\"";
  out += to_string(event.id.value);
  out += "\",\"orderId\":\"";
  out += to_string(order_of(event.what).value);
  out += '"';
  std::visit([&](const auto& what) { append_fields(out, what); }, event.what);
  out += '}';
  return Bytes(std::move(out));
}

}  // namespace quickbite
