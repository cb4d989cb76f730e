#include "adapters/postgres/ledger_session.h"

#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/postgres/rows.h"

namespace quickbite::postgres {
namespace {

class LedgerSessionTest : public testing::Test {
 protected:
  void SetUp() override { postgres_.clear(); }

  // Loads and stores in one go: what a machine's transaction is when nothing goes wrong.
  template <class L>
  StoreAnswer write(LedgerSession<L>& session, typename L::Writes writes, typename L::Keys keys = {}) {
    const LoadAnswer<L> answer = session.load(Load<L>{std::move(keys)});
    const auto* loaded = std::get_if<Loaded<L>>(&answer);
    if (loaded == nullptr) return Unavailable{};
    return session.store(Store<L>{loaded->token, {std::move(writes)}});
  }

  template <class L>
  typename L::Rows rows(LedgerSession<L>& session, typename L::Keys keys) {
    LoadAnswer<L> answer = session.load(Load<L>{std::move(keys)});
    session.rollback();
    auto* loaded = std::get_if<Loaded<L>>(&answer);
    EXPECT_NE(loaded, nullptr);
    return loaded == nullptr ? typename L::Rows{} : std::move(loaded->rows);
  }

  std::vector<OutboxRow> unsent(auto& session, std::int64_t limit = 100) {
    ReadOutboxAnswer answer = session.read_outbox(whole_outbox(limit));
    auto* read = std::get_if<OutboxRead>(&answer);
    EXPECT_NE(read, nullptr);
    return read == nullptr ? std::vector<OutboxRow>{} : std::move(read->rows);
  }

  RealPostgres& postgres_ = RealPostgres::instance();
  OrdersLedgerSession orders_{postgres_.session(Service::kOrders)};
  InventoryLedgerSession inventory_{postgres_.session(Service::kInventory)};
};

void expect_marked(const MarkAnswer& answer) { EXPECT_TRUE(std::holds_alternative<Marked>(answer)); }
void expect_stored(const StoreAnswer& answer) { EXPECT_TRUE(std::holds_alternative<Stored>(answer)); }
void expect_refused(const StoreAnswer& answer, const std::string& sqlstate) {
  const auto* refused = std::get_if<Refused>(&answer);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->sqlstate, sqlstate);
}
void expect_aborted(const StoreAnswer& answer, const std::string& sqlstate) {
  const auto* aborted = std::get_if<Aborted>(&answer);
  ASSERT_NE(aborted, nullptr);
  EXPECT_EQ(aborted->sqlstate, sqlstate);
}

TEST_F(LedgerSessionTest, ReadsOrdersAsTheyWereWritten) {
  const OrderRow pending = order_row(1);
  const OrderRow gone = cancelled(order_row(2), CancelReason::kUnknownSku);
  OrderRow odd = order_row(3);
  odd.user = UserId("ü'\"\\,{} NULL");
  odd.lines = {{Sku("a,b"), Quantity(1)}, {Sku("c\"d\\e"), Quantity(2)}, {Sku("NULL"), Quantity(9'000'000'000)}};
  odd.created_at = Instant{-1};
  expect_stored(write<OrdersLedger>(orders_, {.inserted = {odd, gone, pending}, .updated = {}, .history = {}, .processed = {}, .outbox = {}}));
  const auto read = rows<OrdersLedger>(orders_, {{order_id(1), order_id(2), order_id(3), order_id(4)}, {}});
  ASSERT_EQ(read.orders.size(), 3u);
  EXPECT_EQ(*read.orders.find(order_id(1)), pending);
  EXPECT_EQ(*read.orders.find(order_id(2)), gone);
  EXPECT_EQ(*read.orders.find(order_id(3)), odd);
}

TEST_F(LedgerSessionTest, UpdatesWhatOfAnOrderMayChange) {
  OrdersLedger::Writes first;
  first.inserted = {order_row(1), order_row(2)};
  expect_stored(write<OrdersLedger>(orders_, first));
  OrdersLedger::Writes second;
  second.updated = {cancelled(order_row(2)), confirmed(order_row(1))};
  expect_stored(write<OrdersLedger>(orders_, second));
  const auto read = rows<OrdersLedger>(orders_, {{order_id(1), order_id(2)}, {}});
  EXPECT_EQ(*read.orders.find(order_id(1)), confirmed(order_row(1)));
  EXPECT_EQ(*read.orders.find(order_id(2)), cancelled(order_row(2)));
}

TEST_F(LedgerSessionTest, WritesARowThatOneTransactionWritesTwiceAsItIsInTheEnd) {
  OrdersLedger::Writes writes;
  writes.inserted = {order_row(1)};
  writes.updated = {confirmed(order_row(1)), cancelled(confirmed(order_row(1)))};
  expect_stored(write<OrdersLedger>(orders_, writes));
  const auto read = rows<OrdersLedger>(orders_, {{order_id(1)}, {}});
  EXPECT_EQ(*read.orders.find(order_id(1)), cancelled(confirmed(order_row(1))));
}

TEST_F(LedgerSessionTest, KeepsHistoryAsItWasWritten) {
  OrdersLedger::Writes writes;
  writes.history = {{order_id(1), Version(2), OrderStatus::kPending, OrderStatus::kCancelled, CancelReason::kOutOfStock,
                     event_id(2), Instant{1'700'000'000'000'001}},
                    {order_id(1), Version(1), std::nullopt, OrderStatus::kPending, std::nullopt, event_id(1),
                     Instant{1'700'000'000'000'000}}};
  expect_stored(write<OrdersLedger>(orders_, writes));
  EXPECT_EQ(postgres_.one(Service::kOrders,
                          "SELECT string_agg(concat_ws(' ', version, coalesce(status_before, '-'), status_after,"
                          " coalesce(reason, '-'), extract(epoch FROM at)), ', ' ORDER BY version) FROM order_history"),
            "1 - PENDING - 1700000000.000000, 2 PENDING CANCELLED OUT_OF_STOCK 1700000000.000001");
}

TEST_F(LedgerSessionTest, TellsWhichEventsAreHandled) {
  OrdersLedger::Writes writes;
  writes.processed = {processed_row(3), processed_row(1)};
  expect_stored(write<OrdersLedger>(orders_, writes));
  const auto read = rows<OrdersLedger>(orders_, {{}, {event_id(1), event_id(2), event_id(3)}});
  EXPECT_EQ(read.handled, (std::vector{event_id(1), event_id(3)}));
  EXPECT_EQ(postgres_.one(Service::kOrders,
                          "SELECT concat_ws(' ', topic, kafka_partition, kafka_offset, handled, extract(epoch FROM at))"
                          " FROM processed_events LIMIT 1"),
            "inventory.v1 3 1234567890123 IGNORED 1700000000.000001");
}

TEST_F(LedgerSessionTest, TellsTheDatabasesTimeAtTheStartOfTheTransaction) {
  const std::string before = postgres_.one(Service::kOrders, "SELECT (extract(epoch FROM now()) * 1000000)::bigint");
  const auto read = rows<OrdersLedger>(orders_, {});
  const std::string after = postgres_.one(Service::kOrders, "SELECT (extract(epoch FROM now()) * 1000000)::bigint");
  EXPECT_LE(std::stoll(before), read.now.us);
  EXPECT_LE(read.now.us, std::stoll(after));
}

TEST_F(LedgerSessionTest, KeepsReservationsStockAndMovements) {
  ASSERT_TRUE(add_stock(postgres_.server().app_connection(Service::kInventory), Sku("burger"), Quantity(10), event_id(90)).ok());
  ReservationRow tombstone{order_id(2), {}, ReservationState::kTombstone, Instant{1}};
  InventoryLedger::Writes writes;
  writes.inserted = {tombstone, reservation_row(1)};
  writes.stock = {{Sku("burger"), Quantity(8), Quantity(2)}};
  writes.movements = {{Sku("burger"), MovementKind::kReserve, Quantity(2), order_id(1), event_id(1), Instant{5}}};
  writes.outbox = {outbox_row(5)};
  expect_stored(write<InventoryLedger>(inventory_, writes));
  auto read = rows<InventoryLedger>(inventory_, {{order_id(1), order_id(2)}, {Sku("nothing")}, {}});
  EXPECT_EQ(*read.reservations.find(order_id(1)), reservation_row(1));
  EXPECT_EQ(*read.reservations.find(order_id(2)), tombstone);
  ASSERT_EQ(read.stock.size(), 1u) << "the stock of a reservation's lines is loaded with it";
  EXPECT_EQ(*read.stock.find(Sku("burger")), (StockRow{Sku("burger"), Quantity(8), Quantity(2)}));
  EXPECT_EQ(postgres_.one(Service::kInventory,
                          "SELECT string_agg(concat_ws(' ', sku, kind, quantity, coalesce(order_id::text, '-')), ', '"
                          " ORDER BY kind) FROM stock_movements"),
            "burger RESERVE 2 " + to_string(uuid_of(1)) + ", burger SEED 10 -");

  InventoryLedger::Writes release;
  release.updated = {reservation_row(1)};
  release.updated[0].state = ReservationState::kReleased;
  expect_stored(write<InventoryLedger>(inventory_, release));
  read = rows<InventoryLedger>(inventory_, {{order_id(1)}, {}, {}});
  EXPECT_EQ(read.reservations.find(order_id(1))->state, ReservationState::kReleased);
  EXPECT_EQ(unsent(inventory_).size(), 1u);
}

TEST_F(LedgerSessionTest, KeepsOutboxRowsByteForByteAndInOrder) {
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  OutboxRow dead = outbox_row(9, every_byte);
  dead.topic = Topic::kOrdersDeadLetter;
  dead.shard = kDeadLetterShard;
  dead.payload = Bytes(every_byte);
  dead.headers = {{"reason", every_byte}, {"\xFF\"{},", ""}};
  OutboxRow without_key = outbox_row(2, std::nullopt);
  without_key.payload = Bytes();
  OrdersLedger::Writes writes;
  writes.outbox = {dead, without_key, outbox_row(1)};
  expect_stored(write<OrdersLedger>(orders_, writes));
  const auto read = unsent(orders_);
  ASSERT_EQ(read.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    OutboxRow expected = writes.outbox[i];
    expected.seq = read[i].seq;
    EXPECT_EQ(read[i], expected) << i;
  }
  EXPECT_LT(read[0].seq, read[1].seq);
  EXPECT_LT(read[1].seq, read[2].seq);
  EXPECT_EQ(unsent(orders_, 2).size(), 2u);
}

TEST_F(LedgerSessionTest, MarksARowAtMostOnce) {
  OrdersLedger::Writes writes;
  writes.outbox = {outbox_row(1, "a"), outbox_row(2, "b"), outbox_row(3, "c")};
  expect_stored(write<OrdersLedger>(orders_, writes));
  const auto read = unsent(orders_);
  expect_marked(orders_.mark(
      unfenced_mark({{read[1].seq, {Partition(1), Offset(11)}}, {read[0].seq, {Partition(0), Offset(10)}}})));
  expect_marked(orders_.mark(unfenced_mark({{read[0].seq, {Partition(7), Offset(77)}}}, {read[1].seq})));
  ASSERT_EQ(unsent(orders_).size(), 1u);
  EXPECT_EQ(unsent(orders_)[0].seq, read[2].seq);
  EXPECT_EQ(postgres_.one(Service::kOrders,
                          "SELECT string_agg(concat_ws(' ', sent_partition, sent_offset, parked), ', ' ORDER BY seq)"
                          " FROM outbox_events WHERE sent_offset IS NOT NULL"),
            "0 10 f, 1 11 f");
}

TEST_F(LedgerSessionTest, AParkedRowHoldsBackItsKeyAndNoOther) {
  OrdersLedger::Writes writes;
  writes.outbox = {outbox_row(1, "a"), outbox_row(2, "a"), outbox_row(3, "b"), outbox_row(4, std::nullopt)};
  expect_stored(write<OrdersLedger>(orders_, writes));
  const auto read = unsent(orders_);
  expect_marked(orders_.mark(unfenced_mark({}, {read[0].seq})));
  const auto rest = unsent(orders_);
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].id, event_id(3));
  EXPECT_EQ(rest[1].id, event_id(4));
  expect_marked(orders_.mark(unfenced_mark({}, {rest[1].seq})));
  EXPECT_EQ(unsent(orders_).size(), 1u) << "a row without a key holds back nothing";
}

TEST_F(LedgerSessionTest, ListsAUsersOrdersNewestFirst) {
  OrdersLedger::Writes writes;
  for (int n = 1; n <= 5; ++n) writes.inserted.push_back(order_row(static_cast<std::uint64_t>(n), 1'700'000'000 + n / 2));
  writes.inserted[4].user = UserId("u2");
  expect_stored(write<OrdersLedger>(orders_, writes));
  const ReadOrdersAnswer answer = orders_.read_orders(
      {{order_id(2), order_id(5), order_id(6)}, {{UserId("u1"), {}, 3}, {UserId("u3"), {}, 3}, {UserId("u1"), {}, 1}}, {}});
  const auto* read = std::get_if<OrdersRead>(&answer);
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->orders.size(), 2u);
  EXPECT_EQ(*read->orders.find(order_id(5)), writes.inserted[4]);
  ASSERT_EQ(read->pages.size(), 3u);
  EXPECT_TRUE(read->pages[1].empty());
  ASSERT_EQ(read->pages[2].size(), 1u);
  EXPECT_EQ(read->pages[2][0].id, order_id(4));
  const auto& list = read->pages[0];
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].id, order_id(4));
  EXPECT_EQ(list[1].id, order_id(3));
  EXPECT_EQ(list[2].id, order_id(2));
}

TEST_F(LedgerSessionTest, StoresABatchOfTwoHundredInOneTransaction) {
  OrdersLedger::Writes writes;
  for (std::uint64_t n = 200; n > 0; --n) {
    writes.inserted.push_back(order_row(n));
    writes.history.push_back({order_id(n), Version(1), {}, OrderStatus::kPending, {}, event_id(n), Instant{1}});
    writes.processed.push_back(processed_row(n));
    writes.outbox.push_back(outbox_row(n));
  }
  OrdersLedger::Keys keys;
  for (std::uint64_t n = 1; n <= 200; ++n) {
    keys.orders.push_back(order_id(n));
    keys.events.push_back(event_id(n));
  }
  expect_stored(write<OrdersLedger>(orders_, writes, keys));
  const auto read = rows<OrdersLedger>(orders_, keys);
  EXPECT_EQ(read.orders.size(), 200u);
  EXPECT_EQ(read.handled, keys.events);
  const auto outbox = unsent(orders_, 500);
  ASSERT_EQ(outbox.size(), 200u);
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(outbox[i].id, writes.outbox[i].id);
  EXPECT_EQ(postgres_.one(Service::kOrders, "SELECT count(DISTINCT xmin::text) FROM orders"), "1");
}

TEST_F(LedgerSessionTest, StoresSeveralTransactionsInOrderUpToTheFirstThatFails) {
  const auto answer = orders_.load({});
  Store<OrdersLedger> store{std::get<Loaded<OrdersLedger>>(answer).token, {}};
  for (const std::uint64_t n : {1, 2, 1, 3}) {
    store.transactions.emplace_back();
    store.transactions.back().inserted = {order_row(n)};
  }
  expect_aborted(orders_.store(store), "23505");
  const auto read = rows<OrdersLedger>(orders_, {{order_id(1), order_id(2), order_id(3)}, {}});
  EXPECT_EQ(read.orders.size(), 2u);
}

TEST_F(LedgerSessionTest, EndsTheTransactionOfAnEmptyStore) {
  expect_stored(write<OrdersLedger>(orders_, {}));
  EXPECT_EQ(postgres_.activity("test"), "idle");
  ASSERT_TRUE(std::holds_alternative<Loaded<OrdersLedger>>(orders_.load({})));
  EXPECT_EQ(postgres_.activity("test"), "idle in transaction");
}

TEST_F(LedgerSessionTest, RefusesTextThatIsNoText) {
  for (const std::string& bad : {std::string("a\0b", 3), std::string("\xC3\x28")}) {
    OrdersLedger::Writes writes;
    writes.inserted = {order_row(1), order_row(2)};
    writes.inserted[1].user = UserId(bad);
    expect_refused(write<OrdersLedger>(orders_, writes), "22021");
    const auto answer = inventory_.load({{{order_id(1)}, {Sku(bad)}, {}}});
    ASSERT_TRUE(std::holds_alternative<Refused>(answer));
    EXPECT_EQ(std::get<Refused>(answer).sqlstate, "22021");
  }
  EXPECT_TRUE(rows<OrdersLedger>(orders_, {{order_id(1)}, {}}).orders.empty());
  EXPECT_TRUE(orders_.health().ready());
}

TEST_F(LedgerSessionTest, RefusesWhatAConstraintForbids) {
  OrdersLedger::Writes writes;
  writes.inserted = {order_row(1)};
  writes.inserted[0].user = UserId(std::string(65, 'x'));
  expect_refused(write<OrdersLedger>(orders_, writes), "23514");

  ASSERT_TRUE(add_stock(postgres_.server().app_connection(Service::kInventory), Sku("burger"), Quantity(1), event_id(90)).ok());
  InventoryLedger::Writes oversold;
  oversold.stock = {{Sku("burger"), Quantity(-1), Quantity(2)}};
  expect_refused(write<InventoryLedger>(inventory_, oversold), "23514");
}

TEST_F(LedgerSessionTest, RefusesAStatementThatTimesOut) {
  SessionOptions options = postgres_.session(Service::kOrders);
  options.statement_timeout = milliseconds(50);
  OrdersLedgerSession impatient(options);
  postgres_.as_owner(Service::kOrders,
                     "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NEW; END';"
                     "CREATE TRIGGER slow BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION slow()");
  OrdersLedger::Writes writes;
  writes.inserted = {order_row(1)};
  expect_refused(write<OrdersLedger>(impatient, writes), "57014");
  postgres_.as_owner(Service::kOrders, "DROP FUNCTION slow CASCADE");
}

TEST_F(LedgerSessionTest, IsNotReadyWhileTheSchemaIsAnother) {
  expect_stored(write<OrdersLedger>(orders_, {}));
  postgres_.as_owner(Service::kOrders, "ALTER TABLE orders RENAME TO orders_elsewhere");
  OrdersLedgerSession late(postgres_.session(Service::kOrders));
  EXPECT_EQ(late.health().condition, Condition::kUntried);
  EXPECT_TRUE(std::holds_alternative<Unavailable>(late.load({{{order_id(1)}, {}}})));
  EXPECT_EQ(late.health().condition, Condition::kMismatched);
  EXPECT_NE(late.health().trouble.find("orders"), std::string::npos) << late.health().trouble;
  postgres_.as_owner(Service::kOrders, "ALTER TABLE orders_elsewhere RENAME TO orders");
  EXPECT_TRUE(std::holds_alternative<Loaded<OrdersLedger>>(late.load({{{order_id(1)}, {}}})));
  EXPECT_TRUE(late.health().ready());
}

TEST_F(LedgerSessionTest, OutlivesAChangeOfATableThatItsPlansWereMadeFor) {
  rows<OrdersLedger>(orders_, {{order_id(1)}, {}});
  postgres_.as_owner(Service::kOrders, "ALTER TABLE orders ALTER version TYPE numeric");
  const auto answer = orders_.load({{{order_id(1)}, {}}});
  ASSERT_TRUE(std::holds_alternative<Aborted>(answer));
  EXPECT_EQ(std::get<Aborted>(answer).sqlstate, "0A000");
  EXPECT_TRUE(std::holds_alternative<Loaded<OrdersLedger>>(orders_.load({{{order_id(1)}, {}}})));
  orders_.rollback();
  postgres_.as_owner(Service::kOrders, "ALTER TABLE orders ALTER version TYPE bigint");
}

TEST_F(LedgerSessionTest, SaysWhatItCannotRead) {
  OrdersLedger::Writes writes;
  writes.inserted = {order_row(1)};
  expect_stored(write<OrdersLedger>(orders_, writes));
  postgres_.as_owner(Service::kOrders, "ALTER TABLE orders DROP CONSTRAINT orders_status_check; UPDATE orders SET status = 'NEWFANGLED'");
  EXPECT_TRUE(std::holds_alternative<Unavailable>(orders_.load({{{order_id(1)}, {}}})));
  EXPECT_EQ(orders_.health().condition, Condition::kMismatched);
  EXPECT_NE(orders_.health().trouble.find("NEWFANGLED"), std::string::npos);
  postgres_.as_owner(Service::kOrders,
                     "TRUNCATE orders; ALTER TABLE orders ADD CONSTRAINT orders_status_check CHECK (status IN ('PENDING', 'CONFIRMED', 'CANCELLED'))");
}

TEST_F(LedgerSessionTest, LocksInTheOrderOfTheIds) {
  OrdersLedger::Writes writes;
  for (const std::uint64_t n : {3, 1, 2}) writes.inserted.push_back(order_row(n));
  expect_stored(write<OrdersLedger>(orders_, writes));
  AdminConnection holder(postgres_.server().owner_connection(Service::kOrders));
  holder.run(absl::StrCat("BEGIN; SELECT FROM orders WHERE id = '", to_string(uuid_of(2)), "' FOR UPDATE"));
  SessionOptions patient = postgres_.session(Service::kOrders, "waiting");
  patient.lock_timeout = seconds(4);
  OrdersLedgerSession session(patient);
  const std::jthread waiting([&] { (void)session.load({{{order_id(1), order_id(2), order_id(3)}, {}}}); });
  for (int i = 0; i < 300 && postgres_.activity("waiting") != "waits for a lock"; ++i) absl::SleepFor(absl::Milliseconds(10));
  EXPECT_EQ(postgres_.activity("waiting"), "waits for a lock");
  EXPECT_EQ(postgres_.one(Service::kOrders, "SELECT string_agg(id::text, ' ') FROM (SELECT id FROM orders FOR UPDATE SKIP LOCKED) AS unheld"),
            to_string(uuid_of(3)));
  holder.run("ROLLBACK");
}

TEST_F(LedgerSessionTest, NeverScansATable) {
  OrdersLedger::Writes writes;
  writes.inserted = {order_row(1)};
  writes.processed = {processed_row(1)};
  writes.outbox = {outbox_row(1)};
  const auto scans = [&] {
    return postgres_.one(Service::kOrders,
                         "SELECT string_agg(relname || ' ' || seq_scan, ', ' ORDER BY relname) FROM pg_stat_user_tables"
                         " WHERE relname <> 'schema_migrations'");
  };
  const std::string before = scans();
  expect_stored(write<OrdersLedger>(orders_, writes, {{order_id(1)}, {event_id(1)}}));
  OrdersLedger::Writes update;
  update.updated = {confirmed(order_row(1))};
  expect_stored(write<OrdersLedger>(orders_, update, {{order_id(1)}, {event_id(1)}}));
  expect_marked(orders_.mark(unfenced_mark({{unsent(orders_)[0].seq, {Partition(1), Offset(2)}}}, {OutboxSeq(1)})));
  (void)orders_.read_orders({{order_id(1)}, {{UserId("u1"), {}, 10}}, {}});
  absl::SleepFor(absl::Milliseconds(1100));  // a backend reports what it did at most once a second
  (void)orders_.read_orders({});
  EXPECT_EQ(scans(), before);
}

}  // namespace
}  // namespace quickbite::postgres
