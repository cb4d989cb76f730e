#include "adapters/http/reactor.h"

#include <pistache/peer.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>
#include <vector>

#include "adapters/http/answer_text.h"
#include "domain/api/api.h"
#include "domain/base/check.h"
#include "domain/base/match.h"

namespace quickbite::http {
namespace {

using Pistache::Polling::Mode;
using Pistache::Polling::NotifyOn;
using Interest = Pistache::Flags<NotifyOn>;

Instant steady_now() {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return Instant{std::chrono::duration_cast<std::chrono::microseconds>(since_boot).count()};
}

std::string_view method_of(const HttpRequest& request) {
  for (const std::string_view known : {"GET", "POST", "HEAD", "OPTIONS"}) {
    if (request.method == known) return known;
  }
  return "other";
}

// Only tells the transport of a new connection: Pistache has no other place for it.
class Greeter : public Pistache::Tcp::Handler {
  PROTOTYPE_OF(Pistache::Tcp::Handler, Greeter)

  void onConnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override {
    static_cast<Reactor*>(transport())->opened(peer);
  }
  void onInput(const char*, std::size_t, const std::shared_ptr<Pistache::Tcp::Peer>&) override {}
};

}  // namespace

Reactor::Reactor(std::shared_ptr<Shared> shared, std::shared_ptr<AnswerQueue> answers, std::uint32_t thread)
    : Pistache::Tcp::Transport(std::make_shared<Greeter>()),
      shared_(std::move(shared)),
      answers_(std::move(answers)),
      thread_(thread) {}

Reactor::~Reactor() {
  for (const auto& [fd, peer] : peers) ::close(fd);  // Pistache leaves them open
  if (timer_fd_ >= 0) ::close(timer_fd_);
}

std::shared_ptr<Pistache::Aio::Handler> Reactor::clone() const {
  const auto thread = static_cast<std::uint32_t>(shared_->queues.size());
  shared_->queues.push_back(std::make_shared<AnswerQueue>());
  return std::make_shared<Reactor>(shared_, shared_->queues.back(), thread);
}

void Reactor::registerPoller(Pistache::Polling::Epoll& poller) {
  Transport::registerPoller(poller);
  timer_fd_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  CHECK(timer_fd_ >= 0);
  for (const int fd : {timer_fd_, answers_->wake_fd()}) {
    poller.addFd(fd, Interest(NotifyOn::Read), Pistache::Polling::Tag(static_cast<std::uint64_t>(fd)));
  }
}

// --- Events ---------------------------------------------------------------------------------------

void Reactor::onReady(const Pistache::Aio::FdSet& ready) {
  answers_->serves();
  for (const auto& event : ready) {
    try {
      on_event(event);
    } catch (...) {  // out of memory, or Pistache's own: this event is lost, the others and the thread are not
    }
  }
  try {
    send_answers();
  } catch (...) {
  }
}

void Reactor::on_event(const Pistache::Aio::FdSet::Entry& event) {
  const int fd = static_cast<int>(event.getTag().value());
  if (fd == timer_fd_) return on_timer();
  if (fd == answers_->wake_fd()) return;  // send_answers() follows every round of events
  if (Connection* connection = find(fd); connection != nullptr) {
    return on_connection_event(fd, *connection, event.isReadable(), event.isWritable());
  }
  std::vector<Pistache::Polling::Event> one(1, Pistache::Polling::Event(event.getTag()));
  one[0].flags = Interest(event.isReadable() ? NotifyOn::Read : NotifyOn::None);
  if (peers.find(fd) == peers.end()) Transport::onReady(Pistache::Aio::FdSet(std::move(one)));
}

void Reactor::on_connection_event(int fd, Connection& connection, bool readable, bool writable) {
  const Instant now = steady_now();
  if (writable && !settle(fd, connection, connection.write(now))) return;
  // A hang-up or an error comes with neither: reading tells what it is.
  if ((readable || !writable) && !settle(fd, connection, connection.read(now))) return;
  go_on(fd, connection);
}

void Reactor::opened(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  const Instant now = steady_now();
  const int fd = peer->fd();
  const bool welcome = shared_->connections.fetch_add(1) < shared_->options.connections && fd < Exchange::kDescriptorsMax;
  const auto [at, fresh] = connections_.try_emplace(fd, fd, peer->address().host(), shared_->options.requests, now);
  CHECK(fresh);
  if (connections_.size() == 1) ticks_at_ = now + tick();
  wake_at(ticks_at_);
  if (!welcome) {
    const HttpAnswer full = api::problem("overloaded", 503, "Too many connections are open", "Try again in a second.");
    (void)at->second.answer(full, date(), /*close=*/true, now);  // the socket is not polled yet: timeouts end it
  }
}

// --- Requests and answers -------------------------------------------------------------------------

bool Reactor::go_on(int fd, Connection& connection) {
  for (;;) {
    const Instant now = steady_now();
    auto found = connection.next(now);
    if (auto* incoming = std::get_if<Incoming>(&found)) return begin(fd, connection, std::move(*incoming));
    if (auto* broken = std::get_if<Broken>(&found)) return answer(fd, connection, broken->answer, /*close=*/true);
    if (connection.over()) {
      end(fd);
      return false;
    }
    if (!connection.unread() || connection.busy() || !connection.written()) return true;
    if (!settle(fd, connection, connection.read(now))) return false;
  }
}

bool Reactor::begin(int fd, Connection& connection, Incoming&& incoming) {
  exchanges_ = exchanges_ % (Exchange::kNumbersMax - 1) + 1;
  const Exchange exchange{thread_, fd, exchanges_};
  const HeadersOf& headers_of = shared_->options.headers_of;
  const RouteOf& route_of = shared_->options.route_of;
  const auto& trace_of = shared_->options.trace_of;
  const Instant now = steady_now();
  connection.begin(exchange.number, incoming.keep_alive, incoming.request.method == "HEAD",
                   headers_of ? headers_of(incoming.request) : Headers{},
                   {method_of(incoming.request), route_of ? route_of(incoming.request) : "", now,
                    trace_of ? trace_of(incoming.request) : std::string()});
  shared_->under_way.fetch_add(1);
  // After the count: whoever drains sets `refusing` first, and then sees either this count or this refusal.
  if (shared_->refusing.load()) {
    return answer(fd, connection, api::problem("stopping", 503, "The service is stopping", "Try again elsewhere."), true);
  }
  due_.emplace(now + shared_->options.request_deadline + api::wait_of(incoming.request), exchange);
  wake_at(due_.begin()->first);
  try {
    shared_->handler(std::move(incoming.request), Responder(answers_, exchange, connection.peer()));
  } catch (...) {
    // Whatever it was, the client does not see it. The Responder's own 503 comes after this answer, and is dropped.
    return answer(fd, connection, api::problem("internal", 500, "Something went wrong here", ""), false);
  }
  return true;
}

void Reactor::send_answers() {
  // A request that was waiting behind an answer may be answered at once, by its handler: hence the loop.
  for (std::vector<Answering> all = answers_->take(); !all.empty(); all = answers_->take()) {
    for (const Answering& each : all) {
      Connection* connection = find(each.exchange.fd);
      if (connection == nullptr || !connection->is_under_way(each.exchange.number)) continue;  // late, or nobody is there
      if (answer(each.exchange.fd, *connection, each.answer, false)) go_on(each.exchange.fd, *connection);
    }
  }
  if (shared_->giving_up.load()) give_up();
}

void Reactor::give_up() {
  std::vector<int> busy;
  for (const auto& [fd, connection] : connections_) {
    if (connection.busy()) busy.push_back(fd);
  }
  for (const int fd : busy) answer(fd, *find(fd), api::deadline_passed(), /*close=*/true);
}

bool Reactor::answer(int fd, Connection& connection, const HttpAnswer& answer, bool close) {
  const Instant now = steady_now();
  if (const auto& served = shared_->options.served; served) {
    const Asked none{"", "", now};
    const Asked& asked = connection.busy() ? connection.asked() : none;
    served({asked.method, asked.route, answer.status, now - asked.at, asked.trace});
  }
  return settle(fd, connection, connection.answer(answer, date(), close || shared_->refusing.load(), now));
}

// Sees to what an operation on a connection left: gone, or waiting to write.
bool Reactor::settle(int fd, Connection& connection, Connection::Flow flow) {
  if (flow == Connection::Flow::kGone) {
    end(fd);
    return false;
  }
  if (connection.take_done()) count_down();
  if (!connection.written()) reactor()->modifyFd(key(), fd, NotifyOn::Read | NotifyOn::Write, Mode::Edge);
  return true;
}

void Reactor::count_down() {
  if (shared_->under_way.fetch_sub(1) != 1 || !shared_->refusing.load()) return;
  const std::lock_guard lock(shared_->mutex);
  shared_->none_under_way.notify_all();
}

void Reactor::end(int fd) {
  const auto at = connections_.find(fd);
  if (at->second.owes()) count_down();
  connections_.erase(at);
  shared_->connections.fetch_sub(1);
  if (const auto peer = peers.find(fd); peer != peers.end()) removePeer(std::shared_ptr(peer->second));
}

Connection* Reactor::find(int fd) {
  const auto at = connections_.find(fd);
  return at == connections_.end() ? nullptr : &at->second;
}

// --- Time -----------------------------------------------------------------------------------------

void Reactor::on_timer() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(timer_fd_, &count, sizeof(count));
  wakes_at_ = {};
  const Instant now = steady_now();

  const auto current = [&](const Exchange& exchange) {
    Connection* connection = find(exchange.fd);
    return connection != nullptr && connection->is_under_way(exchange.number) ? connection : nullptr;
  };
  while (!due_.empty()) {
    const auto [at, exchange] = *due_.begin();
    Connection* connection = current(exchange);
    if (connection != nullptr && at > now) break;
    due_.erase(due_.begin());
    if (connection == nullptr) continue;
    if (answer(exchange.fd, *connection, api::deadline_passed(), false)) go_on(exchange.fd, *connection);
  }

  if (now >= ticks_at_) {
    const Options& o = shared_->options;
    const Connection::Timeouts timeouts{o.header_timeout, o.body_timeout, o.idle_timeout, o.write_timeout, o.linger};
    std::vector<std::pair<int, Connection::Overdue>> late;
    for (const auto& [fd, connection] : connections_) {
      const auto overdue = connection.overdue(timeouts, now);
      if (overdue != Connection::Overdue::kNo) late.emplace_back(fd, overdue);
    }
    for (const auto& [fd, overdue] : late) {
      if (overdue == Connection::Overdue::kGone) {
        end(fd);
      } else {
        answer(fd, *find(fd), api::problem("request-timeout", 408, "The request did not come in time", ""), true);
      }
    }
    ticks_at_ = now + tick();
  }
  if (!connections_.empty()) wake_at(ticks_at_);
  if (!due_.empty()) wake_at(due_.begin()->first);
}

void Reactor::wake_at(Instant at) {
  if (wakes_at_.us != 0 && wakes_at_ <= at) return;
  wakes_at_ = at;
  const std::int64_t us = std::max<std::int64_t>(at.us, 1);
  itimerspec when{};
  when.it_value.tv_sec = us / 1'000'000;
  when.it_value.tv_nsec = us % 1'000'000 * 1000;
  CHECK(::timerfd_settime(timer_fd_, TFD_TIMER_ABSTIME, &when, nullptr) == 0);
}

// How often timeouts are looked at: often enough for the shortest.
Duration Reactor::tick() const {
  const Options& o = shared_->options;
  const Duration shortest = std::min({o.header_timeout, o.body_timeout, o.idle_timeout, o.write_timeout, o.linger});
  return microseconds(std::clamp<std::int64_t>(shortest.us / 4, 5'000, 1'000'000));
}

std::string_view Reactor::date() {
  const std::int64_t second = static_cast<std::int64_t>(::time(nullptr));
  if (std::exchange(date_second_, second) != second) date_ = http_date(second);
  return date_;
}

}  // namespace quickbite::http
