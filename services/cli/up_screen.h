// What `quickbite up` prints: numbered parts, steps with ticks, and at last the addresses.
#pragma once

#include <string>
#include <string_view>

#include "services/cli/sweep.h"
#include "services/cli/terminal.h"
#include "services/live/data_folder.h"
#include "services/live/story.h"

namespace quickbite::cli {

class UpScreen : public live::Narrator {
 public:
  UpScreen();

  void part(std::string_view title);
  void done(std::string_view what, absl::Duration took);
  void failed(std::string_view what, std::string_view why);
  void note(std::string_view text);

  void swept(const SweepReport& report, std::uint64_t seeds);

  void begin(const live::Story& story) override;
  void step(const live::Step& step, const live::Seen& seen, absl::Duration took) override;
  void skipped(const live::Story& story, std::string_view why);

  void addresses(const live::Serving& serving);

 private:
  Paint paint_;
  int parts_ = 0;
};

}  // namespace quickbite::cli
