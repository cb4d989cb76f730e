// The life of one `quickbite up`: sweep, start, stories, stay, end.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/cli/exit_code.h"
#include "services/cli/up_screen.h"
#include "services/live/data_folder.h"
#include "services/live/patience.h"
#include "services/live/stack.h"
#include "services/live/system_status.h"

namespace quickbite::cli {

struct UpOptions {
  std::string folder;         // of the data; "": `up` in the build's folder
  std::string app;            // of the built phone app; one that holds none is said to be missing
  std::uint64_t seeds = 0;    // to sweep first; 0: none
  bool stories = true;
  bool stay = true;           // until Ctrl-C; else it ends after the stories
  live::Port http{8080, false};
  live::Port postgres{5433, false};
  live::Port kafka{9092, false};
  live::Port status{8088, false};
};

class Up {
 public:
  explicit Up(UpOptions options);

  // To be called once, before the process has other threads. kUsage: another one has the folder, or
  // a port that was asked for is taken. kFailed: something did not start. kSafety and the like: the
  // sweep found something, or a story did not hold. Whatever it is, no process is left behind.
  ExitCode run();

 private:
  ExitCode sweep();
  ExitCode serve();
  absl::Status start();
  absl::Status start_status();
  ExitCode play();
  void stay();
  void stop();
  void publish();
  ExitCode failed(const absl::Status& status);

  const UpOptions options_;
  UpScreen screen_;
  live::Interrupt interrupt_;
  std::unique_ptr<live::DataFolder> folder_;
  std::unique_ptr<live::Stack> stack_;
  std::unique_ptr<live::SystemStatus> told_;
  live::Serving serving_;
  std::vector<live::StoryResult> results_;
};

// Where the data is unless the user says otherwise.
std::string up_folder();

// Where ./quickbite builds the phone app.
std::string app_folder();

// What the one that has this folder serves, for a person or as one JSON object. kFailed: none runs.
ExitCode show_running(const std::string& folder, bool json);

}  // namespace quickbite::cli
