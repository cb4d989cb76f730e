#include "services/cli/mutants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "services/cli/process.h"

namespace quickbite::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kPatch = R"(Mutant: 13
Bug: the offset is committed before the database commit
Shows: S8
Ground: sim, explore --in-doubt 1

--- a/x.cc
+++ b/x.cc
)";

std::string refusal(const std::string& text) {
  const auto mutant = parse_mutant("13.patch", text);
  return mutant.ok() ? "no error" : std::string(mutant.status().message());
}

TEST(Mutants, APatchSaysWhatItBreaksAndWhereThatMustBeFound) {
  const auto mutant = parse_mutant("a/13.patch", kPatch);
  ASSERT_TRUE(mutant.ok()) << mutant.status();
  EXPECT_EQ(mutant->number, 13);
  EXPECT_EQ(mutant->bug, "the offset is committed before the database commit");
  EXPECT_EQ(mutant->shows, "S8");
  EXPECT_THAT(mutant->grounds, ElementsAre("sim", "explore --in-doubt 1"));
}

TEST(Mutants, APatchThatDoesNotSayItIsRefusedWithItsPlace) {
  EXPECT_THAT(refusal(""), HasSubstr("expected a unified diff"));
  EXPECT_THAT(refusal("--- a/x\n"), HasSubstr("13.patch:1:1: expected lines with 'Mutant: '"));
  EXPECT_THAT(refusal("Mutant: x\n--- a/x\n"),
              HasSubstr("13.patch:1:1: expected 'Mutant: ' and a number"));
  EXPECT_THAT(refusal("Mutant: 13\nGround: luck\n--- a/x\n"),
              HasSubstr("13.patch:2:1: expected 'Ground: '"));
  EXPECT_THAT(refusal("Mutant: 13\nMutant is bad\n--- a/x\n"),
              HasSubstr("13.patch:2:1: expected 'Mutant: '"));
  EXPECT_THAT(refusal("Mutant: 14\nBug: b\nShows: S1\nGround: sim\n--- a/x\n"),
              HasSubstr("a file called 14.patch"));
}

TEST(Mutants, EveryPatchOfTheProjectSaysItAndStillFitsTheCode) {
  const auto mutants = read_mutants("proptests/mutants");
  ASSERT_TRUE(mutants.ok()) << mutants.status();
  EXPECT_GE(mutants->size(), 6);
  for (const Mutant& mutant : *mutants) {
    const auto patched = run_program(
        {{"patch", "-p1", "--batch", "--forward", "--fuzz=0", "--dry-run", "-i", mutant.patch_path}});
    ASSERT_TRUE(patched.ok()) << patched.status();
    EXPECT_EQ(patched->code, 0) << mutant.patch_path << "\n" << patched->out;
  }
}

}  // namespace
}  // namespace quickbite::cli
