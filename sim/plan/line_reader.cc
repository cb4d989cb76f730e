#include "sim/plan/line_reader.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "sim/plan/parse.h"

namespace quickbite::sim {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kMarks = ",:()";
constexpr std::size_t kShownMax = 40;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_of_a_name(char c) {
  return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
}

std::size_t end_of_word(std::string_view text, std::size_t begin) {
  if (kMarks.find(text[begin]) != kMarks.npos) return begin + 1;
  std::size_t end = begin;
  while (end < text.size() && kBlanks.find(text[end]) == kBlanks.npos &&
         kMarks.find(text[end]) == kMarks.npos)
    ++end;
  return end;
}

// All of `digits` as a number; nullopt where it is none or does not fit.
std::optional<std::uint64_t> number_of(std::string_view digits) {
  if (digits.empty() || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

struct Unit {
  std::string_view suffix;
  std::uint64_t us;
};
constexpr Unit kUnits[] = {{"us", 1}, {"ms", 1000}, {"s", 1'000'000}};

std::optional<Duration> duration_of(std::string_view word) {
  const auto letters =
      static_cast<std::size_t>(std::ranges::find_if_not(word, is_digit) - word.begin());
  const auto count = number_of(word.substr(0, letters));
  for (const Unit& unit : kUnits) {
    if (!count || word.substr(letters) != unit.suffix) continue;
    if (*count > static_cast<std::uint64_t>(kSpanMax.us) / unit.us) return std::nullopt;
    return microseconds(static_cast<std::int64_t>(*count * unit.us));
  }
  return std::nullopt;
}

}  // namespace

LineReader::LineReader(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (kBlanks.find(text[at]) != kBlanks.npos) {
      ++at;
      continue;
    }
    if (text[at] == '#') break;
    const std::size_t end = end_of_word(text, at);
    words_.push_back({text.substr(at, end - at), static_cast<int>(at) + 1});
    end_column_ = static_cast<int>(end) + 1;
    at = end;
  }
}

std::string_view LineReader::peek() const {
  return failed() || at_end() ? std::string_view{} : words_[at_].text;
}

bool LineReader::take(std::string_view word) {
  if (failed() || at_end() || words_[at_].text != word) return false;
  ++at_;
  return true;
}

bool LineReader::take_parts(std::string_view word) {
  if (take(word)) return true;
  if (failed()) return false;
  std::size_t at = at_;
  std::string_view rest = word;
  while (!rest.empty()) {
    const auto hyphen = rest.find('-');
    if (at == words_.size() || words_[at].text != rest.substr(0, hyphen)) return false;
    ++at;
    rest = hyphen == rest.npos ? std::string_view{} : rest.substr(hyphen + 1);
  }
  at_ = at;
  return true;
}

void LineReader::need(std::string_view word) {
  if (!take(word)) fail_next(quoted(word));
}

std::string_view LineReader::need_word(std::string_view what) {
  if (failed()) return {};
  if (at_end()) {
    fail_next(what);
    return {};
  }
  return words_[at_++].text;
}

std::string LineReader::need_name(std::string_view what, std::size_t max, bool digit_first) {
  const std::string_view word = peek();
  const bool right = !word.empty() && word.size() <= max &&
                     std::ranges::all_of(word, is_of_a_name) &&
                     (is_letter(word[0]) || (digit_first && is_digit(word[0])));
  if (!right) {
    fail_next(std::string(what) + " (1 to " + std::to_string(max) +
              " of A-Z a-z 0-9 . _ -, the first a letter" + (digit_first ? " or a digit)" : ")"));
    return {};
  }
  ++at_;
  return std::string(word);
}

std::uint64_t LineReader::need_number(std::string_view what, std::uint64_t min, std::uint64_t max) {
  const auto number = number_of(peek());
  if (!number || *number < min || *number > max) {
    fail_next(std::string(what) + " from " + std::to_string(min) + " to " + std::to_string(max));
    return min;
  }
  ++at_;
  return *number;
}

Duration LineReader::need_duration(std::string_view what) {
  const auto duration = duration_of(peek());
  if (!duration) {
    fail_next(std::string(what) + " such as 20ms (us, ms or s; at most an hour)");
    return {};
  }
  ++at_;
  return *duration;
}

Duration LineReader::need_delay() {
  const auto delay = duration_of(peek());
  if (!delay || delay->us == 0 || *delay > kDelayMax) {
    fail_next("a delay such as 7ms (us, ms or s; from 1us to 10s)");
    return {};
  }
  ++at_;
  return *delay;
}

std::size_t LineReader::need_one_of(std::string_view what,
                                    std::span<const std::string_view> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (take_parts(words[i])) return i;
  }
  fail_next(std::string(what) + " (" + alternatives(words) + ")");
  return 0;
}

void LineReader::fail_next(std::string_view expected) {
  fail_at(at_, expected);
}

void LineReader::fail_last(std::string_view expected) {
  fail_at(at_ == 0 ? 0 : at_ - 1, expected);
}

void LineReader::need_end() {
  if (!at_end()) fail_next("the end of the line");
}

void LineReader::fail_at(std::size_t index, std::string_view expected) {
  if (failed()) return;
  const bool end = index >= words_.size();
  const std::string found = end ? "the end of the line" : quoted(words_[index].text);
  mistake_ = Mistake{end ? end_column_ : words_[index].column,
                     "expected " + std::string(expected) + ", found " + found};
}

std::string alternatives(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string quoted(std::string_view word) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text = "'";
  for (const char c : word.substr(0, kShownMax)) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte >= 0x20 && byte < 0x7F) {
      text += c;
    } else {
      text += "\\x";
      text += kHex[byte >> 4];
      text += kHex[byte & 0xF];
    }
  }
  if (word.size() > kShownMax) text += "…";
  return text + "'";
}

}  // namespace quickbite::sim
