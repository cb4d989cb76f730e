// Cors: which pages of other origins may use the API from a browser (WHATWG Fetch, "CORS protocol").
#pragma once

#include <string>
#include <vector>

#include "domain/port/http.h"

namespace quickbite::api {

struct Cors {
  std::vector<std::string> origins;  // "https://shop.example", or "*" for all; none: pages of our own origin alone
};

// "https://shop.example" or "http://127.0.0.1:8080": scheme, host and perhaps a port, without a path; or "*".
bool is_origin(std::string_view text);

// What the answer to `request` says of it, whatever the answer is; for a preflight, what may be asked as well.
Headers cors_headers(const Cors& cors, const HttpRequest& request);

}  // namespace quickbite::api
