// The examples of docs/api.md, run as they stand there against a running system of their own, one after the other.
#include "proptests/e2e/examples.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "proptests/e2e/one_stack.h"

namespace quickbite {
namespace {

// stdout; and stderr, where the command did not end with 0.
std::string run(const std::string& command) {
  const std::string errors = one_stack().folder() + "/example.err";
  std::FILE* pipe = ::popen((command + " 2>" + errors).c_str(), "r");
  EXPECT_NE(pipe, nullptr);
  std::string out;
  char bytes[4096];
  for (std::size_t got; (got = std::fread(bytes, 1, sizeof(bytes), pipe)) > 0;) out.append(bytes, got);
  if (::pclose(pipe) != 0) {
    std::ostringstream why;
    why << std::ifstream(errors).rdbuf();
    ADD_FAILURE() << command << ": " << why.str();
  }
  return out;
}

TEST(ApiExamples, AreWhatARunningSystemAnswers) {
  ASSERT_TRUE(one_stack().add_stock("burger", 5).ok());
  ASSERT_TRUE(one_stack().add_stock("fries", 1).ok());
  std::ostringstream document;
  document << std::ifstream("docs/api.md").rdbuf();
  const std::vector<Example> examples = examples_of(document.str());
  EXPECT_GE(examples.size(), 10u);
  Likeness likeness;
  for (const Example& example : examples) {
    ASSERT_TRUE(example.command.starts_with("curl -i ")) << example.command;
    std::string command = likeness.real(example.command);
    ASSERT_TRUE(absl::StrContains(command, "http://127.0.0.1:8080/")) << command;
    command = absl::StrReplaceAll(command, {{"http://127.0.0.1:8080", one_stack().url()}, {"curl -i ", "curl -sS -m 40 -i "}});
    const std::string got = run(command);
    EXPECT_EQ(likeness.difference(example.answer, got), "") << "docs/api.md:" << example.line << ": " << command << "\n" << got;
  }
}

// --- What the above is worth ----------------------------------------------------------------------

constexpr const char* kId = "0b0f8d5e-4b0e-5a52-9c5e-3a2c1f1f6f0d";
constexpr const char* kOther = "1b0f8d5e-4b0e-5a52-9c5e-3a2c1f1f6f0d";

std::string answer(const std::string& body, const std::string& headers = "") { return "HTTP/1.1 200 OK\r\n" + headers + "\r\n" + body; }

TEST(ApiExamples, AreFoundInTheirBlocks) {
  const auto found = examples_of("$ no\n```console\n$ a \\\n  b\n1\n\n2\n$ c\n```\n$ no\n```json\n$ no\n```\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].command, "a    b");
  EXPECT_EQ(found[0].answer, "1\n\n2\n");
  EXPECT_EQ(found[0].line, 3);
  EXPECT_EQ(found[1].command, "c");
  EXPECT_EQ(found[1].answer, "");
}

TEST(ApiExamples, DifferInWhatIsNotAsItIsShown) {
  Likeness likeness;
  const std::string etag = "ETag: \"1\"\r\n";
  const std::string shown = answer(R"({"a":"x","b":[{"version":1,"offset":3}],"c":null})", etag);
  EXPECT_EQ(likeness.difference(shown, answer(R"({"a":"x","b":[{"version":1,"offset":9}],"c":null})", "Date: d\r\netag: \"1\"\r\n")), "");
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"200", "201"}, {etag, ""}, {etag, "ETag: \"2\"\r\n"}, {"\"x\"", "\"y\""}, {"\"x\"", "true"}, {":1,", ":2,"}, {":3", ":\"3\""},
           {"{\"version\":1,\"offset\":3}", ""}, {",\"c\":null", ""}, {"null", "null,\"d\":1"}, {"\"version\"", "\"edition\""}, {"null}", ""}}) {
    const std::string got = absl::StrReplaceAll(shown, {{from, to}});
    EXPECT_NE(likeness.difference(shown, got), "") << got;
  }
  EXPECT_NE(likeness.difference(shown, ""), "");
  EXPECT_NE(likeness.difference(answer(""), answer("{}")), "");
}

TEST(ApiExamples, AnIdStandsForOneAndAnInstantForAny) {
  Likeness likeness;
  const auto id = [](const std::string& id) { return answer("{\"id\":\"" + id + "\"}"); };
  EXPECT_NE(likeness.difference(id(kId), id("none")), "");
  EXPECT_EQ(likeness.difference(id(kId), id("aaaaaaaa-4b0e-5a52-9c5e-3a2c1f1f6f0d")), "");
  EXPECT_EQ(likeness.real(absl::StrCat("/", kId, "/", kOther)), absl::StrCat("/aaaaaaaa-4b0e-5a52-9c5e-3a2c1f1f6f0d/", kOther));
  EXPECT_NE(likeness.difference(id(kId), id("bbbbbbbb-4b0e-5a52-9c5e-3a2c1f1f6f0d")), "") << "another's";
  EXPECT_NE(likeness.difference(id(kOther), id("aaaaaaaa-4b0e-5a52-9c5e-3a2c1f1f6f0d")), "") << "two of the document's";
  EXPECT_EQ(likeness.difference(id("at 2026-02-03T04:05:06.000007Z"), id("at 2027-12-31T23:59:59.999999Z")), "");
  EXPECT_NE(likeness.difference(id("at 2026-02-03T04:05:06.000007Z"), id("at 2027-12-31 23:59:59.999999Z")), "");
  EXPECT_EQ(likeness.difference(id("a.…c"), id("a.bc")), "");
  EXPECT_NE(likeness.difference(id("a.…c"), id("abc")), "");
}

}  // namespace
}  // namespace quickbite
