#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "domain/api/api.h"
#include "domain/message/wire.h"
#include "services/live/evidence.h"
#include "services/live/shop.h"
#include "services/live/story.h"
#include "services/live/topic_log.h"
#include "services/runtime/random_uuid.h"

namespace quickbite::live {
namespace {

constexpr std::int64_t kStock = 100;  // of the story's SKU, to begin with
constexpr std::int64_t kEach = 2;     // of it in one order

absl::Status wrong(std::string what) { return absl::FailedPreconditionError(std::move(what)); }

Seen seen(const absl::Status& status, std::string what = "") {
  if (!status.ok()) return status;
  return what;
}

std::string count(std::size_t n, std::string_view what) { return absl::StrCat(n, " ", std::string(what), n == 1 ? "" : "s"); }

// A SKU that nobody else orders, also where the database is somebody's and has seen stories before.
Seen stock_up(Scene& scene, std::string_view what) {
  const std::string salt = to_string(runtime::random_uuid()).substr(0, 8);
  scene.sku = absl::StrCat(std::string(what), "-", salt);
  scene.orders.clear();
  scene.poison.clear();
  scene.quantity = 0;
  return seen(scene.stack.add_stock(scene.sku, kStock), absl::StrCat(kStock, " of ", scene.sku));
}

Seen place(Scene& scene, int orders) {
  Shop shop(scene.stack.orders_port());
  for (int i = 0; i < orders; ++i) {
    const auto order = shop.order(absl::StrCat("customer-", i), scene.sku, kEach);
    if (!order.ok()) return order.status();
    scene.orders.push_back(*order);
    scene.quantity += kEach;
  }
  return count(static_cast<std::size_t>(orders), "answer");
}

Seen all_become(Scene& scene, std::string_view status) {
  Shop shop(scene.stack.orders_port());
  return seen(await(scene.interrupt, scene.patience, [&] { return shop.all_are(scene.orders, status); }));
}

// Nothing may happen to them for a while.
Seen all_stay_pending(Scene& scene) {
  if (scene.interrupt.wait(absl::Seconds(1))) return absl::CancelledError("interrupted");
  return seen(Shop(scene.stack.orders_port()).all_are(scene.orders, "PENDING"));
}

Seen reserved_exactly_once(Scene& scene) {
  if (const absl::Status once = reserved_once(scene.stack, scene.orders, scene.sku, scene.quantity); !once.ok()) return once;
  const auto level = stock_of(scene.stack, scene.sku);
  if (!level.ok()) return level.status();
  return absl::StrCat(count(scene.orders.size(), "reservation"), ", stock ", level->available, " + ", level->reserved, " = ",
                      level->available + level->reserved);
}

Seen topic_tells(Scene& scene, Topic topic, std::string_view type) {
  const auto copies = events_in_topic(scene.stack, scene.orders, topic, type);
  if (!copies.ok()) return copies.status();
  return absl::StrCat(count(static_cast<std::size_t>(*copies), "record"), " for ", count(scene.orders.size(), "order"));
}

// --- An order -------------------------------------------------------------------------------------

Seen out_of_stock(Scene& scene) {
  Shop shop(scene.stack.orders_port());
  const auto order = shop.order("customer-0", scene.sku, kStock);
  if (!order.ok()) return order.status();
  return seen(await(scene.interrupt, scene.patience, [&] { return shop.all_are({*order}, "CANCELLED OUT_OF_STOCK"); }));
}

Seen cancel_first(Scene& scene) {
  Shop shop(scene.stack.orders_port());
  const OrderId first = scene.orders.front();
  if (const absl::Status cancelled = shop.cancel(first); !cancelled.ok()) return cancelled;
  if (const absl::Status told = shop.all_are({first}, "CANCELLED CUSTOMER"); !told.ok()) return told;
  const absl::Status released = await(scene.interrupt, scene.patience, [&]() -> absl::Status {
    const auto there = reservations(scene.stack, {first}, "RELEASED");
    if (!there.ok()) return there.status();
    return *there == 1 ? absl::OkStatus() : wrong("the reservation was not released");
  });
  scene.orders.erase(scene.orders.begin());
  if (!released.ok()) return released;
  const auto level = stock_of(scene.stack, scene.sku);
  if (!level.ok()) return level.status();
  const StockLevel expected{kStock - scene.quantity + kEach, scene.quantity - kEach};
  if (*level != expected) return wrong(absl::StrCat("stock is ", level->available, " + ", level->reserved));
  return absl::StrCat("stock ", level->available, " + ", level->reserved);
}

Seen order_twice_with_a_key(Scene& scene) {
  Shop shop(scene.stack.orders_port());
  const std::string key = to_string(runtime::random_uuid());
  const auto first = shop.order("customer-0", scene.sku, kEach, key);
  const auto again = shop.order("customer-0", scene.sku, kEach, key);
  if (!first.ok()) return first.status();
  if (!again.ok()) return again.status();
  scene.orders.push_back(*first);
  scene.quantity += kEach;
  return seen(*first == *again ? absl::OkStatus() : wrong("the second answer is another order"), to_string(first->value));
}

// --- Kafka stopped --------------------------------------------------------------------------------

Seen events_wait(Scene& scene) {
  const auto unsent = unsent_events(scene.stack, scene.orders);
  if (!unsent.ok()) return unsent.status();
  if (*unsent == static_cast<std::int64_t>(scene.orders.size())) return absl::StrCat(*unsent, " unsent rows");
  return wrong(absl::StrCat(*unsent, " of ", scene.orders.size(), " events wait in the outbox"));
}

Seen none_waits(Scene& scene) {
  // A row is marked a moment after its record is in Kafka, and so after the order may be CONFIRMED.
  return seen(await(scene.interrupt, scene.patience, [&]() -> absl::Status {
    const auto unsent = unsent_events(scene.stack, scene.orders);
    if (!unsent.ok()) return unsent.status();
    return *unsent == 0 ? absl::OkStatus() : wrong(absl::StrCat(*unsent, " events still wait in the outbox"));
  }));
}

// --- Inventory restarted --------------------------------------------------------------------------

// Without waiting for anything: what Inventory has begun, it does not end.
Seen kill_inventory_amid_orders(Scene& scene) {
  if (const Seen placed = place(scene, 12); !placed.ok()) return placed;
  scene.stack.inventory().kill();
  const auto reserved = reservations(scene.stack, scene.orders, "RESERVED");
  if (!reserved.ok()) return reserved.status();
  return absl::StrCat("12 orders taken, ", *reserved, " of them reserved by then");
}

Seen some_stay_pending(Scene& scene, std::size_t least) {
  if (scene.interrupt.wait(absl::Seconds(1))) return absl::CancelledError("interrupted");
  Shop shop(scene.stack.orders_port());
  std::size_t pending = 0;
  for (const OrderId& order : scene.orders) {
    const auto status = shop.status(order);
    if (!status.ok()) return status.status();
    if (*status == "PENDING") ++pending;
    if (*status != "PENDING" && *status != "CONFIRMED") return wrong(absl::StrCat("an order is ", *status));
  }
  const auto reserved = reservations(scene.stack, scene.orders, "RESERVED");
  if (!reserved.ok()) return reserved.status();
  if (pending < least || *reserved > static_cast<std::int64_t>(scene.orders.size() - least)) {
    return wrong(absl::StrCat(pending, " orders are PENDING, ", *reserved, " are reserved"));
  }
  return absl::StrCat(pending, " PENDING");
}

Seen start_inventory(Scene& scene) {
  if (const absl::Status started = scene.stack.inventory().start(scene.interrupt); !started.ok()) return started;
  return absl::StrCat("process ", scene.stack.inventory().pid());
}

// --- Invalid JSON ---------------------------------------------------------------------------------

// One at the head of each partition, so that no order can pass by.
Seen write_poison(Scene& scene) {
  const KafkaServer& kafka = scene.stack.kafka();
  auto written = write_half_json(kafka.bootstrap(), kafka.partitions(), scene.sku);
  if (!written.ok()) return written.status();
  scene.poison = *std::move(written);
  return count(scene.poison.size(), "record");
}

// An order's partition follows from its id, and its id from the idempotency key.
Seen order_behind_each_poison(Scene& scene) {
  Shop shop(scene.stack.orders_port());
  const std::int32_t partitions = scene.stack.kafka().partitions();
  for (std::int32_t wanted = 0; wanted < partitions; ++wanted) {
    for (int salt = 0;; ++salt) {
      const std::string key = absl::StrCat(scene.sku, "-", wanted, "-", salt);
      const OrderId id = api::keyed_order_id(UserId("customer-0"), key);
      if (partition_of(to_string(id.value), partitions) != Partition{wanted}) continue;
      const auto order = shop.order("customer-0", scene.sku, kEach, key);
      if (!order.ok()) return order.status();
      if (*order != id) return wrong("the order's id does not follow from its key");
      scene.orders.push_back(*order);
      scene.quantity += kEach;
      break;
    }
  }
  return count(scene.orders.size(), "order");
}

Seen poison_is_dead_lettered(Scene& scene) {
  return seen(await(scene.interrupt, scene.patience,
                    [&] { return dead_letters_of(scene.stack.kafka().bootstrap(), scene.poison, to_string(MalformedReason::kNotJson)); }),
              count(scene.poison.size(), "dead letter"));
}

}  // namespace

Story first_orders() {
  return {
      "first-orders",
      "Orders",
      "what an ordinary day looks like",
      {
          {"there is something to sell", [](Scene& s) { return stock_up(s, "burger"); }},
          {"three orders are posted; each is answered 201, PENDING", [](Scene& s) { return place(s, 3); }},
          {"GET /v1/orders/{id}: all become CONFIRMED", [](Scene& s) { return all_become(s, "CONFIRMED"); }},
          {"PostgreSQL: each is reserved exactly once", reserved_exactly_once},
          {"an order for more than is left becomes CANCELLED, OUT_OF_STOCK", out_of_stock},
          {"a customer cancels, and the stock comes back", cancel_first},
          {"the same order posted twice with one Idempotency-Key is one order", order_twice_with_a_key},
      },
  };
}

Story kafka_stopped() {
  return {
      "kafka-stopped",
      "Kafka is stopped while people order",
      "an order that was answered 201 must not get lost because the broker was away",
      {
          {"there is something to sell", [](Scene& s) { return stock_up(s, "pizza"); }},
          {"Kafka is stopped: every connection breaks, new ones are refused",
           [](Scene& s) { return seen(s.stack.kafka().down()); }},
          {"eight orders are posted all the same; each is answered 201, PENDING", [](Scene& s) { return place(s, 8); }},
          {"a second later all are still PENDING", all_stay_pending},
          {"PostgreSQL: their events wait in the outbox of Orders", events_wait},
          {"Kafka is started again", [](Scene& s) { return seen(s.stack.kafka().up()); }},
          {"GET /v1/orders/{id}: all become CONFIRMED", [](Scene& s) { return all_become(s, "CONFIRMED"); }},
          {"PostgreSQL: each is reserved exactly once", reserved_exactly_once},
          {"PostgreSQL: nothing waits in the outbox any more", none_waits},
          {"Kafka: orders.v1 holds the OrderCreated of each",
           [](Scene& s) { return topic_tells(s, Topic::kOrders, "OrderCreated"); }},
      },
      [](Scene& s) { s.stack.kafka().up().IgnoreError(); },
  };
}

Story inventory_restarted() {
  return {
      "inventory-restarted",
      "Inventory is killed in the middle of its work, and restarted",
      "what it had begun must be done, and nothing twice",
      {
          {"there is something to sell", [](Scene& s) { return stock_up(s, "noodles"); }},
          {"twelve orders are posted, and Inventory is killed (SIGKILL) while it works on them", kill_inventory_amid_orders},
          {"six more are posted while it is away; each is answered 201, PENDING", [](Scene& s) { return place(s, 6); }},
          {"PostgreSQL: those six have no reservation, and they stay PENDING",
           [](Scene& s) { return some_stay_pending(s, 6); }},
          {"Inventory is started again, and is ready", start_inventory},
          {"GET /v1/orders/{id}: all eighteen become CONFIRMED", [](Scene& s) { return all_become(s, "CONFIRMED"); }},
          {"PostgreSQL: each is reserved exactly once", reserved_exactly_once},
          {"Kafka: inventory.v1 holds the InventoryReserved of each",
           [](Scene& s) { return topic_tells(s, Topic::kInventory, "InventoryReserved"); }},
      },
      [](Scene& s) {
        if (!s.stack.inventory().running() && !s.interrupt.raised()) s.stack.inventory().start(s.interrupt).IgnoreError();
      },
  };
}

Story invalid_json() {
  return {
      "invalid-json",
      "Something that is not JSON arrives on the topic",
      "a record that nobody can read must neither block those behind it nor vanish",
      {
          {"there is something to sell", [](Scene& s) { return stock_up(s, "sushi"); }},
          {"a stranger writes half a JSON object to each partition of orders.v1", write_poison},
          {"an order is posted behind each of them; each is answered 201, PENDING", order_behind_each_poison},
          {"GET /v1/orders/{id}: all become CONFIRMED: no partition is blocked",
           [](Scene& s) { return all_become(s, "CONFIRMED"); }},
          {"PostgreSQL: each is reserved exactly once", reserved_exactly_once},
          {"Kafka: orders.dlq.v1 holds each bad record once, with its bytes, where it stood, and why (NOT_JSON)",
           poison_is_dead_lettered},
      },
  };
}

}  // namespace quickbite::live
