// PostgreSQL through the adapter, as a LedgerUnderTest: a thread for each session, and an onlooker that asks the server what
// each session is doing.
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "domain/base/check.h"
#include "domain/base/match.h"
#include "proptests/contract/cuttable_proxy.h"
#include "proptests/contract/ledger_under_test.h"
#include "proptests/postgres/real_postgres.h"

namespace quickbite::contract {
namespace {

using postgres::AdminConnection;
using postgres::OrdersLedgerSession;
using postgres::Service;

constexpr absl::Duration kLook = absl::Milliseconds(5);

// At its COMMIT a session takes the shared lock that bears its name, and waits where the test holds that: a constraint
// trigger that is deferred runs as part of COMMIT, before it takes effect.
constexpr const char* kInstallGate = R"(
  CREATE FUNCTION commit_gate() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(hashtext(current_setting('application_name')));
      RETURN NULL;
    END $$;
  CREATE CONSTRAINT TRIGGER commit_gate AFTER INSERT OR UPDATE ON orders
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commit_gate();
  CREATE CONSTRAINT TRIGGER commit_gate AFTER INSERT ON processed_events
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commit_gate();
  CREATE CONSTRAINT TRIGGER commit_gate AFTER INSERT ON outbox_events
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commit_gate())";

// A session and the thread that it lives on.
class Worker {
 public:
  explicit Worker(const postgres::SessionOptions& options)
      : name(options.application_name), session_(options), thread_([this] { work(); }) {}
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      ends_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  void start(Request request) {
    {
      const std::lock_guard lock(mutex_);
      CHECK(!request_ && !answer_);
      request_ = std::move(request);
    }
    changed_.notify_all();
  }
  bool answered() {
    const std::lock_guard lock(mutex_);
    return answer_.has_value();
  }
  Answer await_answer() {
    std::unique_lock lock(mutex_);
    CHECK(changed_.wait_for(lock, std::chrono::seconds(20), [this] { return answer_.has_value(); }));
    Answer answer = std::move(*answer_);
    answer_.reset();
    return answer;
  }

  const std::string name;

 private:
  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return ends_ || request_.has_value(); });
      if (ends_) return;
      const Request request = std::move(*request_);
      lock.unlock();
      Answer answer = perform(request);
      lock.lock();
      request_.reset();
      answer_ = std::move(answer);
      changed_.notify_all();
    }
  }
  Answer perform(const Request& request) {
    return match(
        request,  //
        [&](const Load<OrdersLedger>& load) -> Answer { return session_.load(load); },
        [&](const Store<OrdersLedger>& store) -> Answer { return session_.store(store); },
        [&](const ReadOutbox& read) -> Answer { return session_.read_outbox(read); },
        [&](const MarkOutbox& mark) -> Answer { return session_.mark(mark); },
        [&](const ReadOrders& read) -> Answer { return session_.read_orders(read); },
        [&](const FindDue& find) -> Answer { return session_.find_due(find); },
        [&](const Prune& prune) -> Answer { return session_.prune(prune); },
        [&](const FindLetters& find) -> Answer { return session_.find_letters(find); },
        [&](const Resend& resend) -> Answer { return session_.resend(resend); });
  }

  OrdersLedgerSession session_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Request> request_;
  std::optional<Answer> answer_;
  bool ends_ = false;
  std::thread thread_;
};

class RealLedger : public LedgerUnderTest {
 public:
  explicit RealLedger(bool patient) : patient_(patient) {
    postgres_.clear();
    postgres_.as_owner(Service::kOrders, kInstallGate);
    // By default a deadlock is looked for after a second, and the lock timeout of half that comes first.
    postgres_.as_superuser("ALTER ROLE quickbite_orders SET deadlock_timeout = '100ms'");
    if (cluster() != nullptr) proxy_.emplace(cluster()->port());
  }
  ~RealLedger() override {
    for (std::optional<AdminConnection>& gate : gates_) gate.reset();
    for (const std::unique_ptr<Worker>& worker : workers_) {
      if (worker != nullptr) terminate(*worker);  // whatever it may be waiting for
    }
    for (std::unique_ptr<Worker>& worker : workers_) worker.reset();
    proxy_.reset();
    postgres_.as_owner(Service::kOrders, "DROP FUNCTION commit_gate CASCADE");
    postgres_.as_superuser("ALTER ROLE quickbite_orders RESET deadlock_timeout");
  }

  void start(Session session, Request request) override { worker(session).start(std::move(request)); }

  // A look may tell of the statement before and of the lock that is waited for now: only what two looks tell is so.
  Settled settled(Session session) override {
    Worker& worker = this->worker(session);
    for (std::string before;;) {
      if (worker.answered()) return Settled::kAnswered;
      const std::string doing = activity(worker);
      if (doing == before) {
        if (doing == "at COMMIT") return Settled::kAtCommit;
        if (doing == "waits for a lock") return Settled::kWaitsForLock;
      }
      before = doing;
      absl::SleepFor(kLook);
    }
  }

  Answer answer(Session session) override { return worker(session).await_answer(); }

  void hold_commits(Session session, bool hold) override {
    std::optional<AdminConnection>& gate = gates_[static_cast<std::size_t>(session)];
    gate.reset();
    if (!hold) return;
    gate.emplace(postgres_.server().owner_connection(Service::kOrders));
    gate->run(absl::StrCat("SELECT pg_advisory_lock(hashtext('", worker(session).name, "'))"));
  }

  void break_commit(Session session, Fall fall) override {
    switch (fall) {
      case Fall::kLost:
        terminate(worker(session));
        break;
      case Fall::kLanded:
        proxy_->mute_server();
        gates_[static_cast<std::size_t>(session)].reset();
        while (state(worker(session)) != "idle") absl::SleepFor(kLook);
        proxy_->cut_clients();
        break;
      case Fall::kStillRunning:
        proxy_->cut_clients();
        break;
    }
  }

  void kill(Session session) override { terminate(worker(session)); }

  void advance(Duration duration) override { absl::SleepFor(absl::Microseconds(duration.us + 50'000)); }

  void fail_to_serialize(Session session) override { repeatable_read_[static_cast<std::size_t>(session)] = true; }

  bool can_break(Fall fall) const override { return fall == Fall::kLost || proxy_.has_value(); }

 private:
  live::PostgresCluster* cluster() { return postgres_.server().cluster(); }

  Worker& worker(Session session) {
    std::unique_ptr<Worker>& worker = workers_[static_cast<std::size_t>(session)];
    if (worker == nullptr) {
      postgres::SessionOptions options = postgres_.session(Service::kOrders, absl::StrCat("session ", session));
      options.repeatable_read = repeatable_read_[static_cast<std::size_t>(session)];
      if (patient_) {
        options.lock_timeout = options.idle_in_transaction_timeout = options.statement_timeout = seconds(60);
      }
      if (proxy_) options.connection += absl::StrCat(" host=127.0.0.1 port=", proxy_->port());
      worker = std::make_unique<Worker>(options);
    }
    return *worker;
  }

  std::string activity(const Worker& worker) {
    const pqxx::result result = onlooker_.run(absl::StrCat(
        "SELECT CASE WHEN query = 'COMMIT' AND wait_event_type IN ('Lock', 'IPC') THEN 'at COMMIT'"
        " WHEN wait_event_type = 'Lock' THEN 'waits for a lock' ELSE state END"
        " FROM pg_stat_activity WHERE state = 'active' AND application_name = '",
        worker.name, "'"));
    return result.empty() ? "" : result.at(0).at(0).c_str();
  }

  std::string state(const Worker& worker) {
    const pqxx::result result = onlooker_.run(
        absl::StrCat("SELECT state FROM pg_stat_activity WHERE application_name = '", worker.name, "'"));
    return result.empty() ? "" : result.at(0).at(0).c_str();
  }

  // Returns when the backend is gone.
  void terminate(const Worker& worker) {
    const std::string whose = absl::StrCat(" FROM pg_stat_activity WHERE application_name = '", worker.name, "'");
    onlooker_.run("SELECT pg_terminate_backend(pid)" + whose);
    while (!onlooker_.run("SELECT" + whose).empty()) absl::SleepFor(kLook);
  }

  const bool patient_;
  RealPostgres& postgres_ = RealPostgres::instance();
  AdminConnection onlooker_{postgres_.server().superuser_connection()};
  std::optional<CuttableProxy> proxy_;
  std::array<std::unique_ptr<Worker>, kSessions> workers_;
  std::array<std::optional<AdminConnection>, kSessions> gates_;
  std::array<bool, kSessions> repeatable_read_{};
};

}  // namespace

std::unique_ptr<LedgerUnderTest> make_real_ledger() { return std::make_unique<RealLedger>(false); }

std::unique_ptr<LedgerUnderTest> make_patient_real_ledger() { return std::make_unique<RealLedger>(true); }

}  // namespace quickbite::contract
