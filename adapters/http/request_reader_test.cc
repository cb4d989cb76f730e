#include "adapters/http/request_reader.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <variant>
#include <vector>

namespace quickbite::http {
namespace {

using Found = std::variant<NeedMore, Incoming, Broken>;

Found read_whole(const std::string& bytes, const RequestLimits& limits = {}) {
  RequestReader reader(limits);
  reader.feed(bytes);
  return reader.next();
}

HttpRequest request_of(const std::string& bytes) {
  Found found = read_whole(bytes);
  const Incoming* incoming = std::get_if<Incoming>(&found);
  EXPECT_NE(incoming, nullptr) << bytes;
  return incoming != nullptr ? incoming->request : HttpRequest{};
}

// 0 where the bytes are a request, 1 where there are too few, else the status that they are refused with.
int status_of(const std::string& bytes, const RequestLimits& limits = {}) {
  const Found found = read_whole(bytes, limits);
  if (const Broken* broken = std::get_if<Broken>(&found)) return broken->answer.status;
  return std::holds_alternative<NeedMore>(found) ? 1 : 0;
}

std::string post(const std::string& headers, const std::string& body) {
  return "POST /v1/orders HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
}

TEST(RequestReader, ReadsMethodPathQueryHeadersAndBody) {
  const HttpRequest request = request_of(
      "POST /v1/a%20b?x=1%20&y HTTP/1.1\r\nHost: x\r\nX-Thing:  Some Value \t\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/v1/a b");
  EXPECT_EQ(request.query, "x=1%20&y");
  EXPECT_EQ(request.body, "abc");
  EXPECT_EQ(header(request.headers, "x-thing"), "Some Value");
  EXPECT_EQ(header(request.headers, "host"), "x");
}

TEST(RequestReader, KeepsAliveUnlessAskedOtherwise) {
  const auto keeps = [](const std::string& bytes) { return std::get<Incoming>(read_whole(bytes)).keep_alive; };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: x\r\nConnection: foo, Close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
}

TEST(RequestReader, TakesTheAbsoluteFormAndEmptyLinesBeforeARequest) {
  EXPECT_EQ(request_of("\r\n\r\nGET http://host:1/a?b HTTP/1.1\r\nHost: x\r\n\r\n").path, "/a");
  EXPECT_EQ(request_of("GET HTTP://host HTTP/1.1\r\nHost: x\r\n\r\n").path, "/");
  EXPECT_EQ(request_of("GET http://host?q HTTP/1.1\r\nHost: x\r\n\r\n").query, "q");
}

TEST(RequestReader, DecodesChunks) {
  const HttpRequest request = request_of(
      post("Transfer-Encoding: chunked\r\n", "3;name=value\r\nabc\r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"));
  EXPECT_EQ(request.body, "abc0123456789");
}

TEST(RequestReader, RefusesAmbiguousBodies) {
  EXPECT_EQ(status_of(post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc")), 400);
  EXPECT_EQ(status_of(post("Content-Length: 3\r\nContent-Length: 4\r\n", "abc")), 400);
  EXPECT_EQ(status_of(post("Content-Length: 3, 3\r\n", "abc")), 400);
  for (const char* length : {"abc", "", "-1", "+3", "3 3", "0x3", "3.0", "99999999999999999999999", "18446744073709551619"}) {
    EXPECT_EQ(status_of(post(std::string("Content-Length: ") + length + "\r\n", "abc")), 400) << length;
  }
  EXPECT_EQ(status_of(post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")), 400);
  EXPECT_EQ(status_of(post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")), 400);
  EXPECT_EQ(status_of(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
}

TEST(RequestReader, RefusesBrokenChunks) {
  for (const char* body : {"\r\nabc", "g\r\n", "-1\r\n", "3\r\nabcd\r\n", "123456789\r\n", "3\nabc\r\n0\r\n\r\n"}) {
    EXPECT_EQ(status_of(post("Transfer-Encoding: chunked\r\n", body)), 400) << body;
  }
}

TEST(RequestReader, RefusesWhatIsNoRequest) {
  const std::string host = "Host: x\r\n\r\n";
  for (const std::string& bytes :
       {std::string("\x16\x03\x01"), "GET /\r\n" + host, "GET  HTTP/1.1\r\n" + host, "G@T / HTTP/1.1\r\n" + host,
        "GET / HTTP/1.1\n" + host, "GET / HTTP/1.1\r\nBad Name: x\r\n" + host, "GET / HTTP/1.1\r\nName : x\r\n" + host,
        "GET / HTTP/1.1\r\nA: b\r\n folded\r\n" + host, "GET / HTTP/1.1\r\nA: b\x01\r\n" + host,
        "GET / HTTP/1.1\r\nno colon\r\n" + host, "GET /% HTTP/1.1\r\n" + host, "GET /%zz HTTP/1.1\r\n" + host,
        "GET /%00 HTTP/1.1\r\n" + host, "GET /\xc3\xa9 HTTP/1.1\r\n" + host, "GET x HTTP/1.1\r\n" + host,
        "GET * HTTP/1.1\r\n" + host, "GET /#a HTTP/1.1\r\n" + host, "GET / FTP/1.1\r\n" + host,
        std::string("GET / HTTP/1.1\r\n\r\n"), "GET / HTTP/1.1\r\nHost: y\r\n" + host}) {
    EXPECT_EQ(status_of(bytes), 400) << bytes;
  }
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(1, '\0') + "\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\n" + host), 400);
}

TEST(RequestReader, HoldsItsLimits) {
  const RequestLimits limits{.head_bytes = 200, .target_bytes = 50, .headers = 3, .body_bytes = 10};
  const std::string start = "GET / HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(status_of(start + "A: " + std::string(200, 'a') + "\r\n\r\n", limits), 431);
  EXPECT_EQ(status_of(start + "A: " + std::string(300, 'a'), limits), 431);  // without ever ending the line
  EXPECT_EQ(status_of(start + "A: a\r\nB: b\r\nC: c\r\n\r\n", limits), 431);
  EXPECT_EQ(status_of("GET /" + std::string(50, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", limits), 414);
  EXPECT_EQ(status_of(start + "Content-Length: 10\r\n\r\n0123456789", limits), 0);
  EXPECT_EQ(status_of(start + "Content-Length: 11\r\n\r\n", limits), 413);
  EXPECT_EQ(status_of(start + "Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n", limits), 0);
  EXPECT_EQ(status_of(start + "Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n6\r\n56789a\r\n0\r\n\r\n", limits), 413);
  std::string crumbs = start + "Transfer-Encoding: chunked\r\n\r\n0;";
  EXPECT_EQ(status_of(crumbs + std::string(300, 'x'), limits), 431);
}

TEST(RequestReader, AsksForABodyThatWaitsForContinue) {
  RequestReader reader({});
  reader.feed(post("Expect: 100-Continue\r\nContent-Length: 3\r\n", ""));
  EXPECT_TRUE(std::holds_alternative<NeedMore>(reader.next()));
  EXPECT_TRUE(reader.take_continue());
  EXPECT_FALSE(reader.take_continue());
  reader.feed("abc");
  EXPECT_TRUE(std::holds_alternative<Incoming>(reader.next()));
}

TEST(RequestReader, KnowsWhatItWaitsFor) {
  RequestReader reader({});
  EXPECT_EQ(reader.stage(), RequestReader::Stage::kBetween);
  reader.feed("POST / HT");
  (void)reader.next();
  EXPECT_EQ(reader.stage(), RequestReader::Stage::kHead);
  reader.feed("TP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n");
  (void)reader.next();
  EXPECT_EQ(reader.stage(), RequestReader::Stage::kBody);
  reader.feed("x");
  (void)reader.next();
  EXPECT_EQ(reader.stage(), RequestReader::Stage::kBetween);
}

std::string gen_request() {
  const bool chunked = *rc::gen::arbitrary<bool>();
  const std::string body = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab\r\n0:{} ")));
  const std::string path = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab/-")));
  const std::string start = "POST /" + path + " HTTP/1.1\r\nHost: x\r\n";
  if (!chunked) return start + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  std::string out = start + "Transfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t size = *rc::gen::inRange<std::size_t>(1, body.size() - at + 1);
    out += std::to_string(size) + "\r\n";
    if (size > 9) out.replace(out.rfind(std::to_string(size)), std::to_string(size).size(), [&] {
      char hex[20];
      std::snprintf(hex, sizeof(hex), "%zx", size);
      return std::string(hex);
    }());
    out += body.substr(at, size) + "\r\n";
    at += size;
  }
  return out + "0\r\n\r\n";
}

std::vector<HttpRequest> read_all(RequestReader& reader, std::vector<int>& refused) {
  std::vector<HttpRequest> all;
  for (;;) {
    Found found = reader.next();
    if (auto* incoming = std::get_if<Incoming>(&found)) {
      all.push_back(std::move(incoming->request));
      continue;
    }
    if (const auto* broken = std::get_if<Broken>(&found)) refused.push_back(broken->answer.status);
    return all;
  }
}

RC_GTEST_PROP(RequestReader, ReadsTheSameRequestsHoweverTheBytesAreCut, ()) {
  std::string bytes;
  const int count = *rc::gen::inRange(1, 4);
  for (int i = 0; i < count; ++i) bytes += gen_request();

  std::vector<int> refused;
  RequestReader whole({});
  whole.feed(bytes);
  const std::vector<HttpRequest> expected = read_all(whole, refused);
  RC_ASSERT(static_cast<int>(expected.size()) == count);

  RequestReader cut({});
  std::vector<HttpRequest> got;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = *rc::gen::inRange<std::size_t>(1, 20);
    cut.feed(bytes.substr(at, size));
    at += size;
    for (HttpRequest& request : read_all(cut, refused)) got.push_back(std::move(request));
  }
  RC_ASSERT(refused.empty());
  RC_ASSERT(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) RC_ASSERT(got[i].fields() == expected[i].fields());
}

RC_GTEST_PROP(RequestReader, SurvivesAnyBytes, (std::string garbage)) {
  const std::string base = gen_request();
  const std::size_t at = *rc::gen::inRange<std::size_t>(0, base.size());
  RequestReader reader({});
  reader.feed(base.substr(0, at) + garbage + base.substr(at));
  std::vector<int> refused;
  (void)read_all(reader, refused);
  for (const int status : refused) RC_ASSERT(status >= 400 && status < 600);
}

}  // namespace
}  // namespace quickbite::http
