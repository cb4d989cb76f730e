// OperatorLog: who changed what by hand, and when: one JSON object a line.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "adapters/log/logger.h"
#include "services/cli/exit_code.h"

namespace quickbite::cli {

class OperatorLog {
 public:
  // Appends to that file, or tells stderr where the path is empty. Unavailable: it cannot be written, so nothing may be changed.
  static absl::StatusOr<OperatorLog> open(const std::string& path);

  // Before anything is changed, and after: "dlq redrive: begins", and what it came to. Names the user and the process too.
  void tell(std::string_view message, std::string_view details) const;

 private:
  explicit OperatorLog(log::Logger logger) : logger_(std::move(logger)) {}

  log::Logger logger_;
};

// True where the user wants it: he has said --yes, or answers y on the terminal. Where there is no terminal he is not asked, and
// stderr says what to add.
bool confirmed(std::string_view question, bool yes);

// Tells stderr, and says how to end: InvalidArgument is wrong usage, everything else could not be done.
ExitCode failed(const absl::Status& status);

// InvalidArgument: "--topic: expected orders.v1 or inventory.v1, found 'x'".
absl::Status wrong(std::string_view flag, std::string_view expected, std::string_view found);

}  // namespace quickbite::cli
