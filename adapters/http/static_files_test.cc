#include "adapters/http/static_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "domain/message/record.h"

namespace quickbite::http {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "quickbite-files-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
    folder_ = root_ + "/app";
    write("index.html", "<p>page</p>");
    write("pages.txt", "/\n/orders\n");
    write("assets/x-1a2b.js", "let x = 1;");
    write("assets/x-1a2b.js.gz", "gzipped");
    write("assets/x-1a2b.js.br", "brotlied");
    write("icons/icon.png", "png");
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories(fs::path(folder_ + "/" + name).parent_path());
    std::ofstream(folder_ + "/" + name) << text;
  }

  StaticFiles load() {
    auto files = StaticFiles::load(folder_, {{"X-Content-Type-Options", "nosniff"}});
    EXPECT_TRUE(files.ok()) << files.status();
    return *std::move(files);
  }

  std::string root_;
  std::string folder_;
};

HttpRequest get(const std::string& path, Headers headers = {}) { return {"GET", path, "", std::move(headers), ""}; }

TEST_F(StaticFilesTest, AnswersAFileWithItsTypeAndWhatEveryAnswerSays) {
  const auto answer = load().answer(get("/icons/icon.png"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "png");
  EXPECT_EQ(header(answer->headers, "Content-Type"), "image/png");
  EXPECT_EQ(header(answer->headers, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header(answer->headers, "Vary"), std::nullopt);
}

TEST_F(StaticFilesTest, AnswersThePageUnderEachOfItsPathsAndNoOther) {
  const StaticFiles files = load();
  for (const char* path : {"/", "/orders", "/index.html"}) {
    const auto answer = files.answer(get(path));
    ASSERT_TRUE(answer) << path;
    EXPECT_EQ(answer->body, "<p>page</p>");
    EXPECT_EQ(header(answer->headers, "Content-Type"), "text/html; charset=utf-8");
  }
  for (const char* path : {"/nothing", "/orders/", "/pages.txt", "/assets", "/assets/", "//index.html", ""}) {
    EXPECT_FALSE(files.answer(get(path))) << path;
  }
}

TEST_F(StaticFilesTest, KeepsHashedFilesForEverAndThePageNever) {
  const StaticFiles files = load();
  EXPECT_EQ(header(files.answer(get("/assets/x-1a2b.js"))->headers, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(files.answer(get("/"))->headers, "Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, NoPathOfAClientReachesTheFileSystem) {
  std::ofstream(root_ + "/secret") << "secret";
  fs::create_symlink(root_ + "/secret", folder_ + "/link");
  fs::create_directory_symlink(root_, folder_ + "/up");
  const StaticFiles files = load();
  write("late.html", "came after the start");
  for (const char* path : {"/../secret", "/assets/../../secret", "/link", "/up/secret", "/late.html", "/./index.html", "/assets/./x-1a2b.js"}) {
    EXPECT_FALSE(files.answer(get(path))) << path;
  }
  fs::remove_all(folder_);
  EXPECT_EQ(files.answer(get("/"))->body, "<p>page</p>") << "it was read at the start";
}

TEST_F(StaticFilesTest, SendsTheBestFormThatTheClientTakes) {
  const StaticFiles files = load();
  const auto coding = [&](const char* accepts) {
    const auto answer = files.answer(get("/assets/x-1a2b.js", {{"accept-encoding", accepts}}));
    EXPECT_EQ(header(answer->headers, "Vary"), "Accept-Encoding");
    EXPECT_EQ(header(answer->headers, "Content-Type"), "text/javascript; charset=utf-8");
    return std::string(header(answer->headers, "Content-Encoding").value_or("as it is")) + " " + answer->body;
  };
  EXPECT_EQ(coding("gzip, deflate, br, zstd"), "br brotlied");
  EXPECT_EQ(coding("gzip"), "gzip gzipped");
  EXPECT_EQ(coding("br;q=0, gzip;q=0.5"), "gzip gzipped");
  EXPECT_EQ(coding("*"), "br brotlied");
  EXPECT_EQ(coding("*;q=0"), "as it is let x = 1;");
  EXPECT_EQ(coding("identity"), "as it is let x = 1;");
  EXPECT_EQ(coding("br;q=nonsense"), "as it is let x = 1;");
  EXPECT_EQ(coding(""), "as it is let x = 1;");
}

TEST_F(StaticFilesTest, SaysThatNothingHasChangedToWhoHasIt) {
  const StaticFiles files = load();
  const std::string etag(*header(files.answer(get("/"))->headers, "ETag"));
  const std::string script(*header(files.answer(get("/assets/x-1a2b.js"))->headers, "ETag"));
  EXPECT_NE(etag, script);
  for (const std::string& known : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
    const auto answer = files.answer(get("/", {{"if-none-match", known}}));
    EXPECT_EQ(answer->status, 304) << known;
    EXPECT_EQ(answer->body, "");
    EXPECT_EQ(header(answer->headers, "ETag"), etag);
  }
  EXPECT_EQ(files.answer(get("/", {{"if-none-match", "\"other\""}}))->status, 200);
  EXPECT_EQ(files.answer(get("/assets/x-1a2b.js", {{"if-none-match", script}, {"accept-encoding", "br"}}))->status, 200)
      << "another form is another representation";
}

TEST_F(StaticFilesTest, IsReadOnly) {
  const StaticFiles files = load();
  EXPECT_EQ(files.answer({"HEAD", "/", "", {}, ""})->status, 200);
  const auto refused = files.answer({"POST", "/", "", {}, "x"});
  EXPECT_EQ(refused->status, 405);
  EXPECT_EQ(header(refused->headers, "Allow"), "GET, HEAD, OPTIONS");
}

TEST_F(StaticFilesTest, AFolderWithoutAPageIsNone) {
  fs::remove(folder_ + "/index.html");
  EXPECT_TRUE(absl::IsNotFound(StaticFiles::load(folder_, {}).status()));
  EXPECT_TRUE(absl::IsNotFound(StaticFiles::load(root_ + "/nowhere", {}).status()));
  write("index.html", "x");
  write("pages.txt", "no-path\n");
  EXPECT_TRUE(absl::IsInvalidArgument(StaticFiles::load(folder_, {}).status()));
}

}  // namespace
}  // namespace quickbite::http
