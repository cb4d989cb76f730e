// Mutants: bugs that real systems of this kind have had, put into a copy of the sources one at a
// time, to see what finds them.
//
// proptests/mutants/N.patch begins with lines "Name: value" (Mutant, Bug, Shows, Ground) and goes
// on as a unified diff against the root of the sources. The product itself is never touched.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace quickbite::cli {

struct Mutant {
  std::uint32_t number = 0;
  std::string bug;                   // a line for a person
  std::string shows;                 // the properties that it is expected to break
  std::vector<std::string> grounds;  // where it must be found: "sim", "explore --in-doubt 1"
  std::string patch_path;
};

// The mutants of a folder, by number; InvalidArgument names the file and what is wrong with it.
absl::StatusOr<std::vector<Mutant>> read_mutants(const std::string& folder);
absl::StatusOr<Mutant> parse_mutant(const std::string& path, const std::string& text);

// What came of it on one ground.
struct Hunt {
  std::string
      ground;  // "sim", "explore", or the path of a scenario that says that it kills this mutant
  bool killed = false;
  std::string property;     // that broke; what else happened where none did
  std::uint64_t seeds = 0;  // to the kill, or all that were tried
  double seconds = 0;
};

struct MutantResult {
  std::uint32_t number = 0;
  std::string bug;
  std::vector<Hunt> hunts;
  bool killed() const;
};

class MutantLab {
 public:
  struct Options {
    std::string source;  // root of the sources; only read
    std::string folder;  // everything is made below here, and kept for the next time
    std::uint64_t seeds = 10'000;
    absl::Duration patience = absl::Minutes(10);  // for each hunt
    std::function<void(const std::string& doing)> tell = [](const std::string&) {};  // now and then
  };

  explicit MutantLab(Options options) : options_(std::move(options)) {}

  // Copies the sources, puts the bug in, builds quickbite, and hunts on every ground.
  // FailedPrecondition: the patch no longer fits, or what it makes does not build; the log says
  // more.
  absl::StatusOr<MutantResult> examine(const Mutant& mutant);

 private:
  absl::Status copy_sources();
  absl::Status build(const Mutant& mutant);
  absl::StatusOr<Hunt> hunt(const std::string& ground);
  absl::StatusOr<Hunt> hunt_by_scenario(const std::string& path);
  absl::Status run(std::vector<std::string> command, const std::string& folder,
                   const std::string& doing);

  std::string path(const std::string& name) const { return options_.folder + "/" + name; }

  Options options_;
};

}  // namespace quickbite::cli
