// The stories that `quickbite up` plays fail when the recovery that they are about is taken away (README.md of this folder tells
// how, and that no service is switched for it). That they hold otherwise is seen in up_test.cc, which plays them whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/kafka/consumer.h"
#include "proptests/e2e/one_stack.h"
#include "services/live/evidence.h"
#include "services/live/sql.h"
#include "services/live/story.h"
#include "services/runtime/clock.h"

namespace quickbite {
namespace {

using live::Scene;
using live::Seen;
using live::Step;
using live::Story;
using ::testing::HasSubstr;

constexpr absl::Duration kWithoutRecovery = absl::Seconds(2);

// Remembers which step failed.
class Listener : public live::Narrator {
 public:
  void begin(const Story&) override {}
  void step(const Step& step, const Seen& seen, absl::Duration) override {
    if (!seen.ok()) failed = step.text;
  }
  std::string failed;
};

struct Told {
  absl::Status status;
  std::string failed_step;
  std::vector<OrderId> orders;
};

Told told(const Story& story, absl::Duration patience = absl::Seconds(30)) {
  Scene scene{one_stack(), no_interrupt(), patience};
  Listener listener;
  const absl::Status status = live::tell(story, scene, listener);
  return {status, listener.failed, scene.orders};
}

Step& step_of(Story& story, std::string_view beginning) {
  const auto at = std::ranges::find_if(story.steps, [&](const Step& step) { return step.text.starts_with(beginning); });
  if (at != story.steps.end()) return *at;
  ADD_FAILURE() << story.name << " has no step that begins: " << beginning;
  return story.steps.front();
}

void leave_out(Story& story, std::string_view beginning) {
  step_of(story, beginning).play = [](Scene&) { return ""; };
}

// Done right after that step, as part of it.
void after(Story& story, std::string_view beginning, std::function<absl::Status(Scene&)> more) {
  Step& step = step_of(story, beginning);
  step.play = [first = step.play, more = std::move(more)](Scene& scene) -> Seen {
    Seen seen = first(scene);
    if (!seen.ok()) return seen;
    const absl::Status done = more(scene);
    EXPECT_TRUE(done.ok()) << done;
    return done.ok() ? seen : Seen(done);
  };
}

// A trigger on the outbox of Inventory's database; `refusal` is what it does to a dead letter. Gone with its owner.
class DeadLetterTrigger {
 public:
  explicit DeadLetterTrigger(const std::string& refusal) {
    run(absl::StrCat("CREATE FUNCTION no_dead_letters() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ", refusal,
                     " END $$; CREATE TRIGGER no_dead_letters BEFORE INSERT ON outbox_events FOR EACH ROW WHEN "
                     "(NEW.topic = 'orders.dlq.v1') EXECUTE FUNCTION no_dead_letters()"));
  }
  ~DeadLetterTrigger() { run("DROP TRIGGER no_dead_letters ON outbox_events; DROP FUNCTION no_dead_letters"); }

 private:
  static void run(const std::string& sql) {
    const absl::Status done = live::sql_run(one_stack().inventory_database(), sql);
    EXPECT_TRUE(done.ok()) << done;
  }
};

// Joins Inventory's group while it is away, and commits all that there is: what a consumer does that commits before it stores.
absl::Status commit_unread_orders(Scene& scene) {
  kafka::ConsumerOptions options;
  options.connection = {scene.stack.kafka().bootstrap(), "too-eager", {}, {}};
  options.group = "inventory";
  options.topic = Topic::kOrders;
  // Apache Kafka takes no less than 6 s unless told so; in the embedded broker's group a longer one than Inventory's would make
  // the rebalance outlast Inventory's session.
  options.session_timeout = scene.stack.kafka().embedded() ? seconds(4) : seconds(6);
  const auto consumer = kafka::Consumer::make(options);
  if (!consumer.ok()) return consumer.status();
  FlatMap<Partition, Offset> next;
  bool assigned = false;
  for (absl::Time last = absl::Now(), end = last + absl::Seconds(30); absl::Now() < end;) {
    const Polled polled = (*consumer)->poll({1000, runtime::steady_unix_now() + milliseconds(100), false, {}});
    assigned = assigned || !polled.assigned.empty();
    for (const Received& received : polled.records) {
      next[received.record->message.partition] = Offset{received.record->offset.value + 1};
    }
    if (!polled.records.empty() || !assigned) last = absl::Now();
    if (absl::Now() - last > absl::Seconds(1)) break;
  }
  if (next.empty()) return absl::InternalError("no order was there to be skipped");
  if (!std::holds_alternative<OffsetsCommitted>((*consumer)->commit({next}))) return absl::InternalError("not committed");
  return absl::OkStatus();
}

// QUICKBITE_KAFKA names somebody else's, which is not stopped for a test.
bool kafka_is_ours() { return one_stack().kafka().process() != nullptr; }

TEST(StoriesWithoutRecovery, KafkaIsNeverStartedAgain) {
  if (!kafka_is_ours()) GTEST_SKIP() << "the broker is somebody else's";
  Story story = live::kafka_stopped();
  leave_out(story, "Kafka is started again");
  const Told result = told(story, kWithoutRecovery);
  EXPECT_THAT(result.failed_step, HasSubstr("all become CONFIRMED")) << result.status;
  EXPECT_TRUE(all_become(result.orders, "CONFIRMED").ok()) << "once it is up after all";
}

TEST(StoriesWithoutRecovery, TheOutboxForgetsWhatWasNotSent) {
  if (!kafka_is_ours()) GTEST_SKIP() << "the broker is somebody else's";
  Story story = live::kafka_stopped();
  // What its producer may hold already goes with the process.
  after(story, "PostgreSQL: their events wait", [](Scene& scene) {
    scene.stack.orders().kill();
    return live::sql_run(scene.stack.orders_database(), "DELETE FROM outbox_events WHERE sent_offset IS NULL");
  });
  after(story, "Kafka is started again", [](Scene& scene) { return scene.stack.orders().start(no_interrupt()); });
  const Told result = told(story, kWithoutRecovery);
  EXPECT_THAT(result.failed_step, HasSubstr("all become CONFIRMED")) << result.status;
}

TEST(StoriesWithoutRecovery, InventoryIsNeverStartedAgain) {
  Story story = live::inventory_restarted();
  leave_out(story, "Inventory is started again");
  const Told result = told(story, kWithoutRecovery);
  EXPECT_THAT(result.failed_step, HasSubstr("become CONFIRMED")) << result.status;
  EXPECT_TRUE(all_become(result.orders, "CONFIRMED").ok()) << "once it is there after all";
}

TEST(StoriesWithoutRecovery, OffsetsAreCommittedBeforeTheDatabaseIs) {
  Story story = live::inventory_restarted();
  after(story, "PostgreSQL: those six", commit_unread_orders);
  const Told result = told(story, kWithoutRecovery);
  EXPECT_THAT(result.failed_step, HasSubstr("become CONFIRMED")) << result.status;
}

TEST(StoriesWithoutRecovery, AReservationIsMadeTwice) {
  Story story = live::invalid_json();
  after(story, "GET /v1/orders/{id}: all become", [](Scene& scene) {
    return live::sql_run(
        scene.stack.inventory_database(),
        absl::StrCat("UPDATE stock SET available = available - 2, reserved = reserved + 2 WHERE sku = '", scene.sku,
                     "'; INSERT INTO stock_movements SELECT gen_random_uuid(), sku, kind, quantity, order_id, at FROM "
                     "stock_movements WHERE sku = '", scene.sku, "' AND kind = 'RESERVE' LIMIT 1"));
  });
  const Told result = told(story);
  EXPECT_THAT(result.failed_step, HasSubstr("reserved exactly once")) << result.status;
}

TEST(StoriesWithoutRecovery, ThePartitionStandsWhereNoDeadLetterCanBeWritten) {
  std::vector<OrderId> orders;
  {
    const DeadLetterTrigger trigger("RAISE EXCEPTION 'no dead letters today' USING ERRCODE = '53100';");
    const Told result = told(live::invalid_json(), kWithoutRecovery);
    EXPECT_THAT(result.failed_step, HasSubstr("no partition is blocked")) << result.status;
    orders = result.orders;
  }
  EXPECT_TRUE(all_become(orders, "CONFIRMED").ok()) << "once they can be written";
}

TEST(StoriesWithoutRecovery, ADeadLetterThatIsSwallowedIsMissed) {
  const DeadLetterTrigger trigger("RETURN NULL;");
  const Told result = told(live::invalid_json(), kWithoutRecovery);
  EXPECT_THAT(result.failed_step, HasSubstr("orders.dlq.v1 holds each bad record once")) << result.status;
}

}  // namespace
}  // namespace quickbite
