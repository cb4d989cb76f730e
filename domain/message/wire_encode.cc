#include <utility>

#include "domain/message/json_write.h"
#include "domain/message/wire.h"

namespace quickbite {
namespace {

using json::append_number;
using json::append_string;
using json::append_uuid;

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

// Everything in an event was validated as UTF-8 when it came in, so it is written as it stands.
Bytes encode_event(const Event& event) {
  std::string out;
  out.reserve(size_estimate(event.what));
  out += "{\"type\":\"";
  out += type_name(event.what);
  out += "\",\"eventId\":\"";
  append_uuid(out, event.id.value);
  out += "\",\"orderId\":\"";
  append_uuid(out, order_of(event.what).value);
  out += '"';
  std::visit([&](const auto& what) { append_fields(out, what); }, event.what);
  out += '}';
  return Bytes(std::move(out));
}

}  // namespace quickbite
