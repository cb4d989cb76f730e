// JSON strings for log lines.
#pragma once

#include <string>
#include <string_view>

namespace quickbite::log {

// Appends `text` quoted. Valid JSON for any bytes: what is not UTF-8 becomes U+FFFD, byte by byte.
void append_json_string(std::string_view text, std::string& out);

}  // namespace quickbite::log
