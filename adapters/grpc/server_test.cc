// A real server and a real client on the loopback.
#include "adapters/grpc/server.h"

#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/grpc/client.h"
#include "adapters/grpc/test_desk.h"

namespace quickbite::rpc {
namespace {

const quickbite::Restock kRestock{EventId(Uuid{1, 2}), Sku("burger"), Quantity(3)};
constexpr absl::Duration kLong = absl::Seconds(10);

std::unique_ptr<Server> serve(Desk& desk, ServerOptions options = {}) {
  auto server = Server::start(options, desk);
  EXPECT_TRUE(server.ok()) << server.status();
  return server.ok() ? *std::move(server) : nullptr;
}

std::unique_ptr<Client> client_of(std::uint16_t port) {
  return *Client::make({absl::StrCat("127.0.0.1:", port), {}});
}

std::string why_away(const AskMenuAnswer& answer) {
  const auto* away = std::get_if<MenuAway>(&answer);
  return away == nullptr ? "not away" : away->why;
}

TEST(GrpcServer, TellsTheMenuAsItWasGiven) {
  TestDesk desk;
  const auto server = serve(desk);
  const AskMenuAnswer answer = client_of(server->port())->ask({seconds(10)});
  ASSERT_TRUE(std::holds_alternative<MenuTold>(answer)) << why_away(answer);
  EXPECT_EQ(std::get<MenuTold>(answer), desk.told);
}

TEST(GrpcServer, AMenuThatIsTooLongIsRefusedWhole) {
  TestDesk desk;
  desk.told.items.clear();
  for (int i = 0; i < kMenuMax; ++i) desk.told.items.push_back({Sku(absl::StrCat(std::string(58, 's'), 100'000 + i)), Quantity(i)});
  const auto server = serve(desk);
  const AskMenuAnswer longest = client_of(server->port())->ask({seconds(10)});
  ASSERT_TRUE(std::holds_alternative<MenuTold>(longest)) << why_away(longest);
  EXPECT_EQ(std::get<MenuTold>(longest).items.size(), static_cast<std::size_t>(kMenuMax));
  desk.told.items.push_back({Sku("t"), Quantity(1)});
  EXPECT_TRUE(absl::StrContains(why_away(client_of(server->port())->ask({seconds(10)})), "OUT_OF_RANGE"));
}

TEST(GrpcServer, TellsStockSortedAndOnceWhateverWasAsked) {
  TestDesk desk;
  const auto server = serve(desk);
  const auto list = client_of(server->port())->stock({Sku("z"), Sku("a"), Sku("z")}, kLong);
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_EQ(desk.skus, (std::vector<Sku>{Sku("a"), Sku("z")}));
  EXPECT_EQ(list->rows, (std::vector<StockRow>{{Sku("burger"), Quantity(5), Quantity(2)}}));
  EXPECT_EQ(list->as_of, Instant{-1}) << "a time before 1970 survives too";
}

TEST(GrpcServer, TellsOfEveryCallWhatItCameTo) {
  TestDesk desk;
  ServerOptions options;
  std::mutex mutex;
  std::vector<std::pair<std::string, std::string>> calls;
  options.called = [&](const Called& call) {
    const std::lock_guard lock(mutex);
    calls.emplace_back(call.method, call.code);
    EXPECT_GE(call.took, absl::ZeroDuration());
  };
  auto server = Server::start(options, desk);
  ASSERT_TRUE(server.ok());
  const auto client = client_of((*server)->port());
  client->ask({seconds(10)});
  EXPECT_FALSE(client->stock({}, kLong).ok());
  (*server)->stop(absl::Now() + absl::Seconds(5));
  const std::lock_guard lock(mutex);
  EXPECT_EQ(calls, (std::vector<std::pair<std::string, std::string>>{{"ListMenu", "OK"}, {"GetStock", "INVALID_ARGUMENT"}}));
}

TEST(GrpcServer, TellsAReservation) {
  TestDesk desk;
  const auto server = serve(desk);
  const OrderId order(Uuid{3, 4});
  const auto row = client_of(server->port())->reservation(order, kLong);
  ASSERT_TRUE(row.ok()) << row.status();
  EXPECT_EQ(*row, (ReservationRow{order, {{Sku("burger"), Quantity(2)}}, ReservationState::kReleased, Instant{7}}));
}

TEST(GrpcServer, HandsARestockOn) {
  TestDesk desk;
  const auto server = serve(desk);
  const auto done = client_of(server->port())->restock(kRestock, kLong);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->stock, (StockRow{Sku("burger"), Quantity(3), Quantity(1)}));
  EXPECT_TRUE(done->done_before);
  EXPECT_EQ(desk.asked->id, kRestock.id);
}

TEST(GrpcServer, WhatMakesNoSenseNeverReachesTheDesk) {
  TestDesk desk;
  const auto server = serve(desk);
  const auto client = client_of(server->port());
  const auto refused = [](const absl::Status& status) { return status.code() == absl::StatusCode::kInvalidArgument; };
  EXPECT_TRUE(refused(client->restock({EventId{}, Sku("burger"), Quantity(1)}, kLong).status()));
  EXPECT_TRUE(refused(client->restock({EventId(Uuid{1, 2}), Sku("a b"), Quantity(1)}, kLong).status()));
  EXPECT_TRUE(refused(client->restock({EventId(Uuid{1, 2}), Sku("burger"), Quantity(0)}, kLong).status()));
  EXPECT_TRUE(refused(client->stock({}, kLong).status()));
  EXPECT_TRUE(refused(client->stock({Sku("")}, kLong).status()));
  std::vector<Sku> many;
  for (std::size_t i = 0; i <= kStockSkusMax; ++i) many.emplace_back(absl::StrCat("s", i));
  EXPECT_TRUE(refused(client->stock(many, kLong).status()));
  EXPECT_EQ(desk.calls, 0);
}

TEST(GrpcServer, TheDesksRefusalIsTheCallersStatus) {
  TestDesk desk;
  const auto server = serve(desk);
  const auto client = client_of(server->port());
  for (const absl::Status& refusal : {absl::AlreadyExistsError("another act"), absl::FailedPreconditionError("too much"),
                                      absl::UnavailableError("away"), absl::AbortedError("again")}) {
    desk.refusal = refusal;
    EXPECT_EQ(client->restock(kRestock, kLong).status(), refusal);
  }
  desk.refusal = absl::NotFoundError("never heard of it");
  EXPECT_EQ(client->reservation(OrderId(Uuid{3, 4}), kLong).status(), desk.refusal);
}

TEST(GrpcServer, ACallerThatWaitedLongEnoughIsToldSo) {
  TestDesk desk;
  const auto server = serve(desk);
  const auto client = client_of(server->port());
  desk.hold();
  const absl::Time begin = absl::Now();
  EXPECT_TRUE(absl::StrContains(why_away(client->ask({milliseconds(200)})), "DEADLINE_EXCEEDED"));
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(190));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  desk.let_go();
  EXPECT_TRUE(std::holds_alternative<MenuTold>(client->ask({seconds(10)})));
}

TEST(GrpcServer, TheDeskLearnsTheCallersDeadlineAndNoneBeyondOurs) {
  TestDesk desk;
  ServerOptions options;
  options.deadline_max = absl::Seconds(3);
  const auto server = serve(desk, options);
  const auto client = client_of(server->port());
  client->ask({milliseconds(1500)});
  EXPECT_LE(desk.left.load(), absl::Milliseconds(1600)) << "gRPC rounds it up";
  EXPECT_GT(desk.left.load(), absl::Milliseconds(500));
  client->ask({seconds(100)});
  EXPECT_LE(desk.left.load(), absl::Seconds(3));
  EXPECT_GT(desk.left.load(), absl::Seconds(2));
}

TEST(GrpcServer, MoreCallsAtOnceThanThreadsAreRefusedAtOnce) {
  TestDesk desk;
  ServerOptions options;
  options.threads = 2;
  options.deadline_max = absl::Seconds(30);
  const auto server = serve(desk, options);
  desk.hold();
  std::atomic<int> refused{0};
  std::atomic<int> told{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 12; ++i) {
    callers.emplace_back([&] {
      const AskMenuAnswer answer = client_of(server->port())->ask({seconds(20)});
      const bool served = std::holds_alternative<MenuTold>(answer);
      const bool full = absl::StrContains(why_away(answer), "RESOURCE_EXHAUSTED");
      if (served) ++told;
      if (full) ++refused;
      EXPECT_TRUE(served || full) << why_away(answer);
    });
  }
  const absl::Time until = absl::Now() + absl::Seconds(10);
  while (refused == 0 && absl::Now() < until) absl::SleepFor(absl::Milliseconds(10));
  desk.let_go();
  for (std::thread& caller : callers) caller.join();
  EXPECT_GT(refused, 0);
  EXPECT_GT(told, 0);
  EXPECT_EQ(refused + told, 12);
}

TEST(GrpcClient, NobodyThereIsUnavailableAtOnce) {
  TestDesk desk;
  auto server = serve(desk);
  const std::uint16_t port = server->port();
  server.reset();
  const absl::Time begin = absl::Now();
  EXPECT_TRUE(absl::StrContains(why_away(client_of(port)->ask({seconds(10)})), "UNAVAILABLE"));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
}

TEST(GrpcClient, FindsAServerThatWasRestarted) {
  TestDesk desk;
  auto server = serve(desk);
  ServerOptions options;
  options.port = server->port();
  const auto client = client_of(options.port);
  EXPECT_TRUE(std::holds_alternative<MenuTold>(client->ask({seconds(10)})));
  server.reset();
  // Away for so long, and asked for so often, that gRPC by itself would by now look every six seconds only.
  const absl::Time back = absl::Now() + absl::Milliseconds(11'500);
  while (absl::Now() < back) {
    EXPECT_TRUE(std::holds_alternative<MenuAway>(client->ask({seconds(1)})));
    absl::SleepFor(absl::Milliseconds(100));
  }
  server = serve(desk, options);
  const absl::Time until = absl::Now() + absl::Seconds(2);
  bool found = false;
  while (!found && absl::Now() < until) {
    found = std::holds_alternative<MenuTold>(client->ask({seconds(1)}));
    if (!found) absl::SleepFor(absl::Milliseconds(50));
  }
  EXPECT_TRUE(found);
}

TEST(GrpcServer, SaysWhatKeepsItFromListening) {
  TestDesk desk;
  const auto server = serve(desk);
  ServerOptions options;
  options.port = server->port();
  EXPECT_EQ(Server::start(options, desk).status().code(), absl::StatusCode::kUnavailable);
}

TEST(GrpcServer, StoppingItWaitsForTheCallsUnderWayAndTakesNoMore) {
  TestDesk desk;
  const auto server = serve(desk);
  const auto client = client_of(server->port());
  desk.hold();
  AskMenuAnswer under_way;
  std::thread caller([&] { under_way = client->ask({seconds(20)}); });
  while (desk.calls == 0) absl::SleepFor(absl::Milliseconds(1));
  std::thread stopper([&] { server->stop(absl::Now() + absl::Seconds(20)); });
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_TRUE(absl::StrContains(why_away(client_of(server->port())->ask({seconds(2)})), "UNAVAILABLE"));
  desk.let_go();
  stopper.join();
  caller.join();
  EXPECT_TRUE(std::holds_alternative<MenuTold>(under_way)) << why_away(under_way);
}

}  // namespace
}  // namespace quickbite::rpc
