// The simulator's ledger, as a LedgerUnderTest: what runs when is decided here, in the place of the simulator's scheduler.
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "domain/base/check.h"
#include "proptests/contract/ledger_under_test.h"
#include "sim/model/ledger.h"

namespace quickbite::contract {
namespace {

using Model = sim::Ledger<OrdersLedger>;

constexpr Duration kLockTimeout = milliseconds(500);
constexpr Duration kIdleTimeout = seconds(2);

class ModelLedger : public LedgerUnderTest {
 public:
  void start(Session session, Request request) override {
    Client& client = clients_[static_cast<std::size_t>(session)];
    const bool is_store = std::holds_alternative<Store<OrdersLedger>>(request);
    client.began = now_;
    ++client.requests;
    client.slot = model_.begin(id(session), effect(session),
                               std::visit([](auto&& one) { return asked(std::move(one)); }, std::move(request)));
    CHECK(client.slot.has_value());
    sim::Fate fate = sim::Fate::kGo;
    if (std::exchange(client.killed, false)) fate = sim::Fate::kBreak;
    // The model does not find conflicts: in the simulator they are drawn. Here they are where they would be.
    if (is_store && client.repeatable_read && client.saw_commits != commits_) fate = sim::Fate::kSerialization;
    run(session, fate);
    run_woken();
  }

  Settled settled(Session session) override {
    const Client& client = clients_[static_cast<std::size_t>(session)];
    if (client.answer) return Settled::kAnswered;
    CHECK(client.slot.has_value());
    return model_.blocked(*client.slot) ? Settled::kWaitsForLock : Settled::kAtCommit;
  }

  Answer answer(Session session) override {
    Client& client = clients_[static_cast<std::size_t>(session)];
    CHECK(client.answer.has_value());
    Answer answer = std::move(*client.answer);
    client.answer.reset();
    return answer;
  }

  void hold_commits(Session session, bool hold) override {
    Client& client = clients_[static_cast<std::size_t>(session)];
    client.holds = hold;
    if (hold) return;
    if (client.detached) {
      run_slot(*std::exchange(client.detached, std::nullopt), sim::Fate::kGo);
    } else if (client.slot && !client.answer && model_.commits_next(*client.slot)) {
      run(session, sim::Fate::kGo);
    }
    run_woken();
  }

  void break_commit(Session session, Fall fall) override {
    Client& client = clients_[static_cast<std::size_t>(session)];
    const Model::Slot slot = *client.slot;
    switch (fall) {
      case Fall::kLost:
        run(session, sim::Fate::kBreakBeforeCommit);
        break;
      case Fall::kLanded:
        run(session, sim::Fate::kBreakAfterCommit);
        break;
      case Fall::kStillRunning:
        run(session, sim::Fate::kBreakDuringCommit);
        client.detached = slot;
        break;
    }
    run_woken();
  }

  void kill(Session session) override {
    Client& client = clients_[static_cast<std::size_t>(session)];
    if (client.slot && !client.answer) {
      run(session, sim::Fate::kBreak);
    } else {
      model_.disconnect(id(session), false);
      client.killed = true;
    }
    run_woken();
  }

  void advance(Duration duration) override {
    now_ = now_ + duration;
    for (Session session = 0; session < kSessions; ++session) {
      Client& client = clients_[static_cast<std::size_t>(session)];
      if (client.slot && !client.answer && model_.blocked(*client.slot)) {
        if (now_ - client.began >= kLockTimeout) client.answer = model_.lock_timeout(*client.slot, effect(session));
      } else if (client.in_transaction && now_ - client.answered >= kIdleTimeout) {
        model_.idle_timeout(id(session));
      }
    }
    run_woken();
  }

  void fail_to_serialize(Session session) override { clients_[static_cast<std::size_t>(session)].repeatable_read = true; }

 private:
  struct Client {
    std::optional<Model::Slot> slot;      // of the request under way
    std::optional<Model::Slot> detached;  // of a commit that goes on without its client
    std::optional<Answer> answer;
    std::uint32_t requests = 0;
    Instant began;
    Instant answered;
    bool in_transaction = false;
    bool holds = false;
    bool killed = false;
    bool repeatable_read = false;
    std::uint64_t saw_commits = 0;
  };

  template <class One>
  static Model::Request asked(One&& one) {
    return std::forward<One>(one);
  }
  static Model::Request asked(FindLetters&& find) {
    return sim::LettersAsked{std::make_shared<const FindLetters>(std::move(find))};
  }

  static Model::Client id(Session session) { return static_cast<Model::Client>(session); }
  EffectId effect(Session session) const { return {1, clients_[static_cast<std::size_t>(session)].requests}; }

  // Runs the session's request until it is answered, waits, or is held.
  void run(Session session, sim::Fate fate) {
    Client& client = clients_[static_cast<std::size_t>(session)];
    for (;;) {
      const Model::Slot slot = *client.slot;
      if (fate == sim::Fate::kGo && client.holds && model_.commits_next(slot)) return;
      Model::Ran ran = run_slot(slot, std::exchange(fate, sim::Fate::kGo));
      if (ran.next == Model::Next::kMore) continue;
      if (ran.next == Model::Next::kAnswered) answered(client, std::move(*ran.answer));
      return;
    }
  }

  Model::Ran run_slot(Model::Slot slot, sim::Fate fate) {
    property::Delta delta;
    const bool commits = model_.commits_next(slot);
    Model::Ran ran = model_.run(slot, fate, now_, delta);
    if (commits) ++commits_;
    return ran;
  }

  void answered(Client& client, Answer answer) {
    const auto* load = std::get_if<LoadAnswer<OrdersLedger>>(&answer);
    client.in_transaction = load != nullptr && std::holds_alternative<Loaded<OrdersLedger>>(*load);
    client.saw_commits = commits_;
    client.answered = now_;
    client.answer = std::move(answer);
    client.slot.reset();
  }

  void run_woken() {
    for (auto woken = model_.take_woken(); !woken.empty(); woken = model_.take_woken()) {
      for (const Model::Slot slot : woken) {
        for (Session session = 0; session < kSessions; ++session) {
          if (clients_[static_cast<std::size_t>(session)].slot == slot) run(session, sim::Fate::kGo);
        }
      }
    }
  }

  Model model_;
  std::array<Client, kSessions> clients_;
  Instant now_{1'700'000'000'000'000};
  std::uint64_t commits_ = 0;
};

}  // namespace

std::unique_ptr<LedgerUnderTest> make_model_ledger() { return std::make_unique<ModelLedger>(); }

}  // namespace quickbite::contract
