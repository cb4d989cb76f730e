// Requests that went wrong on the way: the server refuses them or takes them for what they are, and is none the worse for it.
//
// QUICKBITE_MUTATIONS is how many (`./quickbite test all` asks for 100,000), QUICKBITE_MUTATION_SEED of which seed. A mutant
// follows from the seed and its number alone, so that what is found is found again.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "proptests/e2e/mutator.h"
#include "proptests/e2e/one_stack.h"

namespace quickbite {
namespace {

constexpr int kClients = 4;
constexpr absl::Duration kPatience = absl::Seconds(10);  // of one client with one request
constexpr std::int64_t kGrowthMax = std::int64_t{48} << 20;

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  std::uint64_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number : otherwise;
}

// What a client of one connection got.
struct Reply {
  std::string bytes;
  bool ended = false;  // the server ended the connection, in time
};

// Sends all, says that nothing more will come, and reads to the end.
Reply ask(std::uint16_t port, std::string_view bytes) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  Reply reply;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0) {
    const absl::Time deadline = absl::Now() + kPatience;
    bool sent = false;
    while (!reply.ended && absl::Now() < deadline) {
      if (!sent && bytes.empty()) {
        ::shutdown(fd, SHUT_WR);
        sent = true;
      }
      pollfd polled{fd, static_cast<short>(sent ? POLLIN : POLLIN | POLLOUT), 0};
      if (::poll(&polled, 1, 100) <= 0) continue;
      if (!sent && (polled.revents & POLLOUT) != 0) {
        const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
        if (n < 0 && errno != EAGAIN) bytes = {};
      }
      if ((polled.revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
      std::array<char, 65536> got;
      const ssize_t n = ::recv(fd, got.data(), got.size(), 0);
      if (n > 0) reply.bytes.append(got.data(), static_cast<std::size_t>(n));
      reply.ended = n <= 0;
    }
  }
  ::close(fd);
  return reply;
}

// The statuses of the answers in it: a mutant may be several requests.
std::vector<int> statuses(const std::string& bytes) {
  std::vector<int> found;
  for (std::size_t at = bytes.find("HTTP/1.1 "); at != bytes.npos; at = bytes.find("\r\nHTTP/1.1 ", at + 1)) {
    int status = 0;
    if (absl::SimpleAtoi(bytes.substr(bytes.find(' ', at) + 1, 3), &status)) found.push_back(status);
  }
  return found;
}

bool may_be(int status) { return status < 500 || status == 503 || status == 504; }

std::int64_t descriptors(pid_t pid) {
  const std::filesystem::directory_iterator folder(absl::StrCat("/proc/", pid, "/fd"));
  return std::distance(begin(folder), end(folder));
}

std::int64_t resident_bytes(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/status"));
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("VmRSS:")) continue;
    return std::strtoll(line.c_str() + 6, nullptr, 10) * 1024;
  }
  return -1;
}

struct Counts {
  std::mutex mutex;
  std::map<int, std::int64_t> by_status;
  std::int64_t unanswered = 0;
};

class Mutants {
 public:
  Mutants(std::uint64_t seed, std::vector<std::string> corpus) : seed_(seed), corpus_(std::move(corpus)) {}

  // Those from `begin` to before `end`, by several clients at once.
  void send(std::uint64_t begin, std::uint64_t end) {
    std::atomic<std::uint64_t> next{begin};
    std::vector<std::thread> clients;
    for (int i = 0; i < kClients; ++i) {
      clients.emplace_back([&] {
        for (std::uint64_t number = next++; number < end && !testing::Test::HasFatalFailure(); number = next++) send_one(number);
      });
    }
    for (std::thread& client : clients) client.join();
  }

  Counts counts;

 private:
  void send_one(std::uint64_t number) {
    const std::string bytes = mutant(corpus_, seed_, number);
    const Reply reply = ask(one_stack().orders_port(), bytes);
    const std::vector<int> found = statuses(reply.bytes);
    const std::lock_guard lock(counts.mutex);
    const auto told = [&] { return absl::StrCat("seed ", seed_, ", mutant ", number, ": ", absl::CEscape(bytes.substr(0, 4000))); };
    EXPECT_TRUE(reply.ended) << "the connection was not ended; " << told();
    EXPECT_EQ(reply.bytes.empty(), found.empty()) << "no HTTP: " << absl::CEscape(reply.bytes.substr(0, 200)) << "; " << told();
    for (const int status : found) {
      EXPECT_TRUE(may_be(status)) << status << "; " << told();
      ++counts.by_status[status];
    }
    if (found.empty()) ++counts.unanswered;
  }

  const std::uint64_t seed_;
  const std::vector<std::string> corpus_;
};

TEST(MutatedRequests, NeitherEndTheServerNorMakeItErrNorGrow) {
  const std::uint64_t seed = number_of("QUICKBITE_MUTATION_SEED", 1);
  const std::uint64_t total = number_of("QUICKBITE_MUTATIONS", 3000);
  std::cout << "mutants: " << total << " of seed " << seed << std::endl;
  const std::string sku = stocked("mutant", 1'000'000'000);
  const auto order = live::Shop(one_stack().orders_port()).order("u1", sku, 1);
  ASSERT_TRUE(order.ok()) << order.status();
  const pid_t pid = one_stack().orders().pid();
  const std::int64_t descriptors_before = descriptors(pid);

  Mutants mutants(seed, request_corpus(to_string(order->value), sku));
  const std::uint64_t warm = total / 4;  // buffers, pools and caches have their size by then
  mutants.send(0, warm);
  const std::int64_t memory_before = resident_bytes(pid);
  mutants.send(warm, total);
  const std::int64_t memory_after = resident_bytes(pid);

  const auto& counts = mutants.counts;
  std::cout << "answers: " << absl::StrJoin(counts.by_status, ", ", [](std::string* out, const auto& count) {
    absl::StrAppend(out, count.second, " × ", count.first);
  }) << "; unanswered: " << counts.unanswered << "; memory: " << memory_before / 1024 << " KiB, then " << memory_after / 1024
            << " KiB" << std::endl;
  for (const int status : {200, 201, 400, 404, 405, 413, 415, 422}) {
    EXPECT_TRUE(counts.by_status.contains(status)) << "no mutant came as far as a " << status;
  }
  EXPECT_TRUE(one_stack().orders().running());
  EXPECT_EQ(one_stack().orders().pid(), pid);
  const absl::Status closed = live::await(no_interrupt(), absl::Seconds(10), [&]() -> absl::Status {
    const std::int64_t now = descriptors(pid);
    // Its databases' connections and the menu's come and go, one at a time.
    if (now <= descriptors_before + 3) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(now, " descriptors, ", descriptors_before, " before"));
  });
  EXPECT_TRUE(closed.ok()) << closed;
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // those keep what was freed, on purpose
  EXPECT_LT(memory_after - memory_before, kGrowthMax);
#endif
  const auto after = live::Shop(one_stack().orders_port()).order("u1", sku, 1);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_TRUE(all_become({*after}, "CONFIRMED").ok());
}

}  // namespace
}  // namespace quickbite
