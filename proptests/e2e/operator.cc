#include "proptests/e2e/operator.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "proptests/e2e/one_stack.h"
#include "services/cli/process.h"

namespace quickbite {
namespace {

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string log_path() { return one_stack().folder() + "/operator.log"; }

}  // namespace

Said quickbite(std::vector<std::string> arguments) {
  live::Stack& stack = one_stack();
  cli::Program program;
  program.command = {"env",
                     absl::StrCat("QUICKBITE_ORDERS_DATABASE=", stack.outside_connection(postgres::Service::kOrders)),
                     absl::StrCat("QUICKBITE_INVENTORY_DATABASE=", stack.outside_connection(postgres::Service::kInventory)),
                     absl::StrCat("QUICKBITE_INVENTORY=127.0.0.1:", stack.inventory_grpc_port()),
                     absl::StrCat("QUICKBITE_OPERATOR_LOG=", log_path()),
                     QUICKBITE_COMMAND};
  program.command.insert(program.command.end(), arguments.begin(), arguments.end());
  program.log_path = stack.folder() + "/operator.stderr";
  program.timeout = absl::Seconds(60);
  std::filesystem::remove(program.log_path);
  const auto ended = cli::run_program(program);
  EXPECT_TRUE(ended.ok()) << ended.status();
  return ended.ok() ? Said{ended->code, ended->out, read_file(program.log_path)} : Said{};
}

rapidjson::Document quickbite_json(std::vector<std::string> arguments, int code) {
  arguments.push_back("--json");
  const Said said = quickbite(std::move(arguments));
  EXPECT_EQ(said.code, code) << said.err;
  rapidjson::Document json;
  json.Parse(said.out.c_str());
  EXPECT_FALSE(json.HasParseError()) << said.out;
  EXPECT_TRUE(json.IsObject()) << said.out;
  if (!json.IsObject()) json.SetObject();
  return json;
}

std::string operator_log() { return read_file(log_path()); }

}  // namespace quickbite
