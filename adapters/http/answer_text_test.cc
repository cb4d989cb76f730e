#include "adapters/http/answer_text.h"

#include <gtest/gtest.h>

namespace quickbite::http {
namespace {

std::string text_of(const HttpAnswer& answer, Writing writing = {}) {
  std::string out;
  writing.date = "D";
  append_answer(answer, writing, out);
  return out;
}

TEST(AnswerText, WritesStatusHeadersLengthAndBody) {
  EXPECT_EQ(text_of({201, {{"Location", "/a"}}, "{}"}),
            "HTTP/1.1 201 Created\r\nLocation: /a\r\nContent-Length: 2\r\nConnection: keep-alive\r\nDate: D\r\n\r\n{}");
  EXPECT_EQ(text_of({299, {}, ""}, {.close = true}),
            "HTTP/1.1 299 \r\nContent-Length: 0\r\nConnection: close\r\nDate: D\r\n\r\n");
}

TEST(AnswerText, LeavesOutTheBodyWhereThereMustBeNone) {
  EXPECT_EQ(text_of({304, {}, "x"}), "HTTP/1.1 304 Not Modified\r\nConnection: keep-alive\r\nDate: D\r\n\r\n");
  EXPECT_EQ(text_of({200, {}, "abc"}, {.head = true}),
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\nDate: D\r\n\r\n");
}

TEST(AnswerText, LeavesOutHeadersThatWouldBreakTheFraming) {
  const std::string text = text_of({200, {{"A", "b\r\nInjected: x"}, {"B:c", "d"}, {"", "e"}, {"Good", "f"}}, ""});
  EXPECT_EQ(text.find("Injected"), std::string::npos);
  EXPECT_EQ(text.find("B:c"), std::string::npos);
  EXPECT_NE(text.find("Good: f\r\n"), std::string::npos);
}

TEST(AnswerText, AddsWhatTheRequestIsToldBeside) {
  const Headers more = {{"Vary", "Origin"}};
  EXPECT_EQ(text_of({200, {{"A", "b"}}, "c"}, {.more = &more}),
            "HTTP/1.1 200 OK\r\nA: b\r\nVary: Origin\r\nContent-Length: 1\r\nConnection: keep-alive\r\nDate: D\r\n\r\nc");
}

TEST(AnswerText, WritesDatesAsHttpWantsThem) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace quickbite::http
