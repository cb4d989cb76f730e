// RapidJSON as the domain uses it: one guarded, iterative SAX parse. Private to domain/message and
// domain/api.
//
// Whatever the bytes are, `parse` ends, in time proportional to their number (times a logarithm for
// absurd numbers of keys) and with bounded memory. It refuses what is not UTF-8 (a lone surrogate
// written as an escape included), trailing bytes, too deep nesting, and a key that is given twice
// in one object, wherever that object stands.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/base/check.h"
#include "domain/base/hash.h"
#include "domain/base/utf8.h"

#define RAPIDJSON_ASSERT(condition) CHECK(condition)
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace quickbite::json {

enum class Fault : std::uint8_t { kNone, kNotUtf8, kNotJson, kTooDeep, kDuplicateKey };

struct Result {
  Fault fault = Fault::kNone;
  std::size_t byte = 0;   // where it was noticed
  const char* text = "";  // what, for a person
};

enum class Kind : std::uint8_t { kNull, kBool, kInteger, kFraction, kString };

// A value that is neither an object nor an array. Numbers are never read as floating point.
struct Scalar {
  Kind kind = Kind::kNull;
  std::string_view text;     // of a string, decoded; valid during the call only
  std::int64_t integer = 0;  // of an integer; one beyond 64 bits is the greatest or the least
};

// What `parse` feeds. `depth` is the number of objects and arrays that are open around what is
// told; of a key, with its own object counted.
//   void key(std::size_t depth, std::string_view name);
//   void scalar(std::size_t depth, const Scalar& value);
//   void open(std::size_t depth, bool is_array);   before the contents
//   void close(std::size_t depth);                 after them, with the same depth
// A Sink is copied before the parse and assigned again where that has to start over.

// The text of a JSON integer, clamped to 64 bits; nullopt where it has a fraction or an exponent.
inline std::optional<std::int64_t> clamped_integer(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const std::uint64_t limit = negative ? std::uint64_t{1} << 63 : (std::uint64_t{1} << 63) - 1;
  std::uint64_t magnitude = 0;
  bool beyond = false;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    if (beyond) continue;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (magnitude > (limit - digit) / 10) {
      beyond = true;
      magnitude = limit;
    } else {
      magnitude = magnitude * 10 + digit;
    }
  }
  return static_cast<std::int64_t>(negative ? ~magnitude + 1 : magnitude);
}

inline bool is_number_character(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// Stands between RapidJSON's reader and the sink, and keeps the rules that the reader does not
// know.
template <class Sink>
class Guard {
 public:
  Guard(Sink& sink, std::string_view bytes, const rapidjson::MemoryStream& stream,
        std::size_t depth_max)
      : sink_(sink), bytes_(bytes), stream_(stream), depth_max_(depth_max) {}

  const Result& result() const { return result_; }

  bool Null() { return scalar({Kind::kNull, {}, 0}); }
  bool Bool(bool) { return scalar({Kind::kBool, {}, 0}); }
  // The reader's own copy of a number's text lacks characters in some releases, so the source is
  // read again.
  bool RawNumber(const char*, rapidjson::SizeType, bool) {
    const std::size_t end = stream_.Tell();
    std::size_t begin = end;
    while (begin > 0 && is_number_character(bytes_[begin - 1])) --begin;
    const auto integer = clamped_integer(bytes_.substr(begin, end - begin));
    return scalar({integer ? Kind::kInteger : Kind::kFraction, {}, integer.value_or(0)});
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view view(text, length);
    if (!is_utf8(view)) return fail(Fault::kNotUtf8, "a lone surrogate in a string");
    return scalar({Kind::kString, view, 0});
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view name(text, length);
    if (!is_utf8(name)) return fail(Fault::kNotUtf8, "a lone surrogate in a key");
    keys_.push_back(hash_of(name));
    sink_.key(starts_.size(), name);
    return true;
  }
  bool StartObject() { return open(false); }
  bool StartArray() { return open(true); }
  bool EndObject(rapidjson::SizeType) {
    // Keys are compared by their 64-bit hashes, once, when their object is complete: no key is
    // copied, and a document of nothing but keys costs no more than sorting them.
    const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(starts_.back());
    std::sort(begin, keys_.end());
    if (std::adjacent_find(begin, keys_.end()) != keys_.end()) {
      return fail(Fault::kDuplicateKey, "an object that ends here has a key twice");
    }
    keys_.erase(begin, keys_.end());
    return close();
  }
  bool EndArray(rapidjson::SizeType) { return close(); }

  // With kParseNumbersAsStringsFlag the reader calls none of these.
  bool Int(int) { return fail(Fault::kNotJson, "a number"); }
  bool Uint(unsigned) { return fail(Fault::kNotJson, "a number"); }
  bool Int64(std::int64_t) { return fail(Fault::kNotJson, "a number"); }
  bool Uint64(std::uint64_t) { return fail(Fault::kNotJson, "a number"); }
  template <class Floating>
  bool Double(Floating) {
    return fail(Fault::kNotJson, "a number");
  }

 private:
  bool fail(Fault fault, const char* text) {
    result_ = {fault, stream_.Tell(), text};
    return false;
  }
  bool scalar(const Scalar& value) {
    sink_.scalar(starts_.size(), value);
    return true;
  }
  bool open(bool is_array) {
    if (starts_.size() == depth_max_) return fail(Fault::kTooDeep, "nested too deeply");
    sink_.open(starts_.size(), is_array);
    starts_.push_back(keys_.size());
    return true;
  }
  bool close() {
    starts_.pop_back();
    sink_.close(starts_.size());
    return true;
  }

  Sink& sink_;
  std::string_view bytes_;
  const rapidjson::MemoryStream& stream_;
  std::size_t depth_max_;
  std::vector<std::uint64_t> keys_;  // hashes of the keys of all open objects, the innermost last
  std::vector<std::size_t> starts_;  // where the keys of each open object or array begin
  Result result_;
};

// RFC 8259 section 6.
inline bool is_number(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t begin = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i > begin;
  };
  if (i < text.size() && text[i] == '-') ++i;
  if (i < text.size() && text[i] == '0') {
    ++i;
  } else if (!digits()) {
    return false;
  }
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!digits()) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (!digits()) return false;
  }
  return i == text.size();
}

// A number of any size as one that means the same here and that the reader's floating point can
// hold.
inline std::string_view short_number(std::string_view number) {
  constexpr std::size_t kCharactersKept = 40;  // far beyond 64 bits
  if (!is_number(number)) return number;
  if (number.find_first_of(".eE") != std::string_view::npos) return "0.5";
  return number.substr(0, kCharactersKept);
}

// The document with the numbers outside of its strings made short. What is not JSON stays so.
inline std::string with_short_numbers(std::string_view bytes) {
  std::string result;
  result.reserve(bytes.size());
  bool in_string = false;
  for (std::size_t i = 0; i < bytes.size();) {
    if (!in_string && is_number_character(bytes[i])) {
      std::size_t end = i;
      while (end < bytes.size() && is_number_character(bytes[end])) ++end;
      result += short_number(bytes.substr(i, end - i));
      i = end;
      continue;
    }
    if (bytes[i] == '"') {
      in_string = !in_string;
    } else if (in_string && bytes[i] == '\\' && i + 1 < bytes.size()) {
      result += bytes[i++];
    }
    result += bytes[i++];
  }
  return result;
}

template <class Sink>
Result parse_once(std::string_view bytes, std::size_t depth_max, Sink& sink, bool& too_big) {
  rapidjson::MemoryStream stream(bytes.data(), bytes.size());
  rapidjson::Reader reader;
  Guard<Sink> guard(sink, bytes, stream, depth_max);
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag |
                              rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseNumbersAsStringsFlag;
  const rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, guard);
  too_big = parsed.Code() == rapidjson::kParseErrorNumberTooBig;
  if (guard.result().fault != Fault::kNone) return guard.result();
  if (parsed.IsError()) {
    const bool surrogate = parsed.Code() == rapidjson::kParseErrorStringUnicodeSurrogateInvalid;
    return {surrogate ? Fault::kNotUtf8 : Fault::kNotJson, parsed.Offset(),
            rapidjson::GetParseError_En(parsed.Code())};
  }
  // The reader takes a NUL for the end.
  if (stream.Tell() != bytes.size())
    return {Fault::kNotJson, stream.Tell(), "more follows the value"};
  return {};
}

// Parses one whole JSON value. On a fault the sink may have been told a part of it.
template <class Sink>
Result parse(std::string_view bytes, std::size_t depth_max, Sink& sink) {
  const std::size_t valid = utf8_valid_prefix(bytes);
  if (valid != bytes.size()) return {Fault::kNotUtf8, valid, "not UTF-8"};
  const Sink fresh = sink;
  bool too_big = false;
  Result result = parse_once(bytes, depth_max, sink, too_big);
  if (!too_big) return result;
  sink = fresh;
  return parse_once(with_short_numbers(bytes), depth_max, sink, too_big);
}

}  // namespace quickbite::json
