// The other tools of operators: what waits in the outbox, stock, one order's story, the schema.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proptests/e2e/one_stack.h"
#include "proptests/e2e/operator.h"
#include "services/live/evidence.h"
#include "services/live/sql.h"
#include "services/live/topic_log.h"
#include "services/runtime/random_uuid.h"

namespace quickbite {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr absl::Duration kPatience = absl::Seconds(30);

// A row of Orders' outbox with so many bytes, as no service of ours would write it; its id.
std::string add_row(const std::string& key, int bytes) {
  const std::string id = to_string(runtime::random_uuid());
  const absl::Status added = live::sql_run(
      one_stack().orders_database(),
      absl::StrCat("INSERT INTO outbox_events (event_id, shard, topic, key, type, payload, header_names, header_values, created_at)"
                   " VALUES ('", id, "', 1, 'orders.v1', convert_to('", key, "', 'UTF8'), 'Unheard', convert_to(repeat('x', ", bytes,
                   "), 'UTF8'), '{}', '{}', now())"));
  EXPECT_TRUE(added.ok()) << added;
  return id;
}

// Waits until `outbox list` tells these states of the key's rows, oldest first.
absl::Status states_become(const std::string& key, const std::vector<std::string>& expected) {
  return live::await(no_interrupt(), kPatience, [&] {
    const auto json = quickbite_json({"outbox", "list", "--key", key});
    std::vector<std::string> states;
    for (const auto& row : json["rows"].GetArray()) states.emplace_back(row["state"].GetString());
    return states == expected ? absl::OkStatus() : absl::UnavailableError(testing::PrintToString(states));
  });
}

TEST(Outbox, WhatTheBrokerWillNeverTakeIsListedAndGoesOnceItIsMended) {
  const std::string key = to_string(runtime::random_uuid());
  const std::string id = add_row(key, 5'000'000);  // more than our producer takes
  EXPECT_TRUE(states_become(key, {"parked"}).ok());
  add_row(key, 10);
  EXPECT_TRUE(states_become(key, {"parked", "behind"}).ok());
  EXPECT_EQ(quickbite_json({"outbox", "list", "--parked", "--key", key})["rows"].Size(), 1u);
  EXPECT_THAT(quickbite({"outbox", "list", "--key", key}).out, HasSubstr("parked"));

  EXPECT_EQ(quickbite_json({"outbox", "retry", id, "--dry-run"})["retried"].GetInt64(), 1);
  EXPECT_EQ(quickbite({"outbox", "retry", id}).code, 2) << "nobody has said yes";
  EXPECT_TRUE(states_become(key, {"parked", "behind"}).ok());
  // Let go as it is, it is parked again; and it is no more than that.
  EXPECT_EQ(quickbite_json({"outbox", "retry", id, "--yes"})["retried"].GetInt64(), 1);
  EXPECT_TRUE(states_become(key, {"parked", "behind"}).ok());

  ASSERT_TRUE(live::sql_run(one_stack().orders_database(),
                            absl::StrCat("UPDATE outbox_events SET payload = 'small' WHERE event_id = '", id, "'"))
                  .ok());
  EXPECT_EQ(quickbite_json({"outbox", "retry", "--key", key, "--yes"})["retried"].GetInt64(), 1);
  EXPECT_TRUE(states_become(key, {}).ok());
  EXPECT_EQ(quickbite_json({"outbox", "retry", "--key", key, "--yes"})["retried"].GetInt64(), 0);
  std::vector<std::string> values;
  const auto records = live::read_topic(one_stack().kafka().bootstrap(), Topic::kOrders);
  ASSERT_TRUE(records.ok()) << records.status();
  for (const Record& record : *records) {
    if (record.message.key == key) values.emplace_back(record.message.value.view());
  }
  EXPECT_THAT(values, testing::ElementsAre("small", "xxxxxxxxxx")) << "in their order";
  EXPECT_THAT(operator_log(), HasSubstr(absl::StrCat("1 parked row from ", id)));
}

TEST(Stock, IsListedAndGrowsOnceForEachAct) {
  const std::string sku = stocked("restocked", 5);
  const std::string id = to_string(runtime::random_uuid());
  EXPECT_EQ(quickbite({"stock", "restock", sku, "3"}).code, 2) << "nobody has said yes";
  for (const bool before : {false, true}) {
    const auto json = quickbite_json({"stock", "restock", sku, "3", "--id", id, "--yes"});
    EXPECT_EQ(json["done_before"].GetBool(), before);
    EXPECT_EQ(json["available"].GetInt64(), 8);
  }
  const auto listed = quickbite_json({"stock", "list", sku});
  ASSERT_EQ(listed["stock"].Size(), 1u);
  EXPECT_EQ(listed["stock"][0]["available"].GetInt64(), 8);
  EXPECT_THAT(quickbite({"stock", "list"}).out, HasSubstr(sku));
  EXPECT_THAT(operator_log(), HasSubstr(absl::StrCat("3 of ", sku, ", id ", id)));

  const Said taken = quickbite({"stock", "restock", sku, "4", "--id", id, "--yes"});
  EXPECT_EQ(taken.code, 2) << "the id is another act's";
  EXPECT_THAT(taken.out, IsEmpty());
  const Said unknown = quickbite({"stock", "list", "nobody-has-it"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("there is no nobody-has-it"));
  const Said away = quickbite({"stock", "restock", sku, "3", "--yes", "--inventory-grpc", "127.0.0.1:1"});
  EXPECT_EQ(away.code, 1);
  EXPECT_THAT(away.err, HasSubstr("the same command with --id"));
}

TEST(Migrate, TellsAtWhichVersionTheDatabasesAre) {
  const auto json = quickbite_json({"migrate", "--status"});
  for (const char* service : {"orders", "inventory"}) {
    EXPECT_TRUE(json[service]["serves"].GetBool());
    EXPECT_TRUE(json[service]["pending"].Empty());
    EXPECT_GE(json[service]["version"].GetInt64(), 3);
  }
  EXPECT_THAT(quickbite({"migrate", "--status"}).out, HasSubstr("orders: schema version"));
  // The superuser's own database is one that nobody has migrated.
  const Said empty = quickbite({"migrate", "--status", "--orders", one_stack().postgres().superuser_connection()});
  EXPECT_EQ(empty.code, 1);
  EXPECT_THAT(empty.out, HasSubstr("orders: schema version 0, too old to be served; `quickbite migrate` would apply 0001_core"));
}

std::string waits_for(const OrderId& order) {
  const auto json = quickbite_json({"explain", to_string(order.value)});
  return json["waits_for"].Empty() ? "" : json["waits_for"][0]["what"].GetString();
}

absl::Status comes_to_wait_for(const OrderId& order, const std::string& what) {
  return live::await(no_interrupt(), kPatience, [&] {
    const std::string now = waits_for(order);
    return what.empty() ? (now.empty() ? absl::OkStatus() : absl::UnavailableError(now))
                        : (now.find(what) == 0 ? absl::OkStatus() : absl::UnavailableError(now));
  });
}

TEST(Explain, TellsWhatAnOrderWaitsForAndInTheEndItsWholeStory) {
  const std::string sku = stocked("explained", 5);
  one_stack().inventory().pause();
  const auto order = live::Shop(one_stack().orders_port()).order("u1", sku, 2);
  ASSERT_TRUE(order.ok()) << order.status();
  EXPECT_TRUE(comes_to_wait_for(*order, "Inventory to read OrderCreated at orders.v1/").ok()) << waits_for(*order);
  one_stack().inventory().resume();
  EXPECT_TRUE(all_become({*order}, "CONFIRMED").ok());
  EXPECT_TRUE(comes_to_wait_for(*order, "").ok()) << waits_for(*order);
  const Said said = quickbite({"explain", to_string(order->value)});
  EXPECT_EQ(said.code, 0) << said.err;
  for (const std::string& text : {"CONFIRMED, of u1: 2 " + sku, std::string("read OrderCreated at orders.v1/"), "reserved 2 of " + sku,
                                 std::string("the reservation is RESERVED"), std::string("read InventoryReserved at inventory.v1/"),
                                 std::string("It waits for nothing.")}) {
    EXPECT_THAT(said.out, HasSubstr(text));
  }
  EXPECT_EQ(quickbite({"explain", to_string(runtime::random_uuid())}).code, 1);
  EXPECT_EQ(quickbite({"explain", "x"}).code, 2);
}

TEST(Explain, TellsOfADeadLetterThatAnOrderWaitsFor) {
  const std::string sku = stocked("explained-refused", 5);
  ASSERT_TRUE(live::sql_run(one_stack().inventory_database(),
                            absl::StrCat("CREATE OR REPLACE FUNCTION refuse_it() RETURNS trigger LANGUAGE plpgsql AS"
                                         " $$BEGIN RAISE EXCEPTION 'no such thing' USING ERRCODE = '22023'; END$$;"
                                         "CREATE TRIGGER refused_it BEFORE INSERT ON reservations FOR EACH ROW WHEN ('",
                                         sku, "' = ANY (NEW.skus)) EXECUTE FUNCTION refuse_it()"))
                  .ok());
  const auto order = live::Shop(one_stack().orders_port()).order("u1", sku, 2);
  EXPECT_TRUE(comes_to_wait_for(*order, "an operator: Inventory refused OrderCreated (REFUSED 22023)").ok()) << waits_for(*order);
  ASSERT_TRUE(live::sql_run(one_stack().inventory_database(), "DROP TRIGGER refused_it ON reservations").ok());
  EXPECT_EQ(quickbite_json({"dlq", "redrive", "--order", to_string(order->value), "--yes"})["sent"].GetInt64(), 1);
  EXPECT_TRUE(all_become({*order}, "CONFIRMED").ok());
  EXPECT_TRUE(comes_to_wait_for(*order, "").ok()) << waits_for(*order);
}

// The embedded broker forgets its log when it ends: the topic is made anew, and what was in it is gone for good.
TEST(Republish, BringsBackWhatALostTopicHeldAndHasNoSecondEffect) {
  const std::string sku = stocked("republished", 10);
  live::Shop shop(one_stack().orders_port());
  const auto done = shop.order("u1", sku, 1);
  ASSERT_TRUE(all_become({*done}, "CONFIRMED").ok());
  ASSERT_TRUE(one_stack().inventory().stop().ok());
  const auto lost = shop.order("u1", sku, 2);
  ASSERT_TRUE(lost.ok()) << lost.status();
  ASSERT_TRUE(comes_to_wait_for(*lost, "Inventory to read OrderCreated").ok());
  ASSERT_TRUE(one_stack().orders().stop().ok());
  one_stack().kafka().process()->kill();
  for (live::Child* child : {one_stack().kafka().process(), &one_stack().inventory(), &one_stack().orders()}) {
    const absl::Status started = child->start(no_interrupt());
    ASSERT_TRUE(started.ok()) << started;
  }
  EXPECT_EQ(shop.status(*lost).value_or("?"), "PENDING");
  EXPECT_TRUE(comes_to_wait_for(*lost, "Inventory to read OrderCreated").ok());

  EXPECT_EQ(quickbite_json({"republish", to_string(lost->value), "--dry-run"})["republished"].GetInt64(), 1);
  EXPECT_EQ(quickbite({"republish", to_string(lost->value)}).code, 2) << "nobody has said yes";
  EXPECT_EQ(shop.status(*lost).value_or("?"), "PENDING");
  const auto sent = quickbite_json({"republish", to_string(lost->value), to_string(done->value), "--yes"});
  EXPECT_EQ(sent["republished"].GetInt64(), 3) << "one of the lost order, and both of the other";
  EXPECT_TRUE(all_become({*lost, *done}, "CONFIRMED").ok());
  EXPECT_TRUE(live::reserved_once(one_stack(), {*lost, *done}, sku, 3).ok());
  EXPECT_THAT(operator_log(), HasSubstr(absl::StrCat("events 3, orders 2 from ", to_string(lost->value))));
  EXPECT_EQ(quickbite({"republish", "--yes"}).code, 2) << "which?";
  EXPECT_EQ(quickbite({"republish", "x", "--yes"}).code, 2);
}

}  // namespace
}  // namespace quickbite
