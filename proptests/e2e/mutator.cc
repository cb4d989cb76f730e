#include "proptests/e2e/mutator.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace quickbite {
namespace {

using namespace std::string_view_literals;

// What has confused a parser before.
constexpr std::array kTokens = {"\r\n"sv, "\r\n\r\n"sv, "\n"sv, "\r"sv, "\0"sv, " "sv, "\t"sv, ":"sv, ";"sv, ","sv, "\x7f"sv, "\xff\xfe"sv,
                                "\xc0\x80"sv, "\xed\xa0\x80"sv, "%00"sv, "%2e%2e%2f"sv, "%"sv, "%zz"sv, "+"sv, "&"sv, "?"sv, "#"sv, "/../"sv,
                                "//"sv, "Content-Length: 0\r\n"sv, "Content-Length: 18446744073709551616\r\n"sv, "Content-Length: -1\r\n"sv,
                                "Content-Length: 5\r\n"sv, "Transfer-Encoding: chunked\r\n"sv, "Transfer-Encoding: gzip\r\n"sv,
                                "Expect: 100-continue\r\n"sv, "Connection: close\r\n"sv, "Connection: upgrade\r\n"sv, "Upgrade: h2c\r\n"sv,
                                "Host: other\r\n"sv, "Idempotency-Key: \r\n"sv, "If-None-Match: *\r\n"sv, "Authorization: Bearer x\r\n"sv,
                                "Cookie: =\r\n"sv, "Range: bytes=0-\r\n"sv, "HTTP/1.0"sv, "HTTP/9.9"sv, "0"sv, "-1"sv, "1e400"sv, "0.1"sv,
                                "9223372036854775808"sv, "99999999999999999999999"sv, "{"sv, "}"sv, "["sv, "]"sv, "\""sv, "\\"sv,
                                "\\u0000"sv, "\\ud800"sv, "null"sv, "true"sv, "\"items\":"sv, "\"sku\":"sv, "\"quantity\":"sv,
                                "\"userId\":"sv, "NaN"sv, "Infinity"sv};

// SplitMix64: the same everywhere, which the standard library's distributions are not.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t number) : state_(seed * 0x9e3779b97f4a7c15ULL ^ (number + 1) * 0xd1342543de82ef95ULL) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : static_cast<std::size_t>(next() % bound); }

 private:
  std::uint64_t state_;
};

std::string slice(Draws& draws, const std::string& text) {
  const std::size_t begin = draws.below(text.size() + 1);
  return text.substr(begin, draws.below(std::min<std::size_t>(text.size() - begin, 64) + 1));
}

void repeat(Draws& draws, std::string& text) {
  const std::string part = slice(draws, text);
  if (part.empty()) return;
  // Mostly a few times; seldom until a limit of the server's is passed.
  std::size_t times = 1 + draws.below(4);
  if (draws.below(20) == 0) times = (1 + draws.below(kMutantBytesMax)) / part.size();
  std::string repeated;
  for (std::size_t i = 0; i < times; ++i) repeated += part;
  text.insert(draws.below(text.size() + 1), repeated);
}

// A run of digits becomes another number.
void change_number(Draws& draws, std::string& text) {
  const std::size_t at = text.find_first_of("0123456789", draws.below(text.size() + 1));
  if (at == text.npos) return;
  const std::size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
  constexpr std::array kNumbers = {"0"sv, "1"sv, "-1"sv, "65536"sv, "65537"sv, "1000001"sv, "2147483648"sv, "4294967296"sv,
                                   "9223372036854775807"sv, "18446744073709551615"sv, "00"sv, "1.0"sv, "1e3"sv, ""sv};
  text.replace(at, end - at, kNumbers[draws.below(kNumbers.size())]);
}

void swap_lines(Draws& draws, std::string& text) {
  const std::size_t a = text.find("\r\n", draws.below(text.size() + 1));
  if (a == text.npos) return;
  const std::size_t b = text.find("\r\n", a + 2);
  if (b == text.npos) return;
  const std::string line = text.substr(a + 2, b - a);
  text.erase(a + 2, line.size());
  text.insert(0, line);
}

void change(Draws& draws, std::string& text, const std::string& other) {
  const std::size_t at = draws.below(text.size() + 1);
  switch (draws.below(11)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << draws.below(8)));
      break;
    case 1:
      if (at < text.size()) text[at] = static_cast<char>(draws.next());
      break;
    case 2: text.erase(at, 1 + draws.below(8)); break;
    case 3: text.erase(at, draws.below(text.size() + 1)); break;
    case 4: text.insert(at, kTokens[draws.below(kTokens.size())]); break;
    case 5: text.insert(at, 1 + draws.below(16), static_cast<char>(draws.next())); break;
    case 6: text.insert(at, slice(draws, other)); break;
    case 7: text = text.substr(0, at) + other.substr(draws.below(other.size() + 1)); break;
    case 8: repeat(draws, text); break;
    case 9: change_number(draws, text); break;
    case 10: swap_lines(draws, text); break;
  }
  if (text.size() > kMutantBytesMax) text.resize(kMutantBytesMax);
}

// The method, the target, the version, a header's name or value: whatever follows a blank or begins a line.
std::size_t start_of_some_word(Draws& draws, const std::string& head) {
  const std::size_t before = head.find_first_of(" \n", draws.below(head.size() - 4));
  return before >= head.size() - 3 ? 0 : before + 1;
}

std::string with_its_length(const std::string& head, const std::string& body) {
  constexpr std::string_view kName = "Content-Length: ";
  const std::size_t at = head.find(kName);
  if (at == head.npos) return head + body;
  const std::size_t begin = at + kName.size();
  return absl::StrCat(head.substr(0, begin), body.size(), head.substr(head.find('\r', begin)), body);
}

}  // namespace

std::vector<std::string> request_corpus(const std::string& order, const std::string& sku) {
  const auto post = [](const std::string& path, const std::string& headers, const std::string& body) {
    return absl::StrCat("POST ", path, " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n", headers,
                        "Content-Length: ", body.size(), "\r\n\r\n", body);
  };
  const auto get = [](const std::string& method, const std::string& path, const std::string& headers) {
    return absl::StrCat(method, " ", path, " HTTP/1.1\r\nHost: localhost\r\n", headers, "\r\n");
  };
  const std::string one = absl::StrCat(R"({"userId":"u1","sku":")", sku, R"(","quantity":2})");
  const std::string several = absl::StrCat(R"({"userId":"u\u00e9 1","items":[{"sku":")", sku,
                                           R"(","quantity":1},{"sku":"fries","quantity":1000000}]})");
  const std::string place = "/v1/orders/" + order;
  return {
      post("/v1/orders", "", one),
      post("/v1/orders", "Idempotency-Key: 5f1c\r\n", one),
      post("/v1/orders", "Idempotency-Key: 5f1d\r\nConnection: keep-alive\r\nUser-Agent: phone/1.0\r\n", several),
      post("/v1/orders", "Accept: */*\r\nAccept-Encoding: gzip\r\nAuthorization: Bearer a.b.c\r\n", several),
      post("/v1/orders", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n", one),
      post("/v1/orders", "Expect: 100-continue\r\n", one),
      post(place + "/cancel", "", ""),
      absl::StrCat("POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json; charset=utf-8\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\n", one.substr(0, 5), "\r\n", absl::Hex(one.size() - 5), "\r\n",
                   one.substr(5), "\r\n0\r\nTrailer: x\r\n\r\n"),
      get("GET", place, "If-None-Match: \"2\"\r\n"),
      get("GET", place + "?version=1", "Cache-Control: no-cache\r\nDate: Tue, 03 Feb 2026 04:05:06 GMT\r\nCookie: a=b; c=d\r\n"),
      get("GET", place + "/timeline", ""),
      get("GET", "/v1/orders?userId=u1&limit=2", ""),
      get("GET", "/v1/orders?userId=u%201+x&limit=200&after=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ""),
      get("GET", "/v1/menu", ""),
      get("GET", "/openapi.yaml", ""),
      get("GET", "/healthz", ""),
      get("GET", "/readyz", ""),
      get("GET", "http://localhost/v1/menu", ""),
      get("HEAD", place, ""),
      get("OPTIONS", "/v1/orders", "Origin: https://shop.example\r\nAccess-Control-Request-Method: POST\r\n"),
      get("DELETE", place, ""),
  };
}

std::string mutant(const std::vector<std::string>& corpus, std::uint64_t seed, std::uint64_t number) {
  Draws draws(seed, number);
  const std::string& origin = corpus[draws.below(corpus.size())];
  const std::string& other = corpus[draws.below(corpus.size())];
  const std::size_t head = origin.find("\r\n\r\n") + 4;
  const bool has_body = head < origin.size();
  std::size_t begin = 0;
  std::size_t end = origin.size();
  const std::size_t where = draws.below(3);
  if (where == 0 && has_body) {
    begin = head;
  } else if (where == 1 || where == 0) {
    begin = start_of_some_word(draws, origin.substr(0, head));
    end = origin.find_first_of(" \r", begin);
  }
  std::string text = origin.substr(begin, end - begin);
  const std::size_t changes = draws.below(2) == 0 ? 1 : 2 + draws.below(3);
  for (std::size_t i = 0; i < changes; ++i) change(draws, text, other);
  if (begin == head && has_body) return with_its_length(origin.substr(0, head), text);
  return origin.substr(0, begin) + text + origin.substr(end);
}

}  // namespace quickbite
