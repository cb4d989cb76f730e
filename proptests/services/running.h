// A service as a process that a test has started, and the broker that it is told of.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "domain/port/http.h"
#include "services/live/server_process.h"

namespace quickbite {

// A folder that goes with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// An embedded broker. It need not be there from the start.
class EmbeddedBroker {
 public:
  EmbeddedBroker();

  void start(const std::vector<std::string>& flags = {});
  void add_topic(const std::string& name_and_partitions);
  void down();
  void up();
  std::string bootstrap() const;

 private:
  TemporaryFolder folder_;
  std::uint16_t port_;
  std::unique_ptr<live::ServerProcess> process_;
};

class RunningService {
 public:
  // `program`: its path. Listens on a port of its own choice; nullopt-like port() 0 where it did not come to that.
  RunningService(const std::string& program, std::vector<std::string> flags);
  ~RunningService();  // fails the test where a sanitizer has found something in it

  std::uint16_t port() const { return port_; }
  std::string log() const;
  pid_t pid() const { return process_->pid(); }
  bool running() { return process_->running(); }
  void signal(int number) { process_->signal(number); }
  // The exit code; nullopt where it runs on.
  std::optional<int> wait(absl::Duration patience) { return process_->wait(patience); }

  HttpAnswer get(const std::string& path) const;  // status 0 where no answer came
  HttpAnswer post_order(const std::string& key = "") const;

  // True once /readyz is 200.
  bool becomes_ready(absl::Duration patience = absl::Seconds(20)) const;
  // True once the body of /readyz holds `text`.
  bool comes_to_wait_for(const std::string& text, absl::Duration patience = absl::Seconds(10)) const;

 private:
  TemporaryFolder folder_;
  std::unique_ptr<live::ServerProcess> process_;
  std::uint16_t port_ = 0;
};

// Asks every few milliseconds until it is true; false where it is not within `patience`.
template <class Ask>
bool eventually(absl::Duration patience, Ask ask);

}  // namespace quickbite

#include "absl/time/clock.h"

template <class Ask>
bool quickbite::eventually(absl::Duration patience, Ask ask) {
  const absl::Time until = absl::Now() + patience;
  while (!ask()) {
    if (absl::Now() > until) return false;
    absl::SleepFor(absl::Milliseconds(20));
  }
  return true;
}
