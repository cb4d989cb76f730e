// Dead letters in an operator's hands: listed, shown, and redriven after what refused them was mended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "domain/port/dead_letter.h"
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

std::string text_of(const OrderId& order) { return to_string(order.value); }

// Inventory's database, as a migration gone wrong would have left it: it refuses reservations of that SKU.
void refuse_reservations_of(const std::string& sku) {
  ASSERT_TRUE(live::sql_run(one_stack().inventory_database(),
                            absl::StrCat("CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                                         " $$BEGIN RAISE EXCEPTION 'no such thing' USING ERRCODE = '22023'; END$$;"
                                         "CREATE TRIGGER refused BEFORE INSERT ON reservations FOR EACH ROW WHEN ('",
                                         sku, "' = ANY (NEW.skus)) EXECUTE FUNCTION refuse()"))
                  .ok());
}
void mend() {
  ASSERT_TRUE(live::sql_run(one_stack().inventory_database(), "DROP TRIGGER refused ON reservations").ok());
}

// Waits until `dlq list` shows `count` letters; the first of them.
rapidjson::Document letters(const std::vector<std::string>& filter, rapidjson::SizeType count) {
  std::vector<std::string> arguments = {"dlq", "list"};
  arguments.insert(arguments.end(), filter.begin(), filter.end());
  rapidjson::Document json;
  const absl::Status there = live::await(no_interrupt(), kPatience, [&] {
    json = quickbite_json(arguments);
    const auto found = json["letters"].Size();
    return found == count ? absl::OkStatus() : absl::UnavailableError(absl::StrCat(found, " letters"));
  });
  EXPECT_TRUE(there.ok()) << there;
  return json;
}

absl::Status state_becomes(const OrderId& order, const std::string& state) {
  return live::await(no_interrupt(), kPatience, [&] {
    const auto json = quickbite_json({"dlq", "list", "--order", text_of(order)});
    const std::string now = json["letters"].Empty() ? "none" : json["letters"][0]["state"].GetString();
    return now == state ? absl::OkStatus() : absl::UnavailableError("it is " + now);
  });
}

std::int64_t records_in(Topic topic, const std::string& key) {
  const auto records = live::read_topic(one_stack().kafka().bootstrap(), topic);
  EXPECT_TRUE(records.ok()) << records.status();
  std::int64_t count = 0;
  for (const Record& record : records.value_or(std::vector<Record>())) count += record.message.key == key;
  return count;
}

TEST(Dlq, AnOrderThatTheDatabaseRefusedIsConfirmedByARedriveAfterItWasMendedAndOnceOnly) {
  const std::string sku = stocked("redriven", 10);
  refuse_reservations_of(sku);
  const auto order = live::Shop(one_stack().orders_port()).order("u1", sku, 3);
  ASSERT_TRUE(order.ok()) << order.status();
  const auto found = letters({"--order", text_of(*order)}, 1);
  const auto& letter = found["letters"][0];
  const std::string id = letter["id"].GetString();
  EXPECT_STREQ(letter["reason"].GetString(), "REFUSED 22023");
  EXPECT_STREQ(letter["state"].GetString(), "ready");
  EXPECT_STREQ(letter["type"].GetString(), "OrderCreated");
  EXPECT_EQ(letter["order_id"].GetString(), text_of(*order));
  mend();

  // It changes nothing without being told to.
  const auto dry = quickbite_json({"dlq", "redrive", id, "--dry-run"});
  EXPECT_EQ(dry["sent"].GetInt64(), 1);
  const Said unasked = quickbite({"dlq", "redrive", id});
  EXPECT_EQ(unasked.code, 2);
  EXPECT_THAT(unasked.err, HasSubstr("--yes"));
  EXPECT_THAT(unasked.out, IsEmpty());
  EXPECT_THAT(operator_log(), testing::Not(HasSubstr(id)));
  EXPECT_TRUE(state_becomes(*order, "ready").ok());

  EXPECT_EQ(quickbite_json({"dlq", "redrive", id, "--yes"})["sent"].GetInt64(), 1);
  EXPECT_THAT(operator_log(), HasSubstr(absl::StrCat("dlq redrive has ended\",\"user\":")));
  EXPECT_THAT(operator_log(), HasSubstr(absl::StrCat("sent 1, ids 1 from ", id)));
  EXPECT_TRUE(all_become({*order}, "CONFIRMED").ok());
  EXPECT_TRUE(live::reserved_once(one_stack(), {*order}, sku, 3).ok());
  EXPECT_TRUE(state_becomes(*order, "handled").ok());

  // Again it does nothing; and where it is forced to, nothing comes of it.
  const auto twice = quickbite_json({"dlq", "redrive", id, "--yes"});
  EXPECT_EQ(twice["sent"].GetInt64(), 0);
  EXPECT_EQ(twice["left"]["handled"].GetInt64(), 1);
  EXPECT_EQ(quickbite_json({"dlq", "redrive", id, "--yes", "--force", "--again"})["sent"].GetInt64(), 1);
  const absl::Status sent = live::await(no_interrupt(), kPatience, [&] {
    return records_in(Topic::kOrders, text_of(*order)) == 3 ? absl::OkStatus() : absl::UnavailableError("not sent yet");
  });
  EXPECT_TRUE(sent.ok()) << sent;
  const std::string behind = stocked("behind-redriven", 1);
  const auto other = live::Shop(one_stack().orders_port()).order("u1", behind, 1);
  EXPECT_TRUE(all_become({*other}, "CONFIRMED").ok());
  EXPECT_TRUE(live::reserved_once(one_stack(), {*order}, sku, 3).ok());
  EXPECT_EQ(records_in(Topic::kOrdersDeadLetter, text_of(*order)), 1);
}

TEST(Dlq, WhatFailsAgainHasTheLetterThatItHad) {
  const std::string key = to_string(runtime::random_uuid());
  Message message;
  message.topic = Topic::kOrders;
  message.key = key;
  message.partition = partition_of(key, one_stack().kafka().partitions());
  message.value = Bytes("no JSON, whatever becomes of it");
  message.headers = {{"from", "nobody we know"}};
  ASSERT_TRUE(live::write_records(one_stack().kafka().bootstrap(), {message}).ok());
  const auto found = letters({"--key", key}, 1);
  const std::string id = found["letters"][0]["id"].GetString();
  EXPECT_STREQ(found["letters"][0]["state"].GetString(), "unreadable");

  EXPECT_EQ(quickbite_json({"dlq", "redrive", "--key", key, "--yes"})["left"]["unreadable"].GetInt64(), 1);
  for (const char* again : {"--force", "--again"}) {
    EXPECT_EQ(quickbite_json({"dlq", "redrive", id, "--yes", "--force", again})["sent"].GetInt64(), 1);
    const absl::Status sent = live::await(no_interrupt(), kPatience, [&] {
      const auto json = quickbite_json({"dlq", "list", "--key", key});
      return json["letters"][0]["state"].GetString() == std::string("sent") ? absl::OkStatus() : absl::UnavailableError("under way");
    });
    EXPECT_TRUE(sent.ok()) << sent;
  }
  EXPECT_EQ(records_in(Topic::kOrders, key), 3);
  const std::string sku = stocked("behind-failing", 1);
  EXPECT_TRUE(all_become({*live::Shop(one_stack().orders_port()).order("u1", sku, 1)}, "CONFIRMED").ok());
  const auto lag = live::await(no_interrupt(), kPatience, [&] {  // of every partition: orders on each
    const auto count = live::sql_number(one_stack().inventory_database(),
                                        absl::StrCat("SELECT count(*) FROM outbox_events WHERE type = 'DeadLetter' AND key = '", key, "'"));
    return count.value_or(-1) == 1 ? absl::OkStatus() : absl::UnavailableError("another letter");
  });
  EXPECT_TRUE(lag.ok()) << lag;
  EXPECT_EQ(records_in(Topic::kOrdersDeadLetter, key), 1);
  const auto shown = quickbite_json({"dlq", "show", id});
  EXPECT_EQ(shown["redrives"].GetInt64(), 2);
  EXPECT_STREQ(shown["value"].GetString(), "no JSON, whatever becomes of it");
  EXPECT_STREQ(shown["headers"][0]["name"].GetString(), "from");
  EXPECT_EQ(quickbite({"dlq", "show", id, "--bytes"}).out, "no JSON, whatever becomes of it");
}

TEST(Dlq, WhatCannotBeMeansWrongUsageAndChangesNothing) {
  const std::string nobody = to_string(runtime::random_uuid());
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"dlq"},
           {"dlq", "dance"},
           {"dlq", "list", "--topic", "orders.dlq.v1"},
           {"dlq", "list", "--since", "yesterday"},
           {"dlq", "list", "--limit", "0"},
           {"dlq", "list", "--state", "fine"},
           {"dlq", "show"},
           {"dlq", "show", "x"},
           {"dlq", "redrive"},
           {"dlq", "redrive", "--yes"},
           {"dlq", "redrive", nobody, "--yes"},
           {"dlq", "redrive", "--all", "--limit", "0", "--yes"}}) {
    const Said said = quickbite(words);
    EXPECT_EQ(said.code, 2) << testing::PrintToString(words);
    EXPECT_THAT(said.out, IsEmpty()) << testing::PrintToString(words);
    EXPECT_THAT(said.err, HasSubstr("quickbite: ")) << testing::PrintToString(words);
  }
  EXPECT_EQ(quickbite({"dlq", "show", nobody}).code, 1);
}

TEST(Dlq, ADatabaseThatDoesNotAnswerIsNamed) {
  const Said said = quickbite({"dlq", "list", "--topic", "orders.v1", "--inventory", "host=127.0.0.1 port=1 dbname=x"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, HasSubstr("quickbite: the inventory database: "));
}

}  // namespace
}  // namespace quickbite
