#include "proptests/architecture/words.h"

#include <gtest/gtest.h>

namespace quickbite::architecture {
namespace {

int findings_in(std::string_view path, std::string_view text) {
  return static_cast<int>(word_findings(path, text).size());
}

class BannedLine : public testing::TestWithParam<const char*> {};

TEST_P(BannedLine, IsFoundInDomainAndSim) {
  EXPECT_EQ(findings_in("domain/order/rules.cc", GetParam()), 1) << GetParam();
  EXPECT_EQ(findings_in("sim/kernel/trace.h", GetParam()), 1) << GetParam();
}

TEST_P(BannedLine, IsNobodysBusinessInTestsAndServices) {
  EXPECT_EQ(findings_in("domain/order/rules_test.cc", GetParam()), 0);
  EXPECT_EQ(findings_in("services/runtime/loop.cc", GetParam()), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Words, BannedLine,
    testing::Values("auto t = std::chrono::system_clock::now();", "steady_clock::time_point begin;",
                    "int a = rand();", "std::random_device device;", "std::mt19937_64 engine(1);",
                    "std::uniform_int_distribution<int> die(1, 6);", "std::shuffle(a, b, c);",
                    "std::thread worker(work);", "std::mutex mutex;", "std::atomic<int> counter;",
                    "std::unordered_map<int, int> map;", "std::unordered_set<int> set;",
                    "const char* home = getenv(name);", "float a = 1;", "long double b = 2;",
                    "std::cout << 1;", "std::cerr << 1;", "printf(format);", "std::printf(format);",
                    "FILE* f = fopen(a, b);", "std::ofstream out(path);", "throw 1;",
                    "thread_local int a;", "auto now = std::time(nullptr);", "std::hash<int>{}(1);",
                    "auto now = _rdtsc();", "auto now = __rdtsc();", "_rdrand16_step(&luck);",
                    "#include <random>", "#include <thread>", "#include <chrono>",
                    "#include <unordered_map>", "#include <fstream>", "#include <iostream>",
                    "#include <sys/socket.h>", "#include <absl/status/status.h>",
                    "#include \"absl/time/time.h\"", "#  include <rapidjson/document.h>"));

TEST(Words, CommentsAndTextAreNotCode) {
  EXPECT_EQ(findings_in("domain/order/rules.cc",
                        "// throw the dice: rand()\n"
                        "/* double\n float */ int a;\n"
                        "const char* b = \"printf(\\\"double\\\")\";\n"
                        "const char* c = R\"x(throw \" )\" float)x\";\n"
                        "char d = '\"'; int e = 1'000'000;\n"),
            0);
}

TEST(Words, WhatOnlyLooksAlikeIsFine) {
  EXPECT_EQ(findings_in("domain/order/rules.cc",
                        "int doubled = 2; bool floats = false; order.random(); int thread = 1;\n"
                        "Instant time(); catch_up(); bool atomic = true; rethrown(); my_rand();\n"),
            0);
}

TEST(Words, ALineOfAFindingIsTheLineOfTheWord) {
  const Findings findings = word_findings("sim/world/run.cc", "/*\n\n*/\nint a;\nfloat b;\n");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].line, 5);
}

TEST(Words, RapidJsonIsForMessageAndApiAlone) {
  EXPECT_EQ(findings_in("domain/message/wire.cc", "#include <rapidjson/reader.h>\n"), 0);
  EXPECT_EQ(findings_in("domain/api/body.cc", "#include <rapidjson/reader.h>\n"), 0);
  EXPECT_EQ(findings_in("domain/machine/intake.cc", "#include <rapidjson/reader.h>\n"), 1);
  EXPECT_EQ(findings_in("sim/world/run.cc", "#include <rapidjson/reader.h>\n"), 1);
}

TEST(Words, TheProcessorsInstructionsAreForSha1Alone) {
  EXPECT_EQ(findings_in("domain/base/sha1.cc", "#include <immintrin.h>\n"), 0);
  EXPECT_EQ(findings_in("domain/base/uuid.cc", "#include <immintrin.h>\n"), 1);
}

TEST(Words, TheStandardLibrarysPureHeadersAreFine) {
  EXPECT_EQ(
      findings_in("sim/kernel/trace.h", "#include <cstdint>\n#include <span>\n#include <string>\n"),
      0);
}

}  // namespace
}  // namespace quickbite::architecture
