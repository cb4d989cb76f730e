// Who asks: the bearer token of a request (RFC 6750), and what to answer where there is none that counts.
#pragma once

#include <string_view>
#include <variant>

#include "domain/port/http.h"

namespace quickbite::api {

// The token of the one Authorization header, for whoever can verify it; 401 where there is none, or it is no bearer token.
std::variant<std::string_view, HttpAnswer> bearer_token(const HttpRequest& request);

// 401 for a token that does not count. `why` is for a person, and says nothing that the token's owner does not know.
HttpAnswer invalid_token(std::string_view why);

}  // namespace quickbite::api
