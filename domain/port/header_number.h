// A header that is a whole number from 0, as text.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

#include "domain/message/record.h"

namespace quickbite {

// Nullopt where there is no such header, or where it is anything but such a number.
template <class T>
std::optional<T> header_number(const Headers& headers, std::string_view name) {
  const auto text = header(headers, name);
  if (!text) return std::nullopt;
  T value = 0;
  const char* end = text->data() + text->size();
  const auto [at, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc{} || at != end || value < 0) return std::nullopt;
  return value;
}

}  // namespace quickbite
