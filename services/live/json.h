// A member of a JSON object that we asked for ourselves. Whatever the text is, this ends.
#pragma once

#include <string>
#include <string_view>

namespace quickbite::live {

// The member's string, or its number or literal as text; "" where the text is no object or has none.
std::string json_member(std::string_view object, std::string_view name);

}  // namespace quickbite::live
