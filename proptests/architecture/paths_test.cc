#include "proptests/architecture/paths.h"

#include <gtest/gtest.h>

namespace quickbite::architecture {
namespace {

TEST(Paths, AFolderThatSaysNothingOfItsContentsIsFound) {
  EXPECT_EQ(folder_findings("domain/util/text.h").size(), 1u);
  EXPECT_EQ(folder_findings("sim/kernel/helpers/text.h").size(), 1u);
  EXPECT_EQ(folder_findings("domain/base/utility.h"), Findings{});
  EXPECT_EQ(folder_findings("sim/kernel/common.h"), Findings{});
}

TEST(Paths, ATestThatNothingRunsIsFound) {
  const Findings findings = registration_findings({"a_test.cc", "b_test.cc"}, {"a_test.cc"});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].path, "b_test.cc");
}

TEST(Paths, ARegisteredTestThatIsGoneIsFound) {
  EXPECT_EQ(registration_findings({}, {"a_test.cc"}).size(), 1u);
  EXPECT_EQ(registration_findings({"a_test.cc"}, {"a_test.cc"}), Findings{});
}

TEST(Paths, APathOfOneMachineIsFound) {
  const std::string home = std::string("/ho") + "me/";
  EXPECT_EQ(mention_findings("x.md", "first\nsee " + home + "anna/notes\n").size(), 1u);
  EXPECT_EQ(mention_findings("x.md", "\"" + home + "anna\"\n")[0].line, 1);
  EXPECT_EQ(mention_findings("x.md", "see docs" + home + "page and ~" + home + "\n"), Findings{});
}

TEST(Paths, TheHostOfARegistryIsFound) {
  EXPECT_EQ(mention_findings("x.md", std::string("from py") + "pi.org\n").size(), 1u);
}

TEST(Paths, AFileOfFourHundredLinesIsLongEnough) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "line\n";
  EXPECT_EQ(length_warnings("x.cc", text), Findings{});
  EXPECT_EQ(length_warnings("x.cc", text + "line\n").size(), 1u);
}

}  // namespace
}  // namespace quickbite::architecture
