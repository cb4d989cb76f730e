#include "domain/property/test_scene.h"

#include <utility>
#include <variant>

#include "domain/port/dead_letter.h"

namespace quickbite::property {
namespace {

Instant now() { return Instant{1}; }

}  // namespace

OrderId order_id(int n) {
  return OrderId(uuid_v5(Uuid{}, std::to_string(n)));
}
Sku sku(const char* name) {
  return Sku(name);
}
Line line(const char* name, std::int64_t quantity) {
  return Line{sku(name), Quantity(quantity)};
}

Scene::Scene() = default;
Scene::~Scene() = default;
Scene::Scene(const Scene&) = default;
Scene& Scene::operator=(const Scene&) = default;

View Scene::view() {
  log_views_.clear();
  for (std::size_t i = 0; i < kTopics; ++i) {
    seen_logs_[i].clear();
    for (const Record& record : logs[i]) seen_logs_[i].push_back(std::make_shared<const Record>(record));
    log_views_.push_back({static_cast<Topic>(i), kOnly, Offset(0), seen_logs_[i], committed[i]});
  }
  return View{&orders, &inventory, log_views_, &ghosts, at_rest, std::nullopt};
}

void Scene::restock(const char* name, std::int64_t quantity) {
  delta.clear();
  StockRow row{sku(name), Quantity(0), Quantity(0)};
  if (const StockRow* known = inventory.stock.find(row.sku)) row = *known;
  row.available.value += quantity;
  write(row);
  append(MovementRow{row.sku, MovementKind::kRestock, Quantity(quantity), std::nullopt,
                     fresh_id(), now()});
}

void Scene::place(int n, Lines lines) {
  delta.clear();
  const PlaceOrder place{order_id(n), UserId("u1"), summed(lines), RequestHash{}};
  ++ghosts.posts[place.id].asked;
  store(decide(orders.orders.find(place.id), place, now(), seconds(600)).change);
}

void Scene::cancel(int n) {
  delta.clear();
  store(decide(orders.orders.find(order_id(n)), CancelOrder{order_id(n)}, now()).change);
}

void Scene::answer(int n, int status) {
  delta.clear();
  const bool accepted = status / 100 == 2;
  const bool refused = status / 100 == 4 || status == 503;
  ghosts.posts[order_id(n)].accepted += accepted;
  ghosts.posts[order_id(n)].refused += refused;
  delta.add(PostAnswered{order_id(n), status, accepted, refused});
}

bool Scene::relay(Service service) {
  delta.clear();
  for (auto& [seq, row] : outbox(service)) {
    if (row.sent || row.parked) continue;
    Message message{row.topic, kOnly, row.key, row.payload, {}};
    message.headers = {{std::string(kEventIdHeader), to_string(row.id.value)},
                       {std::string(kTypeHeader), row.type}};
    message.headers.insert(message.headers.end(), row.headers.begin(), row.headers.end());
    row.sent = SentAt{kOnly, put(std::move(message))};
    delta.add(OutboxMarked{service, seq, Epoch{}});
    return true;
  }
  return false;
}

Offset Scene::produce(Topic topic, std::optional<std::string> key, Bytes value) {
  delta.clear();
  return put(Message{topic, kOnly, std::move(key), std::move(value), {}});
}

Offset Scene::produce(Topic topic, const Event& event) {
  return produce(topic, to_string(order_of(event.what).value), encode_event(event));
}

bool Scene::deliver(Service service) {
  delta.clear();
  const auto& log = log_of(consumed_by(service));
  std::int64_t& at = position[service == Service::kInventory];
  if (at >= static_cast<std::int64_t>(log.size())) return false;
  const Record& record = log[static_cast<std::size_t>(at++)];
  const Decoded decoded = decode_record(record.message);
  if (const auto* malformed = std::get_if<Malformed>(&decoded)) {
    bury(service, record, to_string(malformed->reason));
  } else if (const auto* unknown = std::get_if<UnknownType>(&decoded)) {
    mark(service, unknown->id, record, Handled::kIgnored);
  } else {
    handle(service, record, std::get<Event>(decoded));
  }
  return true;
}

void Scene::refuse(Service service) {
  delta.clear();
  const Record& record = log_of(
      consumed_by(service))[static_cast<std::size_t>(position[service == Service::kInventory]++)];
  bury(service, record, refused_reason("22001"));
}

void Scene::commit(Service service) {
  delta.clear();
  const Topic topic = consumed_by(service);
  auto& offset = committed[static_cast<std::size_t>(topic)];
  const std::optional<Offset> before = offset;
  offset = Offset(position[service == Service::kInventory]);
  delta.add(OffsetCommitted{topic, kOnly, before, *offset});
}

void Scene::settle() {
  settle([] {});
}

Table<OutboxSeq, OutboxRow>& Scene::outbox(Service service) {
  return service == Service::kOrders ? orders.outbox : inventory.outbox;
}

Table<EventId, ProcessedRow>& Scene::processed(Service service) {
  return service == Service::kOrders ? orders.processed : inventory.processed;
}

void Scene::write(const StockRow& row) {
  const StockRow* known = inventory.stock.find(row.sku);
  delta.add(StockWritten{row.sku, known ? known->available : Quantity(0),
                         known ? known->reserved : Quantity(0)});
  inventory.stock[row.sku] = row;
}

void Scene::write(const ReservationRow& row) {
  const ReservationRow* known = inventory.reservations.find(row.order);
  delta.add(ReservationWritten{row.order, known ? std::optional(known->state) : std::nullopt,
                               row.state});
  inventory.reservations[row.order] = row;
}

void Scene::write(const OrderRow& row) {
  const OrderRow* known = orders.orders.find(row.id);
  delta.add(OrderWritten{row.id, known ? std::optional(known->status) : std::nullopt, row.status,
                         known ? known->version : Version()});
  orders.orders[row.id] = row;
}

void Scene::append(const MovementRow& row) {
  delta.add(MovementAppended{row.sku, row.cause});
  inventory.movements.push_back(row);
}

void Scene::append(const HistoryRow& row) {
  delta.add(HistoryAppended{row.order, row.cause});
  orders.history.push_back(row);
}

void Scene::announce(Service service, OutboxRow row) {
  row.seq = OutboxSeq(++seq_);
  delta.add(OutboxInserted{service, row.seq, row.id});
  outbox(service).insert(row.seq, row);
}

void Scene::announce(Service service, const Happening& what) {
  const Event event = event_of(what);
  OutboxRow row;
  row.id = event.id;
  row.shard = shard_of(order_of(what));
  row.topic = service == Service::kOrders ? Topic::kOrders : Topic::kInventory;
  row.key = to_string(order_of(what).value);
  row.type = type_name(what);
  row.payload = encode_event(event);
  announce(service, std::move(row));
}

void Scene::mark(Service service, const EventId& id, const Record& record, Handled handled) {
  const Message& message = record.message;
  delta.add(ProcessedInserted{service, id, handled});
  processed(service).insert(
      id, {id, message.topic, message.partition, record.offset, handled, now()});
}

void Scene::bury(Service service, const Record& record, std::string_view reason) {
  const EventId id = dead_letter_id(Uuid{7, 7}, record);
  if (processed(service).contains(id)) return;
  announce(service, dead_letter(record, id, reason, "", now()));
  mark(service, id, record, Handled::kDeadLettered);
}

EventId Scene::fresh_id() { return EventId(uuid_v5(Uuid{1, 1}, std::to_string(++fresh_))); }

Offset Scene::put(Message message) {
  auto& log = log_of(message.topic);
  const Offset offset(static_cast<std::int64_t>(log.size()));
  delta.add(RecordAppended{message.topic, kOnly, offset});
  log.push_back({std::move(message), offset});
  return offset;
}

void Scene::store(const OrderChange& change) {
  if (change.row) write(*change.row);
  if (change.history) append(*change.history);
  if (change.announce) announce(Service::kOrders, change.announce->what);
}

void Scene::handle(Service service, const Record& record, const Event& event) {
  const auto* created = std::get_if<OrderCreated>(&event.what);
  if (service == Service::kInventory && created && contradicts(view(), *created)) {
    return bury(service, record, kReasonConflictingLines);
  }
  if (processed(service).contains(event.id)) return;
  if (service == Service::kOrders) {
    const EventDecision decision = decide(orders.orders.find(order_of(event.what)), event, now());
    store(decision.change);
    return mark(service, event.id, record, decision.handled);
  }
  const InventoryDecision decision =
      decide(inventory.reservations.find(order_of(event.what)), inventory.stock, event, now());
  if (decision.reservation) write(*decision.reservation);
  for (const StockRow& row : decision.stock) write(row);
  for (const MovementRow& row : decision.movements) append(row);
  if (decision.announce) announce(service, *decision.announce);
  const bool applied = decision.handled == InventoryHandled::kApplied;
  mark(service, event.id, record, applied ? Handled::kApplied : Handled::kIgnored);
}

std::vector<std::string> tripped_step(Scene& scene) {
  std::vector<std::string> ids;
  for (const Property& property : properties()) {
    if ((property.mask & scene.delta.mask) == 0) continue;
    if (property.step(scene.view(), scene.delta)) ids.emplace_back(property.id);
  }
  return ids;
}

std::vector<std::string> tripped_full(Scene& scene) {
  std::vector<std::string> ids;
  for (const Property& property : properties()) {
    const bool due =
        property.kind == Kind::kState || (property.kind == Kind::kRest && scene.at_rest);
    if (due && property.full(scene.view())) ids.emplace_back(property.id);
  }
  return ids;
}

std::vector<std::string> tripped_final(Scene& scene) {
  std::vector<std::string> ids;
  for (const Property& property : properties()) {
    if (property.kind == Kind::kFinal && property.full(scene.view())) ids.emplace_back(property.id);
  }
  return ids;
}

}  // namespace quickbite::property

