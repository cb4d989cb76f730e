#include "services/live/load.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/live/reply_reader.h"
#include "services/live/shop.h"

namespace quickbite::live {
namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Micros = std::chrono::microseconds;

constexpr auto kOpenMax = std::chrono::minutes(1);  // of one order

Micros micros(absl::Duration duration) { return Micros(absl::ToInt64Microseconds(duration)); }

enum class Doing : std::uint8_t { kNothing, kPosting, kLooking };

struct Customer {
  int fd = -1;
  Doing doing = Doing::kNothing;
  Time begun;
  std::string post;
  std::string look;  // the GET of the present order
  ReplyReader replies;
};

class Load {
 public:
  Load(const LoadOptions& options, const Interrupt& interrupt) : options_(options), interrupt_(interrupt) {}
  ~Load() {
    for (const Customer& customer : customers_) {
      if (customer.fd >= 0) ::close(customer.fd);
    }
    if (epoll_ >= 0) ::close(epoll_);
  }

  absl::StatusOr<LoadResult> run(const std::function<void()>& at_measuring) {
    if (absl::Status opened = open(); !opened.ok()) return opened;
    const Time begin = Clock::now();
    measure_from_ = begin + micros(options_.warm_up);
    measure_to_ = measure_from_ + micros(options_.duration);
    next_due_ = begin;
    bool measuring = false;
    while (error_.ok()) {
      const Time now = Clock::now();
      if (!measuring && now >= measure_from_) {
        measuring = true;
        at_measuring();
      }
      if (now >= measure_to_) break;
      if (interrupt_.raised()) return absl::CancelledError("interrupted");
      place_orders(now);
      serve(std::min(measure_to_, options_.rate > 0 ? next_due_ : measure_to_));
    }
    if (error_.ok()) at_measuring();
    while (error_.ok() && busy_ > 0 && !interrupt_.raised()) serve(Clock::now() + Micros(100'000));
    if (!error_.ok()) return error_;
    return result();
  }

 private:
  absl::Status open() {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    customers_.resize(static_cast<std::size_t>(options_.customers));
    for (std::size_t i = 0; i < customers_.size(); ++i) {
      Customer& customer = customers_[i];
      customer.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_in to{};
      to.sin_family = AF_INET;
      to.sin_port = htons(options_.port);
      to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      if (::connect(customer.fd, reinterpret_cast<sockaddr*>(&to), sizeof(to)) != 0) {
        return absl::UnavailableError(absl::StrCat("port ", options_.port, ": ", std::strerror(errno)));
      }
      const int at_once = 1;
      ::setsockopt(customer.fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
      const std::string body = order_body(absl::StrCat("customer-", i), options_.skus[i % options_.skus.size()], 1);
      customer.post = absl::StrCat("POST /v1/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ",
                                   body.size(), "\r\n\r\n", body);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, customer.fd, &event);
      free_.push_back(i);
    }
    return absl::OkStatus();
  }

  void place_orders(Time now) {
    while (!free_.empty() && error_.ok()) {
      Time due = now;
      if (options_.rate > 0) {
        if (next_due_ > now) return;
        due = next_due_;
        next_due_ += Micros(static_cast<std::int64_t>(1e6 / options_.rate));
      }
      const std::size_t index = free_.back();
      free_.pop_back();
      Customer& customer = customers_[index];
      customer.begun = due;
      customer.doing = Doing::kPosting;
      ++busy_;
      send(customer, customer.post);
    }
  }

  // Answers that come, until `until` at the latest; returns as soon as there was any.
  void serve(Time until) {
    Time now = Clock::now();
    const auto left = std::max(Micros(0), std::chrono::duration_cast<Micros>(until - now));
    const timespec timeout{static_cast<time_t>(left.count() / 1'000'000), static_cast<long>(left.count() % 1'000'000 * 1000)};
    const int count = ::epoll_pwait2(epoll_, events_.data(), static_cast<int>(events_.size()), &timeout, nullptr);
    now = Clock::now();
    for (int i = 0; i < count; ++i) receive(events_[static_cast<std::size_t>(i)].data.u64, now);
  }

  void send(Customer& customer, const std::string& request) {
    // A request is small, and the connection has none under way: it fits into the socket's buffer.
    const ssize_t sent = ::send(customer.fd, request.data(), request.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(request.size())) error_ = absl::UnavailableError("a connection broke");
  }

  void receive(std::size_t index, Time now) {
    Customer& customer = customers_[index];
    const ssize_t got = ::recv(customer.fd, bytes_.data(), bytes_.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
      error_ = absl::UnavailableError("the server ended a connection");
      return;
    }
    customer.replies.feed({bytes_.data(), static_cast<std::size_t>(got)});
    while (const auto reply = customer.replies.next()) take(index, customer, *reply, now);
    if (customer.replies.broken()) error_ = absl::UnavailableError("an answer is no HTTP");
  }

  void take(std::size_t index, Customer& customer, const Reply& reply, Time now) {
    constexpr std::string_view kId = "\"orderId\":\"";
    constexpr std::size_t kIdSize = 36;
    if (customer.doing == Doing::kPosting) {
      const std::size_t at = reply.body.find(kId);
      if (reply.status != 201 || at == reply.body.npos) return fail("POST", reply);
      // Version 1 is PENDING: the answer comes when there is something new, or when the wait is over.
      customer.look = absl::StrCat("GET /v1/orders/", std::string(reply.body.substr(at + kId.size(), kIdSize)),
                                   "?wait=10s&version=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      return look(customer, now);
    }
    if (reply.status == 304) return look(customer, now);
    if (reply.status != 200 || reply.body.find("\"status\":\"CONFIRMED\"") == reply.body.npos) return fail("GET", reply);
    const auto took = std::chrono::duration_cast<Micros>(now - customer.begun);
    if (in_window(now)) took_.push_back(took);
    customer.doing = Doing::kNothing;
    --busy_;
    free_.push_back(index);
  }

  void look(Customer& customer, Time now) {
    customer.doing = Doing::kLooking;
    if (in_window(now)) ++asked_;
    if (now - customer.begun > kOpenMax) error_ = absl::DeadlineExceededError("an order was open for a minute");
    send(customer, customer.look);
  }

  bool in_window(Time now) const { return now >= measure_from_ && now < measure_to_; }

  void fail(std::string_view what, const Reply& reply) {
    error_ = absl::FailedPreconditionError(
        absl::StrCat(std::string(what), " was answered ", reply.status, ": ", std::string(reply.body)));
  }

  LoadResult result() {
    LoadResult result;
    result.completed = static_cast<std::int64_t>(took_.size());
    result.asked = asked_;
    result.measured = options_.duration;
    std::sort(took_.begin(), took_.end());
    const auto percentile = [this](std::size_t percent) {
      if (took_.empty()) return absl::ZeroDuration();
      return absl::Microseconds(took_[std::min(took_.size() - 1, took_.size() * percent / 100)].count());
    };
    result.p50 = percentile(50);
    result.p99 = percentile(99);
    return result;
  }

  const LoadOptions& options_;
  const Interrupt& interrupt_;
  int epoll_ = -1;
  std::vector<Customer> customers_;
  std::vector<std::size_t> free_;
  std::size_t busy_ = 0;
  Time measure_from_;
  Time measure_to_;
  Time next_due_;
  std::int64_t asked_ = 0;
  std::vector<Micros> took_;
  absl::Status error_;
  std::array<epoll_event, 256> events_{};
  std::array<char, 65536> bytes_{};
};

}  // namespace

absl::StatusOr<LoadResult> run_load(const LoadOptions& options, const Interrupt& interrupt,
                                    const std::function<void()>& at_measuring) {
  return Load(options, interrupt).run(at_measuring);
}

}  // namespace quickbite::live
