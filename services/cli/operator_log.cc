#include "services/cli/operator_log.h"

#include <pwd.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/cli/terminal.h"

namespace quickbite::cli {
namespace {

std::string user_name() {
  const passwd* user = ::getpwuid(::getuid());
  return user == nullptr ? absl::StrCat("uid ", ::getuid()) : user->pw_name;
}

}  // namespace

absl::StatusOr<OperatorLog> OperatorLog::open(const std::string& path) {
  constexpr std::string_view kName = "operator";
  if (path.empty()) return OperatorLog(log::Logger::to_stderr(kName, log::Level::kInfo));
  auto file = std::make_shared<std::ofstream>(path, std::ios::app);
  if (!*file) return absl::UnavailableError(absl::StrCat("cannot write ", path, ", and what is changed has to be written down; --log names another file"));
  const auto write = [file = std::move(file)](std::string_view line) { *file << line << "\n" << std::flush; };
  return OperatorLog(log::Logger::to(write, kName, log::Level::kInfo));
}

void OperatorLog::tell(std::string_view message, std::string_view details) const {
  logger_.info(message, {{"user", user_name()}, {"pid", ::getpid()}, {"details", details}});
}

ExitCode failed(const absl::Status& status) {
  std::cerr << "quickbite: " << status.message() << "\n";
  return absl::IsInvalidArgument(status) ? ExitCode::kUsage : ExitCode::kFailed;
}

absl::Status wrong(std::string_view flag, std::string_view expected, std::string_view found) {
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(flag), ": expected ", std::string(expected), ", found '", std::string(found), "'"));
}

bool confirmed(std::string_view question, bool yes) {
  if (yes) return true;
  if (!is_terminal(STDIN_FILENO)) {
    std::cerr << "quickbite: " << question << " There is no terminal to ask on: --yes says yes, --dry-run changes nothing\n";
    return false;
  }
  std::cerr << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace quickbite::cli
