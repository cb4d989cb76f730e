// The query of a request: raw text in, names and values out. Private to domain/api.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/port/http.h"

namespace quickbite::api {

struct Parameter {
  std::string name;
  std::string value;
};

HttpAnswer bad_query(std::string_view detail);

// application/x-www-form-urlencoded: '+' is a space, %XX a byte; empty pairs do not count. An answer (400) where a '%' has no
// two hexadecimal digits, or a name is given twice.
std::variant<std::vector<Parameter>, HttpAnswer> read_query(std::string_view raw);

// The other way round, for one name or value: all but letters, digits, '-', '.', '_' and '~' as %XX.
std::string form_encoded(std::string_view text);

}  // namespace quickbite::api
