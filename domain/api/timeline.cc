#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/api/answers.h"
#include "domain/api/api.h"
#include "domain/message/event.h"
#include "domain/message/json_write.h"

namespace quickbite::api {
namespace {

using json::append_number;
using json::append_string;
using json::append_time;
using json::append_uuid;

// One step, as an object under construction. Steps are told by time; those of one transaction in the order in which they were
// added.
struct Told {
  Instant at;
  std::string json;
};

void open_step(std::string& out, std::string_view what, Instant at) {
  out += "{\"what\":";
  append_string(out, what);
  out += ",\"at\":\"";
  append_time(out, at);
  out += '"';
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += ',';
  append_string(out, name);
  out += ':';
  append_string(out, text);
}

void append_member(std::string& out, std::string_view name, std::int64_t number) {
  out += ',';
  append_string(out, name);
  out += ':';
  append_number(out, number);
}

void append_place(std::string& out, Topic topic, Partition partition, Offset offset) {
  append_member(out, "topic", to_string(topic));
  append_member(out, "partition", partition.value);
  append_member(out, "offset", offset.value);
}

Told transition(const HistoryRow& row) {
  Told told{row.at, {}};
  open_step(told.json, row.before ? to_string(row.after) : "CREATED", row.at);
  append_member(told.json, "version", row.version.value);
  if (row.reason) append_member(told.json, "reason", to_string(*row.reason));
  told.json += '}';
  return told;
}

// When it was sent nobody wrote down: `at` is when it was written for sending.
Told announcement(const Announcement& row) {
  Told told{row.created_at, {}};
  open_step(told.json, row.sent ? "PUBLISHED" : row.parked ? "PARKED" : "TO_BE_PUBLISHED", row.created_at);
  append_member(told.json, "event", row.type);
  if (row.sent) {
    append_place(told.json, row.topic, row.sent->partition, row.sent->offset);
  } else {
    append_member(told.json, "topic", to_string(row.topic));
  }
  told.json += '}';
  return told;
}

Told handled(const ProcessedRow& row, std::string_view event) {
  Told told{row.at, {}};
  open_step(told.json, "RECEIVED", row.at);
  append_member(told.json, "event", event);
  append_member(told.json, "handled", to_string(row.handled));
  append_place(told.json, row.topic, row.partition, row.offset);
  told.json += '}';
  return told;
}

// What an event of this order is called whose id is all that is known.
std::string_view name_of(const OrderId& order, const EventId& id) {
  for (const Happening& what :
       {Happening(OrderCreated{order, {}, {}}), Happening(OrderCancelled{order, CancelReason::kCustomer}),
        Happening(InventoryReserved{order}), Happening(InventoryRejected{order, RejectReason::kOutOfStock})}) {
    if (event_id(what) == id) return type_name(what);
  }
  return "";
}

std::vector<Told> steps(const OrderId& order, const OrderTrail& trail) {
  std::vector<Told> all;
  // A record is received before what it brings about, in the same transaction; that is announced after it.
  for (const ProcessedRow& row : trail.handled) all.push_back(handled(row, name_of(order, row.id)));
  for (const HistoryRow& row : trail.history) all.push_back(transition(row));
  for (const Announcement& row : trail.announced) all.push_back(announcement(row));
  std::stable_sort(all.begin(), all.end(), [](const Told& a, const Told& b) { return a.at < b.at; });
  return all;
}

// What the order waits for, and since when; nullopt where it waits for nothing.
std::optional<std::string> waiting_for(const OrderRow& order, const OrderTrail& trail) {
  std::string out;
  for (const Announcement& row : trail.announced) {
    if (row.sent) continue;
    open_step(out, row.parked ? "OPERATOR" : "BROKER", row.created_at);
    append_member(out, "event", row.type);
    out += '}';
    return out;
  }
  if (order.status != OrderStatus::kPending) return std::nullopt;
  open_step(out, "INVENTORY", order.created_at);
  append_member(out, "deadline", to_rfc3339(order.deadline));
  out += '}';
  return out;
}

}  // namespace

HttpAnswer answer_timeline(const OrderRow* order, const OrderTrail* trail, const GetTimeline& get) {
  if (order == nullptr || trail == nullptr || (get.caller && *get.caller != order->user)) return no_such_order();
  HttpAnswer answer;
  answer.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-cache"}};
  std::string& out = answer.body;
  out += "{\"orderId\":\"";
  append_uuid(out, order->id.value);
  out += "\",\"status\":";
  append_string(out, to_string(order->status));
  out += ",\"steps\":[";
  bool first = true;
  for (const Told& step : steps(order->id, *trail)) {
    if (!std::exchange(first, false)) out += ',';
    out += step.json;
  }
  out += "],\"waitingFor\":";
  out += waiting_for(*order, *trail).value_or("null");
  out += '}';
  return answer;
}

}  // namespace quickbite::api
