#include "domain/api/cors.h"

#include <algorithm>
#include <string_view>

namespace quickbite::api {
namespace {

constexpr std::string_view kAny = "*";

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
}

}  // namespace

bool is_origin(std::string_view text) {
  if (text == kAny) return true;
  for (const std::string_view scheme : {std::string_view("https://"), std::string_view("http://")}) {
    if (!text.starts_with(scheme)) continue;
    const std::string_view host = text.substr(scheme.size());
    return !host.empty() && std::all_of(host.begin(), host.end(), is_host_character);
  }
  return false;
}

Headers cors_headers(const Cors& cors, const HttpRequest& request) {
  if (cors.origins.empty()) return {};
  // A cache must not hand one origin's answer to another.
  Headers headers{{"Vary", "Origin"}};
  const auto origin = header(request.headers, "origin");
  if (!origin) return headers;
  const bool any = std::find(cors.origins.begin(), cors.origins.end(), kAny) != cors.origins.end();
  if (!any && std::find(cors.origins.begin(), cors.origins.end(), *origin) == cors.origins.end()) return headers;
  headers.push_back({"Access-Control-Allow-Origin", any ? std::string(kAny) : std::string(*origin)});
  if (request.method == "OPTIONS" && header(request.headers, "access-control-request-method")) {
    headers.push_back({"Access-Control-Allow-Methods", "GET, HEAD, POST"});
    headers.push_back({"Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, If-None-Match, traceparent"});
    headers.push_back({"Access-Control-Max-Age", "600"});
  } else {
    headers.push_back({"Access-Control-Expose-Headers", "ETag, Link, Location, Retry-After, WWW-Authenticate"});
  }
  return headers;
}

}  // namespace quickbite::api
