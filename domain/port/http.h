// HTTP as values: what arrived, and what to answer; the same for Pistache and for the simulator's clients.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "domain/message/record.h"

namespace quickbite {

struct HttpRequest {
  std::string method;  // upper case
  std::string path;    // percent-decoded, without the query; always begins with '/'
  std::string query;   // raw, without '?'
  Headers headers;     // names in lower case, values as received
  std::string body;

  auto fields() const { return std::tie(method, path, query, headers, body); }
};

struct HttpAnswer {
  int status = 200;
  Headers headers;  // names as sent; without Content-Length, Connection and Date, which the port adds
  std::string body;

  auto fields() const { return std::tie(status, headers, body); }
};

}  // namespace quickbite
