// Reactor: one serving thread: its connections, their requests to the handler, the handler's answers to them, all timeouts.
//
// It is a Pistache transport: Pistache listens, accepts, deals connections out to threads and runs each thread's epoll loop.
// Everything on a connection is ours, because Pistache 0.0.5 does much of it wrongly (README.md).
#pragma once

#include <pistache/tcp.h>
#include <pistache/transport.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/http/answer_queue.h"
#include "adapters/http/connection.h"
#include "adapters/http/server.h"

namespace quickbite::http {

// What all serving threads of a server share.
struct Shared {
  Options options;
  Handler handler;
  std::vector<std::shared_ptr<AnswerQueue>> queues;  // by serving thread; complete before the first request
  std::atomic<bool> refusing{false};
  std::atomic<bool> giving_up{false};  // what is under way is answered as if its deadline had passed
  std::atomic<std::size_t> connections{0};

  std::mutex mutex;
  std::condition_variable none_under_way;
  std::atomic<std::int64_t> under_way{0};  // requests at the handler whose answers are not written
};

class Reactor : public Pistache::Tcp::Transport {
 public:
  Reactor(std::shared_ptr<Shared> shared, std::shared_ptr<AnswerQueue> answers, std::uint32_t thread);
  ~Reactor() override;

  // Pistache makes one of these for each thread out of a prototype, by clone().
  std::shared_ptr<Pistache::Aio::Handler> clone() const override;
  void registerPoller(Pistache::Polling::Epoll& poller) override;
  void onReady(const Pistache::Aio::FdSet& ready) override;

  void opened(const std::shared_ptr<Pistache::Tcp::Peer>& peer);

 private:
  void on_event(const Pistache::Aio::FdSet::Entry& event);
  void on_connection_event(int fd, Connection& connection, bool readable, bool writable);
  void on_timer();

  void send_answers();
  void give_up();
  bool go_on(int fd, Connection& connection);  // false: the connection is gone
  bool begin(int fd, Connection& connection, Incoming&& incoming);
  bool answer(int fd, Connection& connection, const HttpAnswer& answer, bool close);
  bool settle(int fd, Connection& connection, Connection::Flow flow);
  void end(int fd);
  void count_down();

  Connection* find(int fd);
  std::string_view date();
  void wake_at(Instant at);
  Duration tick() const;

  std::shared_ptr<Shared> shared_;
  std::shared_ptr<AnswerQueue> answers_;
  std::uint32_t thread_;
  std::unordered_map<int, Connection> connections_;
  std::multimap<Instant, Exchange> due_;  // when which request is answered 504
  std::uint64_t exchanges_ = 0;
  int timer_fd_ = -1;
  Instant wakes_at_;  // when the timer is set for; 0: it is not
  Instant ticks_at_;  // when the connections' timeouts are looked at next
  std::int64_t date_second_ = -1;
  std::string date_;
};

}  // namespace quickbite::http
