// `quickbite stock` against a desk that wants TLS.
#include "services/cli/stock_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "adapters/grpc/server.h"
#include "adapters/grpc/test_certificates.h"
#include "adapters/grpc/test_desk.h"
#include "services/cli/process.h"

namespace quickbite::cli {
namespace {

using testing::HasSubstr;

class StockByTls : public testing::Test {
 protected:
  void SetUp() override {
    const rpc::TestAuthority::Files files = ours_.sign("inventory", "IP:127.0.0.1,DNS:inventory.example");
    rpc::ServerOptions options;
    options.tls = {files.certificate, files.key, ours_.ca_file()};
    auto server = rpc::Server::start(options, desk_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  struct Said {
    int code;
    std::string out, err;
  };
  Said stock(std::vector<std::string> words, const std::vector<std::string>& flags) {
    Program program;
    program.command = {QUICKBITE_COMMAND, "stock"};
    words.push_back(absl::StrCat("--inventory-grpc=127.0.0.1:", server_->port()));
    program.command.insert(program.command.end(), words.begin(), words.end());
    program.command.insert(program.command.end(), flags.begin(), flags.end());
    std::string folder = testing::TempDir() + "/quickbite-stock-XXXXXX";
    EXPECT_NE(::mkdtemp(folder.data()), nullptr);
    program.log_path = folder + "/stderr";
    const auto ended = run_program(program);
    EXPECT_TRUE(ended.ok()) << ended.status();
    std::ostringstream err;
    err << std::ifstream(program.log_path).rdbuf();
    std::filesystem::remove_all(folder);
    return ended.ok() ? Said{ended->code, ended->out, err.str()} : Said{-1, "", ""};
  }

  std::vector<std::string> with(const rpc::TestAuthority& ca, const rpc::TestAuthority::Files& own) {
    return {"--inventory-ca=" + ca.ca_file(), "--inventory-certificate=" + own.certificate, "--inventory-key=" + own.key};
  }

  rpc::TestDesk desk_;
  rpc::TestAuthority ours_{"our CA"};
  rpc::TestAuthority theirs_{"another CA"};
  rpc::TestAuthority::Files operator_ = ours_.sign("operator", "DNS:operator.example");
  std::unique_ptr<rpc::Server> server_;
};

TEST_F(StockByTls, AnOperatorWithACertificateOfTheCaListsAndRestocks) {
  const Said listed = stock({"list", "burger"}, with(ours_, operator_));
  EXPECT_EQ(listed.code, 0) << listed.err;
  EXPECT_THAT(listed.out, HasSubstr("burger  5          2"));
  const Said restocked = stock({"restock", "burger", "7", "--yes"}, with(ours_, operator_));
  EXPECT_EQ(restocked.code, 0) << restocked.err;
  ASSERT_TRUE(desk_.asked.has_value());
  EXPECT_EQ(desk_.asked->quantity, Quantity(7));
}

TEST_F(StockByTls, TheNameOfTheCertificateIsAskedForWhereItIsNotTheHost) {
  std::vector<std::string> flags = with(ours_, operator_);
  flags.push_back("--inventory-name=inventory.example");
  EXPECT_EQ(stock({"list", "burger"}, flags).code, 0);
  flags.back() = "--inventory-name=elsewhere.example";
  EXPECT_EQ(stock({"list", "burger"}, flags).code, 1);
}

TEST_F(StockByTls, NothingIsAskedOfAnotherCasServerNorWithoutTls) {
  EXPECT_EQ(stock({"list", "burger"}, with(theirs_, operator_)).code, 1);
  EXPECT_EQ(stock({"list", "burger"}, with(ours_, theirs_.sign("operator", "DNS:operator.example"))).code, 1);
  EXPECT_EQ(stock({"list", "burger"}, {}).code, 1);
  EXPECT_EQ(desk_.calls, 0);
}

TEST_F(StockByTls, ACertificateWithoutACaIsWrongUsage) {
  const Said said = stock({"list", "burger"}, {"--inventory-certificate=" + operator_.certificate, "--inventory-key=" + operator_.key});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("CA"));
}

}  // namespace
}  // namespace quickbite::cli
