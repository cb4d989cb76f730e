#include "adapters/grpc/tls.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "adapters/grpc/client.h"
#include "adapters/grpc/server.h"
#include "adapters/grpc/test_certificates.h"
#include "adapters/grpc/test_desk.h"

namespace quickbite::rpc {
namespace {

class Tls : public testing::Test {
 protected:
  Tls() {
    server_files_ = ours_.sign("inventory", "IP:127.0.0.1,DNS:inventory.example");
    client_files_ = ours_.sign("orders", "DNS:orders.example");
  }

  void serve(bool asks_clients) {
    ServerOptions options;
    options.tls = {server_files_.certificate, server_files_.key, asks_clients ? ours_.ca_file() : ""};
    auto server = Server::start(options, desk_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  // Whether the menu comes over a connection with these settings.
  bool comes(const ClientTls& tls) {
    auto client = Client::make({absl::StrCat("127.0.0.1:", server_->port()), tls});
    EXPECT_TRUE(client.ok()) << client.status();
    const AskMenuAnswer answer = (*client)->ask({seconds(5)});
    const auto* away = std::get_if<MenuAway>(&answer);
    if (away == nullptr) return true;
    EXPECT_TRUE(absl::StrContains(away->why, "UNAVAILABLE")) << away->why;
    return false;
  }

  TestDesk desk_;
  TestAuthority ours_{"our CA"};
  TestAuthority theirs_{"another CA"};
  TestAuthority::Files server_files_;
  TestAuthority::Files client_files_;
  std::unique_ptr<Server> server_;
};

TEST_F(Tls, AServerOfTheCaThatWeTrustIsCalled) {
  serve(false);
  EXPECT_TRUE(comes({ours_.ca_file(), "", "", ""}));
  EXPECT_TRUE(comes({ours_.ca_file(), "", "", "inventory.example"}));
}

TEST_F(Tls, AServerOfAnotherCaIsNot) {
  serve(false);
  EXPECT_FALSE(comes({theirs_.ca_file(), "", "", ""}));
  EXPECT_EQ(desk_.calls, 0);
}

TEST_F(Tls, AServerOfAnotherNameIsNot) {
  serve(false);
  EXPECT_FALSE(comes({ours_.ca_file(), "", "", "elsewhere.example"}));
}

TEST_F(Tls, ACallerWithoutTlsIsNotServed) {
  serve(false);
  EXPECT_FALSE(comes({}));
  EXPECT_EQ(desk_.calls, 0);
}

TEST_F(Tls, WhereCallersHaveToShowACertificateOnlyThoseOfItsCaAreServed) {
  serve(true);
  EXPECT_TRUE(comes({ours_.ca_file(), client_files_.certificate, client_files_.key, ""}));
  desk_.calls = 0;
  EXPECT_FALSE(comes({ours_.ca_file(), "", "", ""}));
  const TestAuthority::Files stranger = theirs_.sign("orders", "DNS:orders.example");
  EXPECT_FALSE(comes({ours_.ca_file(), stranger.certificate, stranger.key, ""}));
  EXPECT_EQ(desk_.calls, 0);
}

TEST_F(Tls, SettingsThatCannotBeAreNamed) {
  const auto server_says = [&](ServerTls tls) {
    ServerOptions options;
    options.tls = std::move(tls);
    return Server::start(options, desk_).status();
  };
  const auto client_says = [](ClientTls tls) { return Client::make({"127.0.0.1:1", std::move(tls)}).status(); };
  const auto names = [](const absl::Status& status, const std::string& what) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StrContains(status.message(), what)) << status;
  };
  names(server_says({server_files_.certificate, "", ""}), server_files_.certificate);
  names(server_says({"", "", ours_.ca_file()}), "certificate and key");
  names(server_says({"/nowhere.pem", server_files_.key, ""}), "/nowhere.pem");
  names(server_says({"/dev/null", server_files_.key, ""}), "no PEM");
  names(client_says({"", client_files_.certificate, client_files_.key, ""}), "CA");
  names(client_says({ours_.ca_file(), client_files_.certificate, "", ""}), client_files_.certificate);
}

}  // namespace
}  // namespace quickbite::rpc
