#include "domain/api/auth.h"

#include <optional>
#include <string>

#include "domain/api/api.h"
#include "domain/api/headers.h"

namespace quickbite::api {
namespace {

// RFC 6750 section 3: without `error` where the request brought nothing to be wrong.
HttpAnswer unauthorized(std::string_view detail, std::string_view error) {
  HttpAnswer answer = problem("unauthorized", 401, "It is not known who asks", detail);
  std::string challenge = "Bearer realm=\"quickbite\"";
  if (!error.empty()) challenge.append(", error=\"").append(error).append("\"");
  answer.headers.push_back({"WWW-Authenticate", std::move(challenge)});
  return answer;
}

}  // namespace

std::variant<std::string_view, HttpAnswer> bearer_token(const HttpRequest& request) {
  std::optional<std::string_view> value;
  for (const Header& header : request.headers) {
    if (header.name != "authorization") continue;
    if (value) return unauthorized("Authorization is given more than once.", "invalid_request");
    value = trimmed(header.value);
  }
  if (!value) return unauthorized("Send a token: Authorization: Bearer …", "");
  constexpr std::string_view kScheme = "Bearer";
  const std::size_t space = value->find(' ');
  if (space == value->npos || !same_token(value->substr(0, space), kScheme)) {
    return unauthorized("Only bearer tokens are taken: Authorization: Bearer …", "");
  }
  const std::string_view token = trimmed(value->substr(space + 1));
  if (token.empty() || token.find(' ') != token.npos) {
    return unauthorized("One token stands after Bearer.", "invalid_request");
  }
  return token;
}

HttpAnswer invalid_token(std::string_view why) {
  std::string detail = "The token is not valid: ";
  detail.append(why).append(".");
  return unauthorized(detail, "invalid_token");
}

}  // namespace quickbite::api
