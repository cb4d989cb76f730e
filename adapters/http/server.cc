#include "adapters/http/server.h"

#include <pistache/listener.h>
#include <pistache/net.h>

#include <chrono>
#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/http/reactor.h"

namespace quickbite::http {

namespace {

constexpr std::chrono::milliseconds kLastWords(200);  // for the 504s of those that were given up

}  // namespace

class Server::Running {
 public:
  Running(const Options& options, Handler handler) : shared_(std::make_shared<Shared>()) {
    shared_->options = options;
    shared_->handler = std::move(handler);
  }

  void listen() {
    const Options& options = shared_->options;
    using Flag = Pistache::Tcp::Options;
    const Pistache::Flags<Flag> flags(Flag::ReuseAddr | Flag::NoDelay | Flag::CloseOnExec);
    listener_.init(static_cast<std::size_t>(options.threads), flags, "http", kBacklog);
    listener_.setTransportFactory([shared = shared_] { return std::make_shared<Reactor>(shared, nullptr, 0); });
    const bool v6 = options.address.find(':') != std::string::npos && options.address.front() != '[';
    const std::string host = v6 ? absl::StrCat("[", options.address, "]") : options.address;
    listener_.bind(Pistache::Address(host, Pistache::Port(options.port)));
    port_ = listener_.getPort();
    listener_.runThreaded();
  }

  std::uint16_t port() const { return port_; }
  Shared& shared() { return *shared_; }

 private:
  static constexpr int kBacklog = 1024;

  std::shared_ptr<Shared> shared_;
  Pistache::Tcp::Listener listener_;  // its end joins all threads
  std::uint16_t port_ = 0;
};

absl::StatusOr<std::unique_ptr<Server>> Server::start(const Options& options, Handler handler) {
  if (options.threads < 1 || options.threads > static_cast<int>(Exchange::kThreadsMax)) {
    return absl::InvalidArgumentError("an HTTP server has 1 to 64 threads");
  }
  const std::string where = absl::StrCat(options.address, ":", options.port);
  try {
    auto running = std::make_unique<Running>(options, std::move(handler));
    running->listen();
    return std::unique_ptr<Server>(new Server(std::move(running)));
  } catch (const std::invalid_argument& error) {
    return absl::InvalidArgumentError(absl::StrCat(where, " is no address to listen on: ", error.what()));
  } catch (const std::exception& error) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", where, ": ", error.what()));
  } catch (...) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", where));
  }
}

Server::Server(std::unique_ptr<Running> running) : running_(std::move(running)) {}
Server::~Server() = default;

std::uint16_t Server::port() const { return running_->port(); }

void Server::answer(Ticket ticket, HttpAnswer answer) {
  const Exchange exchange = exchange_of(ticket);
  const auto& queues = running_->shared().queues;
  if (exchange.thread < queues.size()) queues[exchange.thread]->push({exchange, std::move(answer)});
}

void Server::refuse() { running_->shared().refusing.store(true); }

bool Server::drain(Duration grace) {
  refuse();
  Shared& shared = running_->shared();
  const auto none_under_way = [&](std::chrono::microseconds patience) {
    std::unique_lock lock(shared.mutex);
    return shared.none_under_way.wait_for(lock, patience, [&] { return shared.under_way.load() == 0; });
  };
  if (none_under_way(std::chrono::microseconds(grace.us))) return true;
  shared.giving_up.store(true);
  for (const auto& queue : shared.queues) queue->push({Exchange{}, {}});  // nobody's: wakes the thread
  none_under_way(kLastWords);
  return false;
}

}  // namespace quickbite::http
