#include "services/live/data_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace quickbite::live {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class DataFolderTest : public testing::Test {
 protected:
  DataFolderTest() {
    std::string pattern = (fs::temp_directory_path() / "quickbite-folder-XXXXXX").string();
    root_ = fs::canonical(::mkdtemp(pattern.data())).string();
    path_ = root_ + "/a/b";
  }
  ~DataFolderTest() override {
    std::error_code error;
    fs::remove_all(root_, error);
  }
  std::string root_;
  std::string path_;
};

Serving some_serving() {
  return {17, "http://127.0.0.1:8080", "http://127.0.0.1:8080/", "http://127.0.0.1:8080/status", "host='/a b' dbname=\"x\"", "dbname=y",
          "127.0.0.1:9092", "127.0.0.1:9091", "/tmp/a", {{"Orders", 18, "/tmp/a/orders.log"}, {"Inventory", 19, ""}}};
}

TEST(Serving, SurvivesItsJson) {
  EXPECT_EQ(parse_serving(to_json(some_serving())), some_serving());
  EXPECT_EQ(parse_serving("{"), std::nullopt);
  EXPECT_EQ(parse_serving("[]"), std::nullopt);
  EXPECT_EQ(parse_serving("{\"pid\":1}"), std::nullopt);
  EXPECT_EQ(parse_serving("{\"pid\":1,\"processes\":[7]}"), std::nullopt);
}

TEST_F(DataFolderTest, TellsWhatItsOwnerServes) {
  EXPECT_EQ(DataFolder::look(path_), std::nullopt);
  {
    const auto folder = DataFolder::take(path_);
    ASSERT_TRUE(folder.ok()) << folder.status();
    EXPECT_EQ(DataFolder::look(path_)->pid, ::getpid()) << "while it starts";
    EXPECT_TRUE(folder->tell(some_serving()).ok());
    EXPECT_EQ(DataFolder::look(path_), some_serving());
  }
  EXPECT_EQ(DataFolder::look(path_), std::nullopt);
}

TEST_F(DataFolderTest, HasOneOwner) {
  const auto folder = DataFolder::take(path_);
  ASSERT_TRUE(folder.ok());
  const auto second = DataFolder::take(path_);
  EXPECT_TRUE(absl::IsAlreadyExists(second.status()));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("in use by process " + std::to_string(::getpid())));
  EXPECT_EQ(DataFolder::look(path_)->pid, ::getpid()) << "looking takes nothing";
}

TEST_F(DataFolderTest, IsFreeAgainWhenItsOwnerWasKilled) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t owner = ::fork();
  ASSERT_GE(owner, 0);
  if (owner == 0) {
    const auto folder = DataFolder::take(path_);
    char taken = folder.ok() && folder->tell(some_serving()).ok() ? 'y' : 'n';
    if (::write(ends[1], &taken, 1) == 1) ::pause();
    ::_exit(1);
  }
  char taken = 0;
  ASSERT_EQ(::read(ends[0], &taken, 1), 1);
  EXPECT_EQ(taken, 'y');
  EXPECT_EQ(DataFolder::look(path_), some_serving());
  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  EXPECT_EQ(DataFolder::look(path_), std::nullopt) << "what it told is not believed any more";
  EXPECT_TRUE(DataFolder::take(path_).ok());
}

TEST_F(DataFolderTest, ThatCannotBeMadeIsSaidToBeSo) {
  EXPECT_TRUE(absl::IsUnavailable(DataFolder::take("/proc/no/such").status()));
}

}  // namespace
}  // namespace quickbite::live
