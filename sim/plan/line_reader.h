// LineReader: the words of one line of a scenario, taken from left to right, and the first mistake
// among them.
//
// A mistake sticks: after it nothing more is taken and every take gives an empty value, so that a
// caller can read a line straight through and ask once, at the end, whether all was well.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/base/time.h"

namespace quickbite::sim {

// `column` counts bytes from 1; of the end of a line it is one past the last word.
struct Mistake {
  int column = 0;
  std::string message;  // "expected …, found …"
};

class LineReader {
 public:
  // `,`, `:`, `(` and `)` are words of their own; a word that begins with `#` and all after it is a
  // comment.
  explicit LineReader(std::string_view text);

  bool empty() const { return words_.empty(); }
  bool at_end() const { return at_ == words_.size(); }
  bool failed() const { return mistake_.has_value(); }
  const std::optional<Mistake>& mistake() const { return mistake_; }

  // The next word, or nothing; it stays.
  std::string_view peek() const;
  // True, taking it, where the next word is `word`.
  bool take(std::string_view word);
  // The same for a word that may also be written as its parts: "read-outbox", "read outbox".
  bool take_parts(std::string_view word);
  // The next word must be `word`.
  void need(std::string_view word);
  // The next word, whatever it is; `what` names what stands there.
  std::string_view need_word(std::string_view what);

  // A name of 1..`max` bytes of [A-Za-z0-9._-], the first a letter or, where `digit_first`, a
  // digit.
  std::string need_name(std::string_view what, std::size_t max, bool digit_first);
  // Decimal digits; `min` where there was a mistake.
  std::uint64_t need_number(std::string_view what, std::uint64_t min, std::uint64_t max);
  // 0 up to kSpanMax: "20us", "20ms", "20s".
  Duration need_duration(std::string_view what);
  // 1us up to kDelayMax.
  Duration need_delay();

  // One of `words`, by its index; written in one word or in its parts.
  std::size_t need_one_of(std::string_view what, std::span<const std::string_view> words);

  // What was expected instead of the next word, or instead of the word taken last.
  void fail_next(std::string_view expected);
  void fail_last(std::string_view expected);
  // Nothing more may follow.
  void need_end();

 private:
  struct Word {
    std::string_view text;
    int column;
  };

  void fail_at(std::size_t index, std::string_view expected);

  std::vector<Word> words_;
  std::size_t at_ = 0;
  int end_column_ = 1;
  std::optional<Mistake> mistake_;
};

// "crash, lose-answer or nothing".
std::string alternatives(std::span<const std::string_view> words);

// The word as a message shows it: in quotes, cut short, and with every byte that is not printable
// ASCII as \xNN.
std::string quoted(std::string_view word);

}  // namespace quickbite::sim
