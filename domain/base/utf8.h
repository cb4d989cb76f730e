// UTF-8 as text from outside must be (RFC 3629): no overlong forms, no surrogates, nothing past
// U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace quickbite {

// How many bytes at the start of `text` are well-formed; all of them where it is UTF-8.
std::size_t utf8_valid_prefix(std::string_view text);

inline bool is_utf8(std::string_view text) {
  return utf8_valid_prefix(text) == text.size();
}

// True where well-formed `text` holds a control character: C0, DEL or C1 (U+0080..U+009F).
bool has_control_character(std::string_view text);

}  // namespace quickbite
