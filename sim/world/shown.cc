#include "sim/world/shown.h"

#include <charconv>
#include <cstdint>
#include <string_view>

#include "domain/message/record.h"

namespace quickbite::sim {
namespace {

// The number at the beginning of `text`; 0 where there is none.
Version number_at(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return Version{number};
}

}  // namespace

std::vector<Shown> shown_in(const HttpAnswer& answer, const OrderId& asked) {
  if (answer.status == 304) {
    const auto tag = header(answer.headers, "ETag");
    return tag && !tag->empty() ? std::vector<Shown>{{asked, number_at(tag->substr(1))}} : std::vector<Shown>{};
  }
  std::vector<Shown> shown;
  if (answer.status < 200 || answer.status >= 300) return shown;
  // A customer's text cannot hold either mark: quotes in it are escaped.
  constexpr std::string_view kId = R"("orderId":")";
  constexpr std::string_view kVersion = R"("version":)";
  const std::string_view body = answer.body;
  for (std::size_t at = body.find(kId); at != body.npos; at = body.find(kId, at)) {
    at += kId.size();
    const auto id = parse_uuid(body.substr(at, kUuidTextBytes));
    const std::size_t version = body.find(kVersion, at);
    if (!id || version == body.npos) break;
    at = version + kVersion.size();
    shown.push_back({OrderId{*id}, number_at(body.substr(at))});
  }
  return shown;
}

}  // namespace quickbite::sim
