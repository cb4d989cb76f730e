#include "proptests/architecture/symbols.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "proptests/architecture/tree.h"

namespace quickbite::architecture {
namespace {

bool tells_of(const Findings& findings, const std::string& what) {
  return std::ranges::any_of(findings, [&](const Finding& finding) {
    return finding.what.find(what) != finding.what.npos;
  });
}

TEST(Symbols, CallsIntoTheSystemAreFoundByTheirWholeName) {
  const Findings findings =
      symbol_findings("x.a",
                      "run.cc.o:\n"
                      "                 U clock_gettime@GLIBC_2.17\n"
                      "                 U std::chrono::_V2::steady_clock::now()\n"
                      "                 U memcpy\n"
                      "                 U quickbite::time(int)\n"
                      "                 w quickbite_check_failed\n");
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].what, "run.cc.o calls clock_gettime@GLIBC_2.17");
}

TEST(Symbols, ObjectsAreJudgedByTheirSection) {
  const std::string head =
      "run.cc.o:     file format elf64-x86-64\n\nSYMBOL TABLE:\n0000000000000000 ";
  const auto found = [&](const std::string& line) {
    return object_findings("x.a", head + line).size();
  };
  EXPECT_EQ(found("g     O .data\t0000000000000004 counter"), 1u);
  EXPECT_EQ(found("l     O .bss\t0000000000000008 guard variable for f()::text"), 1u);
  EXPECT_EQ(found("g     O .bss._ZN1xE\t0000000000000008 x"), 1u);
  EXPECT_EQ(found("g       .tbss\t0000000000000004 of_thread"), 1u);
  EXPECT_EQ(found("u     O .tdata\t0000000000000004 of_thread"), 1u);
  EXPECT_EQ(found("      O *COM*\t0000000000000004 common"), 1u);
  EXPECT_EQ(found("g     O .data.rel.ro\t0000000000000020 table"), 0u);
  EXPECT_EQ(found("g     O .data.rel.ro.local\t0000000000000020 table"), 0u);
  EXPECT_EQ(found("g     O .rodata\t0000000000000020 table"), 0u);
  EXPECT_EQ(found("l    d  .data\t0000000000000000 .data"), 0u);
  EXPECT_EQ(found("g     F .text\t0000000000000020 f()"), 0u);
  EXPECT_EQ(found("w     O .data.rel.local.DW.ref.__gxx_personality_v0\t0000000000000008 "
                  ".hidden DW.ref.__gxx_personality_v0"),
            0u);
}

TEST(Symbols, WhoHoldsAMachinesStepIsToldFromWhoCallsIt) {
  const std::string relay = "quickbite::Relay::step(std::variant<quickbite::Start, quickbite::Items<quickbite::Relay> >)";
  MachineSteps steps;
  add_steps("machine", "0000000000000a20 T " + relay + "\n                 U memcpy\n", steps);
  add_steps("world", "                 U " + relay + "\n0000000000000010 T quickbite::sim::World::step(int)\n", steps);
  EXPECT_EQ(steps.held_by, (std::map<std::string, std::set<std::string>>{{"Relay", {"machine"}}}));
  EXPECT_EQ(steps.called_by, (std::map<std::string, std::set<std::string>>{{"Relay", {"world"}}}));
}

TEST(Symbols, ALibraryThatIsNotPureIsFoundOut) {
  if (QUICKBITE_SANITIZED) GTEST_SKIP() << "a sanitizer brings symbols of its own";
  const CommandResult nm = run({"nm", "-C", "-u", QUICKBITE_SAMPLE_IMPURE});
  ASSERT_EQ(nm.status, 0) << nm.output;
  const Findings symbols = symbol_findings("sample", nm.output);
  for (const char* symbol : {"calls rand", "calls clock_gettime", "calls getenv"}) {
    EXPECT_TRUE(tells_of(symbols, symbol)) << symbol << " is not found in\n" << nm.output;
  }
  const CommandResult objdump = run({"objdump", "-t", "-C", QUICKBITE_SAMPLE_IMPURE});
  ASSERT_EQ(objdump.status, 0) << objdump.output;
  const Findings objects = object_findings("sample", objdump.output);
  for (const char* object :
       {"mutable_counter", "mutable_zero", "mutable_of_thread", "guard variable", "kText"}) {
    EXPECT_TRUE(tells_of(objects, object)) << object << " is not found in\n" << objdump.output;
  }
}

TEST(Symbols, APureLibraryIsFine) {
  if (QUICKBITE_SANITIZED) GTEST_SKIP() << "a sanitizer brings symbols of its own";
  EXPECT_EQ(symbol_findings("sample", run({"nm", "-C", "-u", QUICKBITE_SAMPLE_PURE}).output),
            Findings{});
  EXPECT_EQ(object_findings("sample", run({"objdump", "-t", "-C", QUICKBITE_SAMPLE_PURE}).output),
            Findings{});
}

}  // namespace
}  // namespace quickbite::architecture
