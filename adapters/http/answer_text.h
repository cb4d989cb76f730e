// How an HttpAnswer is written on a connection.
#pragma once

#include <string>
#include <string_view>

#include "domain/port/http.h"

namespace quickbite::http {

struct Writing {
  std::string_view date = {};    // an IMF-fixdate (RFC 9110 section 5.6.7)
  bool close = false;            // says that the connection ends with this answer
  bool head = false;             // the request was a HEAD: the headers of a GET, and no body
  const Headers* more = nullptr; // beside those of the answer; null: none
};

// Status line, headers, Content-Length, Connection where it says something, Date, body. 1xx, 204 and 304 have no body. A
// header that would break the framing (control characters, or a name that is no name) is left out.
void append_answer(const HttpAnswer& answer, const Writing& writing, std::string& out);

// "Sun, 06 Nov 1994 08:49:37 GMT" of seconds since the epoch.
std::string http_date(std::int64_t unix_seconds);

}  // namespace quickbite::http
