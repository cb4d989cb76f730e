#include "adapters/http/answer_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>

namespace quickbite::http {
namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 302: return "Found";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "";  // RFC 9112 section 4: the phrase may be absent
  }
}

bool breaks_framing(const Header& header) {
  const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  return header.name.empty() || header.name.find_first_of(": \t") != std::string::npos ||
         std::any_of(header.name.begin(), header.name.end(), control) ||
         std::any_of(header.value.begin(), header.value.end(), control);
}

void append_headers(const Headers& headers, std::string& out) {
  for (const Header& header : headers) {
    if (!breaks_framing(header)) out.append(header.name).append(": ").append(header.value).append("\r\n");
  }
}

}  // namespace

void append_answer(const HttpAnswer& answer, const Writing& writing, std::string& out) {
  const bool bodiless = answer.status < 200 || answer.status == 204 || answer.status == 304;
  out.reserve(out.size() + 256 + answer.body.size());
  out.append("HTTP/1.1 ").append(std::to_string(answer.status)).append(" ").append(reason(answer.status)).append("\r\n");
  for (const Headers* headers : {&answer.headers, writing.more}) {
    if (headers != nullptr) append_headers(*headers, out);
  }
  if (!bodiless) out.append("Content-Length: ").append(std::to_string(answer.body.size())).append("\r\n");
  out.append(writing.close ? "Connection: close\r\n" : "Connection: keep-alive\r\n");
  out.append("Date: ").append(writing.date).append("\r\n\r\n");
  if (!bodiless && !writing.head) out.append(answer.body);
}

std::string http_date(std::int64_t unix_seconds) {
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t time = static_cast<std::time_t>(unix_seconds);
  std::tm utc{};
  gmtime_r(&time, &utc);
  char text[64];
  std::snprintf(text, sizeof(text), "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[static_cast<std::size_t>(utc.tm_wday)],
                utc.tm_mday, kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                utc.tm_sec);
  return text;
}

}  // namespace quickbite::http
