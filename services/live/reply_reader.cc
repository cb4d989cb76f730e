#include "services/live/reply_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace quickbite::live {
namespace {

constexpr std::size_t kHeadBytesMax = 64 * 1024;

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

// The value of a header in any case, without blanks around it.
std::optional<std::string_view> find_header(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    const std::size_t colon = line.find(':');
    if (colon != name.size() || !absl::EqualsIgnoreCase({line.data(), colon}, {name.data(), name.size()})) continue;
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    return value;
  }
  return std::nullopt;
}

}  // namespace

void ReplyReader::feed(std::string_view bytes) {
  bytes_.erase(0, begin_);
  begin_ = 0;
  bytes_.append(bytes);
}

std::optional<Reply> ReplyReader::next() {
  const std::string_view rest = std::string_view(bytes_).substr(begin_);
  const std::size_t end = rest.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    broken_ = broken_ || rest.size() > kHeadBytesMax;
    return std::nullopt;
  }
  const std::size_t line = rest.find("\r\n");
  const std::string_view head = rest.substr(line + 2, end > line ? end - line : 0);
  const auto status = rest.starts_with("HTTP/1.") && line > 9 ? number_in<int>(rest.substr(9, line - 9)) : std::nullopt;
  const auto length = find_header(head, "content-length");
  const auto size = length ? number_in<std::size_t>(*length) : std::optional<std::size_t>(0);
  if (!status || !size) {
    broken_ = true;
    return std::nullopt;
  }
  const std::size_t body = bodiless_ || *status == 304 || *status == 204 ? 0 : *size;
  if (rest.size() - end - 4 < body) return std::nullopt;
  begin_ += end + 4 + body;
  return Reply{*status, head, rest.substr(end + 4, body)};
}

HttpAnswer to_answer(const Reply& reply) {
  HttpAnswer answer;
  answer.status = reply.status;
  answer.body = std::string(reply.body);
  std::string_view head = reply.head;
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    const std::size_t colon = std::min(line.find(':'), line.size());
    std::string name(line.substr(0, colon));
    absl::AsciiStrToLower(&name);
    std::string value(line.substr(std::min(colon + 1, line.size())));
    absl::StripAsciiWhitespace(&value);
    if (!name.empty()) answer.headers.push_back({std::move(name), std::move(value)});
  }
  return answer;
}

}  // namespace quickbite::live
