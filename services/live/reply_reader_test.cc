#include "services/live/reply_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace quickbite::live {
namespace {

const std::string kTwo =
    "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\ncontent-length: 5\r\n\r\nhello"
    "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Length: 7\r\n\r\n";

TEST(ReplyReader, ReadsAnswersHoweverTheyAreCut) {
  for (std::size_t cut = 0; cut <= kTwo.size(); ++cut) {
    ReplyReader reader;
    std::vector<HttpAnswer> answers;
    for (const std::string& part : {kTwo.substr(0, cut), kTwo.substr(cut)}) {
      reader.feed(part);
      while (const auto reply = reader.next()) answers.push_back(to_answer(*reply));
    }
    ASSERT_EQ(answers.size(), 2U) << cut;
    EXPECT_EQ(answers[0].status, 201);
    EXPECT_EQ(answers[0].body, "hello");
    EXPECT_EQ(header(answers[0].headers, "content-type"), "application/json");
    EXPECT_EQ(answers[1].status, 304);
    EXPECT_EQ(answers[1].body, "") << "a 304 has no body, whatever its length says";
    EXPECT_EQ(header(answers[1].headers, "etag"), "\"1\"");
    EXPECT_TRUE(reader.empty());
    EXPECT_FALSE(reader.broken());
  }
}

TEST(ReplyReader, AnAnswerWithoutALengthHasNoBody) {
  ReplyReader reader;
  reader.feed("HTTP/1.1 204 No Content\r\n\r\n");
  const auto reply = reader.next();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->status, 204);
  EXPECT_EQ(reply->body, "");
}

TEST(ReplyReader, SeesWhatIsNoAnswer) {
  for (const char* bytes : {"SMTP hello\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"}) {
    ReplyReader reader;
    reader.feed(bytes);
    EXPECT_FALSE(reader.next().has_value());
    EXPECT_TRUE(reader.broken()) << bytes;
  }
  ReplyReader endless;
  endless.feed(std::string(100'000, 'x'));
  EXPECT_FALSE(endless.next().has_value());
  EXPECT_TRUE(endless.broken());
}

}  // namespace
}  // namespace quickbite::live
