// Whom a request counts for that nobody put his name to: the address that it comes from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/port/http.h"

namespace quickbite::api {

// Longer than any address: what is longer is none.
constexpr std::size_t kAddressBytesMax = 64;

// `peer`, the other end of the connection; or, where so many proxies stand before this server, what the first of them wrote of its
// own peer: the entry of X-Forwarded-For that far from the end, without its port. What stands before that entry is the client's
// own word, and never looked at. Where there is no such entry the request came round a proxy, and counts for `peer`.
std::string asker(const Headers& headers, std::string_view peer, std::int64_t proxies);

}  // namespace quickbite::api
