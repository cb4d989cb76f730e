#include "domain/message/trace.h"

#include <cstddef>

namespace quickbite {
namespace {

constexpr std::size_t kLength = 55;  // of version 00
constexpr std::size_t kIdAt = 3, kSpanAt = 36, kFlagsAt = 53;

// Lower case only (section 3.2.2); nullopt for anything else.
std::optional<std::uint64_t> hex(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char c : digits) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && !(c >= 'a' && c <= 'f')) return std::nullopt;
    value = value << 4 | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return value;
}

void append_hex(std::string& out, std::uint64_t value, int digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += kDigits[value >> shift & 15];
}

std::uint64_t span_of(const Uuid& id) {
  const std::uint64_t span = id.high ^ id.low;
  return span == 0 ? 1 : span;
}

}  // namespace

std::optional<Trace> parse_trace(std::string_view text) {
  if (text.size() < kLength || text[2] != '-' || text[kSpanAt - 1] != '-' || text[kFlagsAt - 1] != '-') return std::nullopt;
  const auto version = hex(text.substr(0, 2));
  if (!version || *version == 0xff || (*version == 0 && text.size() != kLength)) return std::nullopt;
  if (text.size() > kLength && text[kLength] != '-') return std::nullopt;
  const auto high = hex(text.substr(kIdAt, 16));
  const auto low = hex(text.substr(kIdAt + 16, 16));
  const auto span = hex(text.substr(kSpanAt, 16));
  const auto flags = hex(text.substr(kFlagsAt, 2));
  if (!high || !low || !span || !flags || (*high == 0 && *low == 0) || *span == 0) return std::nullopt;
  return Trace{{*high, *low}, *span, static_cast<std::uint8_t>(*flags)};
}

std::optional<Trace> trace_in(const Headers& headers) {
  std::optional<std::string_view> found;
  for (const Header& each : headers) {
    if (each.name != kTraceHeader) continue;
    if (found) return std::nullopt;
    found = each.value;
  }
  return found ? parse_trace(*found) : std::nullopt;
}

std::string to_traceparent(const Trace& trace) {
  std::string out;
  out.reserve(kLength);
  out += "00-";
  append_hex(out, trace.id.high, 16);
  append_hex(out, trace.id.low, 16);
  out += '-';
  append_hex(out, trace.span, 16);
  out += '-';
  append_hex(out, trace.flags, 2);
  return out;
}

std::string trace_id_text(const Trace& trace) { return to_traceparent(trace).substr(kIdAt, 32); }

Trace trace_of_order(const OrderId& order) {
  const Uuid id = order.value == Uuid{} ? Uuid{0, 1} : order.value;
  return {id, span_of(id), 1};
}

Trace trace_at(const Trace& trace, const EventId& event) { return {trace.id, span_of(event.value), trace.flags}; }

}  // namespace quickbite
