// docs/openapi.yaml is the truth: Schemathesis asks the running server whatever the document allows, and what it forbids.
//
// Schemathesis is no Debian package: `./quickbite test all` installs it below build/ and names it to this test, which is
// skipped without it. Its `examples` phase runs every example of the document.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "proptests/e2e/one_stack.h"

namespace quickbite {
namespace {

TEST(OpenApi, SchemathesisFindsNothing) {
  const char* schemathesis = std::getenv("QUICKBITE_SCHEMATHESIS");
  if (schemathesis == nullptr) GTEST_SKIP() << "QUICKBITE_SCHEMATHESIS names no schemathesis";
  ASSERT_FALSE(stocked("burger", 1).empty());
  const std::string command =
      absl::StrCat(schemathesis, " --config-file proptests/e2e/schemathesis.toml run http://127.0.0.1:", one_stack().orders_port(),
                   "/openapi.yaml --checks all --phases examples,coverage,fuzzing,stateful --max-examples 25 --seed 1"
                   " --generation-database none --no-color >",
                   one_stack().folder(), "/schemathesis.log 2>&1");
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
}

}  // namespace
}  // namespace quickbite
