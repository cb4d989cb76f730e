#include "adapters/postgres/migrate.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/connection_string.h"
#include "gtest/gtest.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/postgres/rows.h"

namespace quickbite::postgres {
namespace {

// Databases of its own, so that each case starts from nothing.
class MigrateTest : public testing::Test {
 protected:
  void SetUp() override {
    static int number = 0;
    prefix_ = absl::StrCat("quickbite_migrate_", ++number);
    drop();
    ASSERT_TRUE(bootstrap().ok());
  }
  void TearDown() override { drop(); }

  absl::Status bootstrap() {
    BootstrapOptions options;
    options.database_prefix = prefix_;
    return postgres::bootstrap(superuser(), options);
  }
  void drop() {
    for (const Service service : {Service::kOrders, Service::kInventory}) {
      postgres_.as_superuser(absl::StrCat("DROP DATABASE IF EXISTS ", database_name(service, prefix_), " WITH (FORCE)"));
    }
  }
  std::string superuser() { return postgres_.server().superuser_connection(); }
  std::string owner(Service service = Service::kOrders) {
    return with_database(superuser(), database_name(service, prefix_), kOwnerRole);
  }
  std::string app(Service service = Service::kOrders) {
    return with_database(superuser(), database_name(service, prefix_), app_role(service));
  }

  RealPostgres& postgres_ = RealPostgres::instance();
  std::string prefix_;
};

TEST_F(MigrateTest, BringsAnEmptyDatabaseUpToDateAndThenHasNothingToDo) {
  for (const Service service : {Service::kOrders, Service::kInventory}) {
    EXPECT_EQ(*schema_version(app(service)), 0);
    const auto first = migrate(owner(service), service);
    ASSERT_TRUE(first.ok()) << first.status();
    EXPECT_EQ(first->before, 0);
    EXPECT_EQ(first->after, schema_range(service).max);
    EXPECT_EQ(first->applied.size(), static_cast<std::size_t>(first->after));
    EXPECT_NE(to_string(*first).find("applied 0001_core"), std::string::npos) << to_string(*first);
    EXPECT_EQ(*schema_version(app(service)), first->after);

    const auto second = migrate(owner(service), service);
    ASSERT_TRUE(second.ok()) << second.status();
    EXPECT_TRUE(second->applied.empty());
    EXPECT_NE(to_string(*second).find("nothing to do"), std::string::npos) << to_string(*second);
  }
}

TEST_F(MigrateTest, OfSeveralAtOnceOneDoesTheWork) {
  std::vector<absl::StatusOr<MigrationReport>> reports(4, absl::UnknownError("not run"));
  std::vector<std::thread> threads;
  for (auto& report : reports) threads.emplace_back([&] { report = migrate(owner(), Service::kOrders); });
  for (std::thread& thread : threads) thread.join();
  std::size_t applied = 0;
  for (const auto& report : reports) {
    ASSERT_TRUE(report.ok()) << report.status();
    applied += report->applied.size();
  }
  EXPECT_EQ(applied, static_cast<std::size_t>(schema_range(Service::kOrders).max));
}

TEST_F(MigrateTest, RefusesAMigrationThatWasChangedAfterItWasApplied) {
  ASSERT_TRUE(migrate(owner(), Service::kOrders).ok());
  AdminConnection(owner()).run("UPDATE schema_migrations SET checksum = 'another' WHERE version = 1");
  const auto report = migrate(owner(), Service::kOrders);
  EXPECT_EQ(report.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(report.status().message().find("0001"), std::string::npos) << report.status();
}

TEST_F(MigrateTest, LeavesADatabaseThatANewerProgramMigratedAsItIs) {
  ASSERT_TRUE(migrate(owner(), Service::kOrders).ok());
  AdminConnection(owner()).run("INSERT INTO schema_migrations (version, name, checksum) VALUES (999, 'later', 'x')");
  const auto report = migrate(owner(), Service::kOrders);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->after, 999);
  EXPECT_NE(to_string(*report).find("newer"), std::string::npos) << to_string(*report);
}

TEST_F(MigrateTest, SaysWhatIsMissing) {
  const std::string nowhere = with_database(superuser(), "no_such_database", kOwnerRole);
  EXPECT_EQ(migrate(nowhere, Service::kOrders).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(migrate(app(), Service::kOrders).status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(MigrateTest, BootstrapsAgainAndConcurrentlyWithoutHarm) {
  std::vector<absl::Status> answers(3);
  std::vector<std::thread> threads;
  for (absl::Status& answer : answers) threads.emplace_back([&] { answer = bootstrap(); });
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& answer : answers) EXPECT_TRUE(answer.ok()) << answer;
}

TEST_F(MigrateTest, GivesTheServiceNoMoreRightsThanItNeeds) {
  for (const Service service : {Service::kOrders, Service::kInventory}) {
    ASSERT_TRUE(migrate(owner(service), service).ok());
  }
  const auto denied = [&](Service service, const std::string& sql) {
    try {
      AdminConnection(app(service)).run(sql);
      return false;
    } catch (const pqxx::sql_error& error) {
      return sqlstate_of(error) == "42501";
    }
  };
  EXPECT_TRUE(denied(Service::kOrders, "CREATE TABLE mine ()"));
  EXPECT_TRUE(denied(Service::kOrders, "DROP TABLE orders"));
  EXPECT_TRUE(denied(Service::kOrders, "DELETE FROM orders"));
  EXPECT_TRUE(denied(Service::kOrders, "UPDATE orders SET user_id = 'another'"));
  EXPECT_TRUE(denied(Service::kOrders, "UPDATE order_history SET version = 7"));
  EXPECT_TRUE(denied(Service::kOrders, "DELETE FROM order_history"));
  EXPECT_TRUE(denied(Service::kOrders, "UPDATE outbox_events SET payload = ''"));
  EXPECT_TRUE(denied(Service::kOrders, "UPDATE schema_migrations SET version = 7"));
  EXPECT_TRUE(denied(Service::kInventory, "UPDATE stock_movements SET quantity = 7"));
  EXPECT_TRUE(denied(Service::kInventory, "DELETE FROM stock_movements"));
  EXPECT_TRUE(denied(Service::kInventory, "DELETE FROM reservations"));
  // The other service's role does not even get in.
  EXPECT_THROW(AdminConnection(with_database(app(Service::kOrders), database_name(Service::kInventory, prefix_),
                                             app_role(Service::kOrders))),
               pqxx::broken_connection);
}

TEST_F(MigrateTest, AddsStockOncePerAct) {
  ASSERT_TRUE(migrate(owner(Service::kInventory), Service::kInventory).ok());
  const std::string where = app(Service::kInventory);
  EXPECT_TRUE(*add_stock(where, Sku("burger"), Quantity(5), event_id(1)));
  EXPECT_FALSE(*add_stock(where, Sku("burger"), Quantity(5), event_id(1)));
  EXPECT_TRUE(*add_stock(where, Sku("burger"), Quantity(2), event_id(2), MovementKind::kRestock));
  EXPECT_TRUE(*add_stock(where, Sku("it's"), Quantity(0), event_id(3)));
  EXPECT_EQ(add_stock(where, Sku("fries"), Quantity(-1), event_id(4)).status().code(), absl::StatusCode::kInvalidArgument);
  AdminConnection database(where);
  EXPECT_STREQ(database.run("SELECT string_agg(concat_ws(' ', sku, available, reserved), ', ' ORDER BY sku) FROM stock")
                   .at(0).at(0).c_str(),
               "burger 7 0, it's 0 0");
}

}  // namespace
}  // namespace quickbite::postgres
