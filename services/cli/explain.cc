#include "services/cli/explain.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/ledger_session.h"
#include "domain/message/event.h"
#include "domain/port/dead_letter.h"
#include "services/cli/shown.h"

namespace quickbite::cli {
namespace {

using postgres::Service;

constexpr std::int64_t kLettersOfOneOrder = 100;

std::string title(Service service) { return service == Service::kOrders ? "Orders" : "Inventory"; }

template <class Row>
const Row* find(const std::vector<Row>& rows, const EventId& id) {
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.id == id; });
  return at == rows.end() ? nullptr : &*at;
}

// One event of the order's way, from one service to the other.
struct Leg {
  EventId id;
  std::string_view type;
  Service from;
};

std::vector<Leg> legs_of(const OrderId& order) {
  return {{event_id(OrderCreated{order, {}, {}}), "OrderCreated", Service::kOrders},
          {event_id(InventoryReserved{order}), "InventoryReserved", Service::kInventory},
          {event_id(InventoryRejected{order, RejectReason::kOutOfStock}), "InventoryRejected", Service::kInventory},
          {event_id(OrderCancelled{order, CancelReason::kCustomer}), "OrderCancelled", Service::kOrders},
          {event_id(OrderCancelled{order, CancelReason::kUnknownOrder}), "OrderCancelled", Service::kOrders}};
}

const std::vector<Announcement>& announced_by(const Story& story, Service service) {
  return service == Service::kOrders ? story.orders.announced : story.inventory.announced;
}
const std::vector<ProcessedRow>& handled_by(const Story& story, Service service) {
  return service == Service::kOrders ? story.orders.handled : story.inventory.handled;
}

// Whether the reader's own rows show that it has handled the event: dedupe rows do not last, and these do.
bool shows_in_rows(const Story& story, const Leg& leg) {
  const auto& reservation = story.inventory.reservation;
  if (leg.from == Service::kInventory) return story.order && story.order->status != OrderStatus::kPending;
  if (leg.type == "OrderCreated") return reservation.has_value();
  return reservation && reservation->state != ReservationState::kReserved;
}

const KeptLetter* letter_of(const Story& story, const Leg& leg) {
  for (const KeptLetter& letter : story.letters) {
    if (event_of_letter(letter.found.letter) == leg.id && !letter.found.handled) return &letter;
  }
  return nullptr;
}

std::optional<StoryWait> wait_of(const Story& story, const Leg& leg) {
  const Announcement* row = find(announced_by(story, leg.from), leg.id);
  if (row == nullptr) return std::nullopt;
  const std::string type(leg.type);
  const std::string from = title(leg.from);
  const std::string order = to_string(story.id.value);
  if (row->parked) {
    return StoryWait{absl::StrCat("an operator: ", type, " is parked in the outbox of ", from, ", since the broker will not take it"),
                     row->created_at,
                     absl::StrCat("mend what the log of ", from, " tells of it, then `quickbite outbox retry ", to_string(row->id.value), "`")};
  }
  if (!row->sent) {
    return StoryWait{absl::StrCat("the relay of ", from, " to send ", type), row->created_at,
                     absl::StrCat("is Kafka there? `quickbite outbox list --key ", order, "` tells what it stands behind")};
  }
  const Service reader = leg.from == Service::kOrders ? Service::kInventory : Service::kOrders;
  if (find(handled_by(story, reader), leg.id) != nullptr || shows_in_rows(story, leg)) return std::nullopt;
  if (const KeptLetter* letter = letter_of(story, leg)) {
    const std::string id = to_string(letter->found.letter.id.value);
    return StoryWait{absl::StrCat("an operator: ", title(reader), " refused ", type, " (",
                                  std::string(header(letter->found.letter.headers, kDeadLetterReasonHeader).value_or("")), ")"),
                     letter->found.letter.created_at,
                     absl::StrCat("`quickbite dlq show ", id, "`; once it is mended, `quickbite dlq redrive ", id, "`")};
  }
  return StoryWait{absl::StrCat(title(reader), " to read ", type, " at ", place_of(row->topic, row->sent->partition, row->sent->offset)),
                   row->created_at, absl::StrCat("is ", title(reader), " there? If the topic has lost it: `quickbite republish ", order, "`")};
}

void add_sent(std::vector<StoryStep>& steps, Service service, const std::vector<Announcement>& rows) {
  for (const Announcement& row : rows) {
    const std::string fate = row.sent ? absl::StrCat("sent to ", place_of(row.topic, row.sent->partition, row.sent->offset))
                             : row.parked ? std::string("parked") : std::string("not sent yet");
    steps.push_back({row.created_at, title(service), absl::StrCat(row.type, " in the outbox, ", fate)});
  }
}

void add_handled(std::vector<StoryStep>& steps, Service service, const Story& story) {
  for (const ProcessedRow& row : handled_by(story, service)) {
    std::string_view type = "an event";
    for (const Leg& leg : legs_of(story.id)) {
      if (leg.id == row.id) type = leg.type;
    }
    steps.push_back({row.at, title(service), absl::StrCat("read ", std::string(type), " at ", place_of(row.topic, row.partition, row.offset),
                                                          ": ", std::string(to_string(row.handled)))});
  }
}

std::string movement_text(const MovementRow& row) {
  const bool takes = row.kind == MovementKind::kReserve;
  return absl::StrCat(takes ? "reserved " : "gave back ", row.quantity.value, " of ", row.sku.value);
}

}  // namespace

bool Story::empty() const {
  return !order && orders.announced.empty() && orders.handled.empty() && !inventory.reservation && inventory.handled.empty() &&
         inventory.announced.empty() && letters.empty();
}

absl::StatusOr<Story> read_story(const Addresses& addresses, const OrderId& order) {
  const absl::StatusOr<postgres::SessionOptions> orders = addresses.session(Service::kOrders);
  if (!orders.ok()) return orders.status();
  const absl::StatusOr<postgres::SessionOptions> inventory = addresses.session(Service::kInventory);
  if (!inventory.ok()) return inventory.status();

  Story story;
  story.id = order;
  postgres::OrdersLedgerSession session(*orders);
  ReadOrdersAnswer answer = session.read_orders({{order}, {}, {order}});
  auto* read = std::get_if<OrdersRead>(&answer);
  if (read == nullptr) {
    return absl::UnavailableError(absl::StrCat("the orders database: ", session.health().trouble));
  }
  if (OrderRow* row = read->orders.find(order)) story.order = std::move(*row);
  if (OrderTrail* trail = read->trails.find(order)) story.orders = std::move(*trail);
  absl::StatusOr<postgres::InventoryTrail> trail = postgres::OutboxSession(*inventory).inventory_trail(order);
  if (!trail.ok()) return absl::UnavailableError(absl::StrCat("the inventory database: ", trail.status().message()));
  story.inventory = *std::move(trail);
  LetterFilter filter;
  filter.text = to_string(order.value);
  absl::StatusOr<LettersRead> letters = read_letters(addresses, filter, kLettersOfOneOrder);
  if (!letters.ok()) return letters.status();
  story.letters = std::move(letters->letters);
  return story;
}

std::vector<StoryStep> steps_of(const Story& story) {
  std::vector<StoryStep> steps;
  for (const HistoryRow& row : story.orders.history) {
    const std::string why = row.reason ? absl::StrCat(" (", std::string(to_string(*row.reason)), ")") : "";
    steps.push_back({row.at, "Orders", absl::StrCat("the order is ", std::string(to_string(row.after)), why)});
  }
  add_sent(steps, Service::kOrders, story.orders.announced);
  add_handled(steps, Service::kInventory, story);
  for (const MovementRow& row : story.inventory.movements) steps.push_back({row.at, "Inventory", movement_text(row)});
  if (const auto& reservation = story.inventory.reservation) {
    steps.push_back({reservation->updated_at, "Inventory", absl::StrCat("the reservation is ", std::string(to_string(reservation->state)))});
  }
  add_sent(steps, Service::kInventory, story.inventory.announced);
  add_handled(steps, Service::kOrders, story);
  for (const KeptLetter& letter : story.letters) {
    const OutboxRow& row = letter.found.letter;
    steps.push_back({row.created_at, title(letter.service),
                     absl::StrCat("dead letter ", to_string(row.id.value), ": ",
                                  one_line(header(row.headers, kDeadLetterReasonHeader).value_or("")))});
    for (const Announcement& redrive : letter.found.redrives) {
      steps.push_back({redrive.created_at, title(letter.service), "its record is sent once more"});
    }
  }
  std::stable_sort(steps.begin(), steps.end(), [](const StoryStep& a, const StoryStep& b) { return a.at < b.at; });
  return steps;
}

std::vector<StoryWait> waits_of(const Story& story) {
  std::vector<StoryWait> waits;
  for (const Leg& leg : legs_of(story.id)) {
    if (auto wait = wait_of(story, leg)) waits.push_back(*std::move(wait));
  }
  if (waits.empty() && story.order && story.order->status == OrderStatus::kPending) {
    waits.push_back({"its deadline: nothing about it is under way any more", story.order->deadline,
                     absl::StrCat("`quickbite republish ", to_string(story.id.value), "` sends its events again")});
  }
  return waits;
}

}  // namespace quickbite::cli
