// The embedded broker as a test sees it: a process and a command line, since an adapter knows no
// service.
#pragma once

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "gtest/gtest.h"

// Where the broker's executable is; the build says it. By itself: on the PATH.
#ifndef QUICKBITE_BROKER
#define QUICKBITE_BROKER "quickbite-broker"
#endif

namespace quickbite::kafka {

inline std::string output_of(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 4096> bytes{};
  std::string output;
  for (std::size_t got; (got = std::fread(bytes.data(), 1, bytes.size(), pipe)) > 0;) {
    output.append(bytes.data(), got);
  }
  ::pclose(pipe);
  return output;
}

class TestBroker {
 public:
  explicit TestBroker(const std::string& flags = {}) {
    std::string folder = ::testing::TempDir() + "/quickbite-kafka-XXXXXX";
    EXPECT_NE(::mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    start(flags);
  }
  ~TestBroker() {
    end(SIGKILL);
    std::filesystem::remove_all(folder_);
  }
  TestBroker(const TestBroker&) = delete;
  TestBroker& operator=(const TestBroker&) = delete;

  const std::string& bootstrap() const { return bootstrap_; }
  const std::string& incarnation() const { return incarnation_; }

  // "down", "up", "rtt 300", "errors produce 1 REQUEST_TIMED_OUT": see quickbite-broker --help.
  void tell(const std::string& command) const {
    const std::string line =
        std::string(QUICKBITE_BROKER) + " ctl --control " + control() + " " + command + " >&2";
    EXPECT_EQ(std::system(line.c_str()), 0) << line;
  }

  // A SIGSTOP has stopped every thread of it when this returns: until then it may still answer.
  void send(int signal) const {
    ::kill(pid_, signal);
    if (signal != SIGSTOP) return;
    int status = 0;
    while (::waitpid(pid_, &status, WUNTRACED) == pid_ && !WIFSTOPPED(status)) {
    }
  }

  // Ends the process; the next one listens on the same port and knows nothing of its log.
  void restart(const std::string& flags = {}) {
    end(SIGKILL);
    start("--port " + bootstrap_.substr(bootstrap_.find(':') + 1) + " " + flags);
  }

 private:
  std::string control() const { return folder_ / "control"; }

  void start(const std::string& flags) {
    const std::string line = std::string("exec ") + QUICKBITE_BROKER +
                             " --die-with-parent --control " + control() + " " + flags;
    pipe_ = ::popen(line.c_str(), "r");
    ASSERT_NE(pipe_, nullptr);
    std::array<char, 512> bytes{};
    ASSERT_NE(std::fgets(bytes.data(), bytes.size(), pipe_), nullptr) << line;
    const std::string ready = bytes.data();
    bootstrap_ = word(ready, "bootstrap=");
    incarnation_ = word(ready, "incarnation=");
    pid_ = std::stoi(word(ready, "pid="));
  }

  void end(int signal) {
    if (pipe_ == nullptr) return;
    ::kill(pid_, signal);
    ::pclose(pipe_);
    pipe_ = nullptr;
  }

  static std::string word(const std::string& line, const std::string& name) {
    const std::size_t begin = line.find(name) + name.size();
    return line.substr(begin, line.find_first_of(" \n", begin) - begin);
  }

  std::filesystem::path folder_;
  std::FILE* pipe_ = nullptr;
  pid_t pid_ = -1;
  std::string bootstrap_;
  std::string incarnation_;
};

}  // namespace quickbite::kafka
