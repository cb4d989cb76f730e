// Records that cannot be read, of every kind, on both topics: each becomes one dead letter with its original bytes, and the
// records behind it are handled.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "domain/api/api.h"
#include "domain/message/wire.h"
#include "proptests/e2e/one_stack.h"
#include "services/live/evidence.h"
#include "services/live/sql.h"
#include "services/live/topic_log.h"
#include "services/runtime/random_uuid.h"

namespace quickbite {
namespace {

struct Poison {
  MalformedReason reason;
  std::optional<std::string> key;
  std::string value;
};

std::string created(const OrderId& order) {
  const Event event = event_of(OrderCreated{order, UserId("u1"), {{Sku("burger"), Quantity(1)}}});
  return std::string(encode_event(event).view());
}

std::vector<Poison> every_kind() {
  const OrderId order(runtime::random_uuid());
  const std::string key = to_string(order.value);
  const std::string good = created(order);
  std::string deep = "{\"x\":";
  for (int i = 0; i < 10'000; ++i) deep += '[';
  return {
      {MalformedReason::kNotJson, key, good.substr(0, good.size() / 2)},
      {MalformedReason::kNotJson, key, "burger please"},
      {MalformedReason::kWrongSchema, key, R"({"type":"OrderCreated","eventId":7})"},
      {MalformedReason::kWrongSchema, key, "[]"},
      {MalformedReason::kWrongKey, std::nullopt, good},
      {MalformedReason::kWrongKey, "another order", good},
      {MalformedReason::kEmpty, key, ""},
      {MalformedReason::kEmpty, std::nullopt, ""},
      {MalformedReason::kNotUtf8, key, "{\"type\":\"\xff\xfe\"}"},
      {MalformedReason::kTooDeep, key, deep},
      {MalformedReason::kDuplicateKey, key, R"({"type":"OrderCreated","type":"OrderCreated"})"},
      {MalformedReason::kTooLarge, key, std::string(1'000'000, 'x')},
  };
}

std::vector<Message> messages(Topic topic, const std::vector<Poison>& all, Partition partition) {
  std::vector<Message> out;
  for (const Poison& poison : all) {
    Message& message = out.emplace_back();
    message.topic = topic;
    message.partition = partition;
    message.key = poison.key;
    message.value = Bytes(poison.value);
    message.headers = {{"from", "nobody we know"}, {std::string("odd\xff"), std::string("\0\x01", 2)}};
  }
  return out;
}

std::vector<Record> write(Topic topic, const std::vector<Poison>& all, Partition partition) {
  auto written = live::write_records(one_stack().kafka().bootstrap(), messages(topic, all, partition));
  EXPECT_TRUE(written.ok()) << written.status();
  return written.ok() ? *std::move(written) : std::vector<Record>();
}

// An order whose events go through that partition.
OrderId order_through(Partition partition, const std::string& sku) {
  for (int salt = 0;; ++salt) {
    const std::string key = absl::StrCat(sku, "-", salt);
    const OrderId id = api::keyed_order_id(UserId("u1"), key);
    if (partition_of(to_string(id.value), one_stack().kafka().partitions()) != partition) continue;
    const auto order = live::Shop(one_stack().orders_port()).order("u1", sku, 1, key);
    EXPECT_TRUE(order.ok()) << order.status();
    return id;
  }
}

void expect_each_is_a_dead_letter(const std::vector<Poison>& all, const std::vector<Record>& records) {
  ASSERT_EQ(all.size(), records.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const absl::Status there = live::await(no_interrupt(), absl::Seconds(30), [&] {
      return live::dead_letters_of(one_stack().kafka().bootstrap(), {records[i]}, to_string(all[i].reason));
    });
    EXPECT_TRUE(there.ok()) << to_string(all[i].reason) << ": " << there;
  }
}

TEST(Poison, OnTheOrdersTopicBecomesDeadLettersAndOrdersGoOn) {
  const Partition partition{1};
  const std::vector<Poison> all = every_kind();
  const std::vector<Record> records = write(Topic::kOrders, all, partition);
  const std::string sku = stocked("behind-poison", 10);
  EXPECT_TRUE(all_become({order_through(partition, sku)}, "CONFIRMED").ok());
  expect_each_is_a_dead_letter(all, records);
  EXPECT_TRUE(one_stack().inventory().running());
}

TEST(Poison, OnTheInventoryTopicBecomesDeadLettersAndOrdersGoOn) {
  const Partition partition{2};
  const std::vector<Poison> all = every_kind();
  const std::vector<Record> records = write(Topic::kInventory, all, partition);
  const std::string sku = stocked("behind-poison", 10);
  EXPECT_TRUE(all_become({order_through(partition, sku)}, "CONFIRMED").ok());
  expect_each_is_a_dead_letter(all, records);
  EXPECT_TRUE(one_stack().orders().running());
}

// Events that are well formed, and that nobody of ours has sent.
TEST(Poison, AStrangersReservationOfAnOrderThatThereIsNotChangesNothing) {
  const OrderId nobodys(runtime::random_uuid());
  const Event forged = event_of(InventoryReserved{nobodys});
  Message message;
  message.topic = Topic::kInventory;
  message.key = to_string(nobodys.value);
  message.partition = partition_of(*message.key, one_stack().kafka().partitions());
  message.value = encode_event(forged);
  ASSERT_TRUE(live::write_records(one_stack().kafka().bootstrap(), {message}).ok());
  const std::string sku = stocked("behind-forged", 10);
  EXPECT_TRUE(all_become({order_through(message.partition, sku)}, "CONFIRMED").ok());
  EXPECT_EQ(live::Shop(one_stack().orders_port()).status(nobodys).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(live::sql_number(one_stack().orders_database(),
                             absl::StrCat("SELECT count(*) FROM orders WHERE id = '", to_string(nobodys.value), "'"))
                .value_or(-1),
            0);
}

}  // namespace
}  // namespace quickbite
