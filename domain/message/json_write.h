// Writing JSON: what the wire and the API append to their bytes. The text is UTF-8 already; only
// what RFC 8259 section 7 asks for is escaped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/base/time.h"
#include "domain/base/uuid.h"

namespace quickbite::json {

void append_string(std::string& out, std::string_view text);  // quoted and escaped
void append_number(std::string& out, std::int64_t value);
void append_uuid(std::string& out, const Uuid& value);  // the text alone, unquoted
void append_time(std::string& out, Instant value);       // RFC 3339, likewise

}  // namespace quickbite::json
