#include "services/live/child.h"

#include <csignal>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/live/postgres_files.h"

namespace quickbite::live {

absl::Status Child::launch() {
  log_start_ = size_of(options_.log_path);
  ProcessOptions options;
  options.command = options_.command;
  options.environment = options_.environment;
  options.log_path = options_.log_path;
  options.death_signal = SIGKILL;  // whoever kills us wants no drain, and a crash loses nothing
  absl::StatusOr<std::unique_ptr<ServerProcess>> process = ServerProcess::start(options);
  if (!process.ok()) return process.status();
  process_ = *std::move(process);
  return absl::OkStatus();
}

absl::Status Child::await_ready(const Interrupt& interrupt) {
  bool ended = false;
  const absl::Status ready = await(interrupt, options_.ready_timeout, [&] {
    ended = !running();
    return ended ? absl::OkStatus() : options_.ready();
  });
  if (ended) return failure("ended before it was ready");
  if (ready.ok() || absl::IsCancelled(ready)) return ready;
  return failure(absl::StrCat("was not ready after ", absl::FormatDuration(options_.ready_timeout),
                              " (", std::string(ready.message()), ")"));
}

absl::Status Child::start(const Interrupt& interrupt) {
  if (const absl::Status launched = launch(); !launched.ok()) return launched;
  return await_ready(interrupt);
}

absl::StatusOr<int> Child::stop(absl::Duration patience) {
  const std::unique_ptr<ServerProcess> process = std::exchange(process_, nullptr);
  if (process == nullptr) return 0;
  process->signal(SIGCONT);
  process->signal(SIGTERM);
  const std::optional<int> code = process->wait(patience);
  if (code) return *code;
  return absl::DeadlineExceededError(absl::StrCat(options_.name, " did not end within ",
                                                  absl::FormatDuration(patience),
                                                  " of SIGTERM and was killed"));
}

void Child::kill() {
  const std::unique_ptr<ServerProcess> process = std::exchange(process_, nullptr);
  if (process == nullptr) return;
  process->signal(SIGKILL);
  process->wait(absl::Seconds(10));
}

void Child::signal(int number) {
  if (process_ != nullptr) process_->signal(number);
}

std::string Child::log_tail(int lines) const { return tail_of(options_.log_path, log_start_, lines); }

absl::Status Child::failure(std::string_view what) const {
  return absl::UnavailableError(absl::StrCat(options_.name, " ", std::string(what), "; the end of ",
                                             options_.log_path, ":\n", log_tail()));
}

}  // namespace quickbite::live
