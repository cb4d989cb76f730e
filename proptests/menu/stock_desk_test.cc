// A gRPC client, the real server, and a real database: what Inventory answers at once.
#include "services/inventory/stock_desk.h"

#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/grpc/client.h"
#include "adapters/grpc/server.h"
#include "gtest/gtest.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/postgres/rows.h"

namespace quickbite::inventory {
namespace {

constexpr postgres::Service kInventory = postgres::Service::kInventory;
constexpr absl::Duration kLong = absl::Seconds(10);

class StockDeskTest : public testing::Test {
 protected:
  void SetUp() override {
    postgres_.clear();
    serve(0);
    client_ = *rpc::Client::make({absl::StrCat("127.0.0.1:", server_->port()), {}});
  }

  void serve(std::uint16_t port) {
    runtime::ServiceSettings settings;
    settings.name = "inventory";
    settings.database = postgres_.server().app_connection(kInventory);
    desk_ = std::make_unique<StockDesk>(settings);
    rpc::ServerOptions options;
    options.port = port;
    auto server = rpc::Server::start(options, *desk_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  absl::StatusOr<rpc::Restocked> restock(std::uint64_t id, const std::string& sku, std::int64_t quantity) {
    return client_->restock({event_id(id), Sku(sku), Quantity(quantity)}, kLong);
  }
  std::string movements() {
    return postgres_.one(kInventory, "SELECT string_agg(kind || ' ' || quantity || ' ' || sku, ', ' ORDER BY sku, cause) "
                                     "FROM stock_movements");
  }
  std::optional<MenuTold> menu() {
    AskMenuAnswer answer = client_->ask({seconds(5)});
    if (auto* told = std::get_if<MenuTold>(&answer)) return *told;
    ADD_FAILURE() << std::get<MenuAway>(answer).why;
    return std::nullopt;
  }

  RealPostgres& postgres_ = RealPostgres::instance();
  std::unique_ptr<StockDesk> desk_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<rpc::Client> client_;
};

TEST_F(StockDeskTest, ARestockIsOnTheMenuAndInTheMovementsOnce) {
  for (int i = 0; i < 3; ++i) {
    const auto done = restock(1, "burger", 5);
    ASSERT_TRUE(done.ok()) << done.status();
    EXPECT_EQ(done->stock, (StockRow{Sku("burger"), Quantity(5), Quantity(0)}));
    EXPECT_EQ(done->done_before, i > 0);
  }
  EXPECT_EQ(menu()->items, (std::vector<MenuItem>{{Sku("burger"), Quantity(5)}}));
  EXPECT_EQ(movements(), "RESTOCK 5 burger");
}

TEST_F(StockDeskTest, TheSameIdForAnythingElseIsRefused) {
  ASSERT_TRUE(restock(1, "burger", 5).ok());
  EXPECT_EQ(restock(1, "burger", 6).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(restock(1, "fries", 5).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(movements(), "RESTOCK 5 burger");
}

TEST_F(StockDeskTest, MoreThanCanBeIsRefused) {
  ASSERT_TRUE(restock(1, "burger", 5).ok());
  postgres_.as_service(kInventory, absl::StrCat("UPDATE stock SET available = ", kStockMax));
  EXPECT_EQ(restock(2, "burger", 1).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(StockDeskTest, ManyAtOnceUnderFewIdsAreEachDoneOnce) {
  std::vector<std::thread> callers;
  std::atomic<int> fresh{0};
  std::atomic<int> failed{0};
  for (int i = 0; i < 24; ++i) {
    callers.emplace_back([&, i] {
      const auto client = *rpc::Client::make({absl::StrCat("127.0.0.1:", server_->port()), {}});
      absl::StatusOr<rpc::Restocked> done;
      for (int attempt = 0; attempt < 50; ++attempt) {  // eight calls at once are served, the others are turned away
        done = client->restock({event_id(1 + i % 4), Sku(i % 2 == 0 ? "burger" : "fries"), Quantity(1 + i % 4)}, kLong);
        if (done.ok() || done.status().code() != absl::StatusCode::kResourceExhausted) break;
        absl::SleepFor(absl::Milliseconds(20));
      }
      if (!done.ok()) ++failed;
      if (done.ok() && !done->done_before) ++fresh;
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(fresh, 4);
  EXPECT_EQ(movements(), "RESTOCK 1 burger, RESTOCK 3 burger, RESTOCK 2 fries, RESTOCK 4 fries");
  EXPECT_EQ(postgres_.one(kInventory, "SELECT string_agg(sku || ' ' || available, ', ' ORDER BY sku) FROM stock"),
            "burger 4, fries 6");
}

TEST_F(StockDeskTest, TheMenuDoesNotWaitForAnOrderBeingReserved) {
  ASSERT_TRUE(restock(1, "burger", 5).ok());
  postgres::InventoryLedgerSession delivery(postgres_.session(kInventory, "delivery"));
  const auto held = delivery.load({{{}, {Sku("burger")}, {}}});
  ASSERT_TRUE(std::holds_alternative<Loaded<InventoryLedger>>(held));
  EXPECT_EQ(menu()->items.size(), 1u);
  EXPECT_EQ(client_->stock({Sku("burger")}, kLong)->rows, (std::vector<StockRow>{{Sku("burger"), Quantity(5), Quantity(0)}}));
}

TEST_F(StockDeskTest, ARestockWaitsForAnOrderBeingReservedAndIsThenDone) {
  ASSERT_TRUE(restock(1, "burger", 5).ok());
  postgres::InventoryLedgerSession delivery(postgres_.session(kInventory, "delivery"));
  ASSERT_TRUE(std::holds_alternative<Loaded<InventoryLedger>>(delivery.load({{{}, {Sku("burger")}, {}}})));
  std::thread ends([&] {
    absl::SleepFor(absl::Milliseconds(700));  // longer than a lock is waited for: a second attempt is needed
    delivery.rollback();
  });
  const auto done = restock(2, "burger", 2);
  ends.join();
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->stock.available, Quantity(7));
}

TEST_F(StockDeskTest, ADeadlineEndsTheWaitAndNothingIsDone) {
  ASSERT_TRUE(restock(1, "burger", 5).ok());
  postgres::InventoryLedgerSession delivery(postgres_.session(kInventory, "delivery"));
  ASSERT_TRUE(std::holds_alternative<Loaded<InventoryLedger>>(delivery.load({{{}, {Sku("burger")}, {}}})));
  const auto late = client_->restock({event_id(2), Sku("burger"), Quantity(2)}, absl::Milliseconds(200));
  EXPECT_EQ(late.status().code(), absl::StatusCode::kDeadlineExceeded);
  // The server's deadline is as much later as the call took to reach it; by then a lock has not been waited for too long yet.
  absl::SleepFor(absl::Milliseconds(150));
  delivery.rollback();
  server_->stop(absl::Now() + kLong);  // waits for what is under way
  EXPECT_EQ(movements(), "RESTOCK 5 burger");
}

TEST_F(StockDeskTest, TellsAReservationAndThatThereIsNone) {
  EXPECT_EQ(client_->reservation(order_id(1), kLong).status().code(), absl::StatusCode::kNotFound);
  postgres_.as_service(kInventory,
                       absl::StrCat("INSERT INTO reservations VALUES ('", to_string(order_id(1).value),
                                    "', '{burger,fries}', '{2,1}', 'RESERVED', '2026-02-03T04:05:06.000007Z')"));
  const auto row = client_->reservation(order_id(1), kLong);
  ASSERT_TRUE(row.ok()) << row.status();
  EXPECT_EQ(row->lines, (Lines{{Sku("burger"), Quantity(2)}, {Sku("fries"), Quantity(1)}}));
  EXPECT_EQ(to_rfc3339(row->updated_at), "2026-02-03T04:05:06.000007Z");
}

TEST_F(StockDeskTest, AKilledSessionIsMadeAnew) {
  ASSERT_TRUE(restock(1, "burger", 5).ok());
  ASSERT_TRUE(menu());
  postgres_.as_superuser("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'quickbite-inventory-%'");
  EXPECT_TRUE(restock(2, "burger", 1).ok()) << "it tries again by itself";
  client_->ask({seconds(5)});  // finds that its connection is gone
  EXPECT_EQ(menu()->items, (std::vector<MenuItem>{{Sku("burger"), Quantity(6)}}));
}

TEST_F(StockDeskTest, ARestartedInventoryKnowsWhatWasDone) {
  ASSERT_TRUE(restock(1, "burger", 5).ok());
  const std::uint16_t port = server_->port();
  server_.reset();
  desk_.reset();
  EXPECT_EQ(restock(1, "burger", 5).status().code(), absl::StatusCode::kUnavailable);
  serve(port);
  absl::StatusOr<rpc::Restocked> again;
  for (int i = 0; i < 100 && !(again = restock(1, "burger", 5)).ok(); ++i) absl::SleepFor(absl::Milliseconds(50));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->done_before);
  EXPECT_EQ(movements(), "RESTOCK 5 burger");
}

}  // namespace
}  // namespace quickbite::inventory
