#include "services/live/evidence.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "domain/message/wire.h"
#include "domain/port/dead_letter.h"
#include "services/live/sql.h"
#include "services/live/topic_log.h"

namespace quickbite::live {
namespace {

absl::Status wrong(std::string what) { return absl::FailedPreconditionError(std::move(what)); }

std::string list(const Orders& orders) {
  return absl::StrCat("'{", absl::StrJoin(orders, ",", [](std::string* out, const OrderId& order) {
                        absl::StrAppend(out, to_string(order.value));
                      }),
                      "}'::uuid[]");
}

bool same_message(const Message& a, const Message& b) { return a.key == b.key && a.value == b.value; }

}  // namespace

absl::StatusOr<std::int64_t> unsent_events(Stack& stack, const Orders& orders) {
  return sql_number(stack.orders_database(),
                    absl::StrCat("SELECT count(*) FROM outbox_events WHERE sent_offset IS NULL AND key = ANY (SELECT "
                                 "convert_to(id::text, 'UTF8') FROM unnest(",
                                 list(orders), ") AS id)"));
}

absl::StatusOr<std::int64_t> reservations(Stack& stack, const Orders& orders, std::string_view state) {
  return sql_number(stack.inventory_database(), absl::StrCat("SELECT count(*) FROM reservations WHERE order_id = ANY (",
                                                             list(orders), ") AND state = '", std::string(state), "'"));
}

absl::StatusOr<StockLevel> stock_of(Stack& stack, const std::string& sku) {
  const auto rows = sql_rows(stack.inventory_database(),
                             absl::StrCat("SELECT available, reserved FROM stock WHERE sku = '", sku, "'"));
  if (!rows.ok()) return rows.status();
  StockLevel level;
  if (rows->empty()) return level;
  if (!absl::SimpleAtoi(rows->front()[0], &level.available) || !absl::SimpleAtoi(rows->front()[1], &level.reserved)) {
    return absl::InternalError("stock is no number");
  }
  return level;
}

absl::Status reserved_once(Stack& stack, const Orders& orders, const std::string& sku, std::int64_t quantity) {
  const auto reserved = reservations(stack, orders, "RESERVED");
  if (!reserved.ok()) return reserved.status();
  if (*reserved != static_cast<std::int64_t>(orders.size())) {
    return wrong(absl::StrCat(*reserved, " of ", orders.size(), " orders are reserved in the database"));
  }
  const auto taken = sql_rows(stack.inventory_database(),
                              absl::StrCat("SELECT count(*), coalesce(sum(quantity), 0) FROM stock_movements WHERE order_id = "
                                           "ANY (", list(orders), ") AND kind = 'RESERVE' AND sku = '", sku, "'"));
  if (!taken.ok()) return taken.status();
  if (taken->front() != SqlRow{absl::StrCat(orders.size()), absl::StrCat(quantity)}) {
    return wrong(absl::StrCat(taken->front()[0], " movements took ", taken->front()[1], " of ", sku, " for ",
                              orders.size(), " orders of ", quantity));
  }
  const auto level = stock_of(stack, sku);
  if (!level.ok()) return level.status();
  const auto moved = sql_rows(
      stack.inventory_database(),
      absl::StrCat("SELECT sum(CASE kind WHEN 'RESERVE' THEN -quantity ELSE quantity END), "
                   "sum(CASE kind WHEN 'RESERVE' THEN quantity WHEN 'RELEASE' THEN -quantity ELSE 0 END) "
                   "FROM stock_movements WHERE sku = '", sku, "'"));
  if (!moved.ok()) return moved.status();
  if (moved->front() == SqlRow{absl::StrCat(level->available), absl::StrCat(level->reserved)}) return absl::OkStatus();
  return wrong(absl::StrCat("the stock of ", sku, " is ", level->available, " available and ", level->reserved,
                            " reserved; its movements add up to ", moved->front()[0], " and ", moved->front()[1]));
}

absl::StatusOr<std::int64_t> events_in_topic(Stack& stack, const Orders& orders, Topic topic, std::string_view type) {
  const auto records = read_topic(stack.kafka().bootstrap(), topic);
  if (!records.ok()) return records.status();
  std::map<OrderId, std::set<EventId>> seen;
  for (const OrderId& order : orders) seen[order];
  std::int64_t copies = 0;
  for (const Record& record : *records) {
    const Decoded decoded = decode_record(record.message);
    const auto* event = std::get_if<Event>(&decoded);
    if (event == nullptr || type_name(event->what) != type) continue;
    const auto at = seen.find(order_of(event->what));
    if (at == seen.end()) continue;
    at->second.insert(event->id);
    ++copies;
  }
  for (const auto& [order, ids] : seen) {
    if (ids.size() == 1) continue;
    return wrong(absl::StrCat(std::string(to_string(topic)), " holds ", ids.size(), " different ", std::string(type),
                              " of order ", to_string(order.value)));
  }
  return copies;
}

absl::Status dead_letters_of(const std::string& bootstrap, const std::vector<Record>& records, std::string_view reason) {
  if (records.empty()) return wrong("no record was written");
  const Topic topic = dead_letter_topic(records.front().message.topic);
  const auto letters = read_topic(bootstrap, topic);
  if (!letters.ok()) return letters.status();
  for (const Record& record : records) {
    std::set<std::string> ids;  // a letter may be sent twice; it is one letter
    for (const Record& letter : *letters) {
      const auto origin = dead_letter_origin(letter.message.headers);
      if (!origin || origin->topic != record.message.topic || origin->partition != record.message.partition ||
          origin->offset != record.offset) {
        continue;
      }
      if (!same_message(letter.message, record.message)) return wrong("a dead letter's bytes are not its record's");
      if (origin->reason != reason) return wrong(absl::StrCat("a dead letter's reason is ", std::string(origin->reason)));
      ids.insert(std::string(header(letter.message.headers, kEventIdHeader).value_or("")));
    }
    if (ids.size() == 1) continue;
    return wrong(absl::StrCat(std::string(to_string(topic)), " holds ", ids.size(), " dead letters of partition ",
                              record.message.partition.value, " offset ", record.offset.value));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Record>> write_half_json(const std::string& bootstrap, int partitions, std::string_view mark) {
  std::vector<Message> messages;
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    Message& message = messages.emplace_back();
    message.topic = Topic::kOrders;
    message.partition = Partition{partition};
    message.key = "who-knows";
    message.value = Bytes(absl::StrCat("{\"type\":\"OrderCreated\", oops ", std::string(mark)));
    message.headers = {{"written-by", "a stranger"}};
  }
  return write_records(bootstrap, std::move(messages));
}

}  // namespace quickbite::live
