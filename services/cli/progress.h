// Progress: how far something is, how fast it goes and when it will be done, for whoever waits for
// it.
//
// On a terminal it is one line that is written anew at most ten times a second; elsewhere, a line
// every ten seconds. What takes less than a second shows nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace quickbite::cli {

class Progress {
 public:
  struct Options {
    std::ostream* out;  // never null
    bool terminal = false;
    std::function<absl::Time()> now;  // never empty
  };

  // On this process's stderr, by the wall clock.
  static Options on_stderr();

  // `what` is what is being counted: "seeds". A total of 0 is unknown.
  Progress(std::string_view what, std::uint64_t total, Options options = on_stderr());
  ~Progress();  // as finish()
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `note`: what is being done just now.
  void update(std::uint64_t done, std::string_view note = {});
  // Takes the line away, for something else to be written.
  void clear();
  // The same, and nothing is shown afterwards.
  void finish();

  absl::Duration elapsed() const;

 private:
  std::string line(std::uint64_t done, absl::Duration elapsed) const;

  std::string what_;
  std::uint64_t total_;
  Options options_;
  absl::Time begun_;
  absl::Time shown_;
  bool on_screen_ = false;
  bool finished_ = false;
};

}  // namespace quickbite::cli
