#include "services/cli/progress.h"

#include <unistd.h>

#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/cli/terminal.h"

namespace quickbite::cli {
namespace {

constexpr absl::Duration kQuiet = absl::Seconds(1);
constexpr absl::Duration kOnTerminal = absl::Milliseconds(100);
constexpr absl::Duration kElsewhere = absl::Seconds(10);
constexpr std::string_view kClear = "\r\033[K";

}  // namespace

Progress::Options Progress::on_stderr() {
  return {&std::cerr, is_terminal(STDERR_FILENO), [] { return absl::Now(); }};
}

Progress::Progress(std::string_view what, std::uint64_t total, Options options)
    : what_(what),
      total_(total),
      options_(std::move(options)),
      begun_(options_.now()),
      shown_(begun_) {}

Progress::~Progress() {
  finish();
}

void Progress::update(std::uint64_t done, std::string_view note) {
  if (finished_) return;
  const absl::Time now = options_.now();
  if (now - begun_ < kQuiet || now - shown_ < (options_.terminal ? kOnTerminal : kElsewhere))
    return;
  shown_ = now;
  std::string text = line(done, now - begun_);
  if (!note.empty()) absl::StrAppend(&text, "; ", std::string(note));
  if (options_.terminal) {
    *options_.out << kClear << text << std::flush;
    on_screen_ = true;
  } else {
    *options_.out << text << std::endl;
  }
}

void Progress::clear() {
  if (std::exchange(on_screen_, false)) *options_.out << kClear << std::flush;
}

void Progress::finish() {
  clear();
  finished_ = true;
}

absl::Duration Progress::elapsed() const {
  return options_.now() - begun_;
}

std::string Progress::line(std::uint64_t done, absl::Duration elapsed) const {
  const double rate = static_cast<double>(done) / absl::ToDoubleSeconds(elapsed);
  std::string text = with_commas(done);
  if (total_ != 0) absl::StrAppend(&text, " of ", with_commas(total_));
  absl::StrAppend(&text, " ", what_);
  if (rate >= 1) {
    absl::StrAppend(&text, ", ", with_commas(static_cast<std::uint64_t>(rate)), "/s");
  }
  if (total_ > done && done > 0) {
    absl::StrAppend(&text, ", ",
                    for_people(absl::Seconds(static_cast<double>(total_ - done) / rate)), " to go");
  }
  return text;
}

}  // namespace quickbite::cli
