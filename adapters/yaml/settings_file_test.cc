#include "adapters/yaml/settings_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace quickbite::yaml {
namespace {

class SettingsFileTest : public testing::Test {
 protected:
  SettingsFileTest() {
    char name[] = "/tmp/quickbite-settings-XXXXXX";
    ::close(::mkstemp(name));
    path = name;
  }
  ~SettingsFileTest() override { ::unlink(path.c_str()); }

  absl::StatusOr<std::vector<Entry>> read(const std::string& text) {
    std::ofstream(path) << text;
    return read_settings(path);
  }
  // What is wrong with it, after the path.
  std::string fault(const std::string& text) {
    const auto entries = read(text);
    if (entries.ok()) return "nothing";
    const std::string said(entries.status().message());
    EXPECT_EQ(said.rfind(path, 0), 0u) << said;
    return said.substr(path.size());
  }
  std::string path;
};

TEST_F(SettingsFileTest, ReadsNamesValuesAndWhereTheyStand) {
  const auto entries = read("# a comment\nhttp-port: 8080\n\n  \ndatabase: \"host=x dbname=y\"  # and one here\nloud: true\n");
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].name, "http-port");
  EXPECT_EQ((*entries)[0].value, "8080");
  EXPECT_EQ((*entries)[0].where, path + ":2:1");
  EXPECT_EQ((*entries)[1].value, "host=x dbname=y");
  EXPECT_EQ((*entries)[1].where, path + ":5:1");
  EXPECT_EQ((*entries)[2].value, "true");
}

TEST_F(SettingsFileTest, ListsAndMappingsAreWrittenWithCommas) {
  const auto entries = read("kafka: [a:1, b:2]\nkeys:\n- x\n- y\nsettings:\n  ssl.ca.location: /ca\n  security.protocol: SSL\nnone: []\n");
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_EQ((*entries)[0].value, "a:1,b:2");
  EXPECT_EQ((*entries)[1].value, "x,y");
  EXPECT_EQ((*entries)[2].value, "ssl.ca.location=/ca,security.protocol=SSL");
  EXPECT_EQ((*entries)[3].value, "");
}

TEST_F(SettingsFileTest, AnEmptyFileSetsNothing) {
  for (const char* text : {"", "\n# nothing\n", "---\n"}) {
    const auto entries = read(text);
    ASSERT_TRUE(entries.ok()) << entries.status();
    EXPECT_TRUE(entries->empty());
  }
}

TEST_F(SettingsFileTest, SaysWhereAndWhatIsWrong) {
  EXPECT_EQ(fault("a: 1\nb: [1, 2\n").substr(0, 5), ":3:1:");
  EXPECT_EQ(fault("a: 1\n\tb: 2\n").substr(0, 3), ":2:");
  EXPECT_EQ(fault("just words\n"), ":1:1: expected NAME: VALUE");
  EXPECT_EQ(fault("- a\n"), ":1:1: expected NAME: VALUE");
  EXPECT_EQ(fault("a: 1\nb: 2\na: 3\n"), ":3:1: a is given twice");
  EXPECT_EQ(fault("a: 1\nbb:\n"), ":2:1: bb has no value; an empty one is written as \"\"");
  EXPECT_EQ(fault("a:\n  b:\n    c: 1\n"), ":3:5: a holds something that is no plain value");
  EXPECT_EQ(fault("a:\n- [1]\n"), ":2:3: a holds something that is no plain value");
  EXPECT_EQ(fault("a: ['x,y']\n"), ":1:5: a holds a value with a comma, which is what separates them");
  EXPECT_EQ(fault("[a]: 1\n"), ":1:1: expected the name of a setting");
  EXPECT_EQ(fault("a: 1\n---\nb: 2\n"), ":3:1: expected one document, and here begins another");
  EXPECT_EQ(fault(std::string(kFileBytesMax + 1, '#')), ": is longer than 1048576 bytes");
}

TEST_F(SettingsFileTest, SaysWhenThereIsNoSuchFile) {
  EXPECT_EQ(read_settings("/nowhere/x.yaml").status().message(), "/nowhere/x.yaml: cannot be read");
  EXPECT_EQ(read_settings("/tmp").status().message(), "/tmp: cannot be read");
}

}  // namespace
}  // namespace quickbite::yaml
