// ToyBank: a system that the kernel's own tests simulate. Clients ask a bank's process over a lossy network to book one
// transfer each, and ask again until they hear that it is done; the process crashes; its store does not.
//
// Config switches let bugs in. `kDropMoot` tells whether what nobody waits for any more is declared moot.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "domain/base/flat_map.h"
#include "domain/base/match.h"
#include "sim/kernel/run.h"
#include "sim/kernel/system.h"
#include "sim/kernel/transitions.h"

namespace quickbite::sim::toy {

inline constexpr PartId kProcess = 0;
inline constexpr PartId kStore = 1;
inline constexpr PartId kFirstClient = 2;

inline constexpr Site kDelaySite{1};
inline constexpr Site kCourtesySite{2};
inline constexpr Site kFaultSite{3};

struct Process {
  std::vector<PartId> remembered;  // clients whose transfer is done; in memory only
  bool polite = false;
  auto fields() const { return std::tie(remembered, polite); }
};
struct Store {
  FlatMap<PartId, std::int32_t> booked;  // how often
  auto fields() const { return std::tie(booked); }
};
struct Client {
  bool done = false;
  auto fields() const { return std::tie(done); }
};

struct Ask {
  PartId client;
  auto fields() const { return std::tie(client); }
};
struct Book {
  PartId client;
  auto fields() const { return std::tie(client); }
};
struct Booked {
  PartId client;
  auto fields() const { return std::tie(client); }
};
struct Done {};
struct Busy {};
struct Again {};   // the client's timer
struct Forget {};  // the process's idle timer

enum class At : std::uint8_t { kMessage, kProcessAsked, kProcessAnswers };
enum class Verdict : std::uint8_t { kNothing, kLose, kTwice, kCrash };
inline constexpr std::uint32_t kLosses = 0;
inline constexpr std::uint32_t kDuplicates = 1;
inline constexpr std::uint32_t kCrashes = 2;
inline constexpr std::uint32_t kTimers = 3;

inline constexpr std::uint32_t kFactCrashed = 0;
inline constexpr std::uint32_t kFactBookedAgain = 1;

struct Moment {
  At at;
  Subject subject;
};

struct Change {
  std::vector<PartId> booked;
  void clear() { booked.clear(); }
  bool empty() const { return booked.empty(); }
  auto fields() const { return std::tie(booked); }
};

struct Options {
  std::uint32_t clients = 1;
  bool store_dedupes = true;    // otherwise only the process's memory does
  bool clients_retry = true;
  bool always_busy = false;     // the process sends everybody away, and they come back at once
  bool has_manners = false;     // the process chooses a tone
  bool forgets = false;         // an idle timer empties the process's memory
  bool lazy = false;            // the process answers only then, and books once more to be sure
};

template <bool kDropMoot = true>
struct Bank {
  using Part = std::variant<Process, Store, Client>;
  using Event = std::variant<Ask, Book, Booked, Done, Busy, Again, Forget>;
  using Config = Options;
  using Moment = toy::Moment;
  using Verdict = toy::Verdict;
  using Delta = Change;

  static void step(const Config& config, Part& part, PartId self, Event&& event, Env<Bank>& env) {
    if (auto* process = std::get_if<Process>(&part)) {
      step_process(config, *process, event, env);
    } else if (auto* store = std::get_if<Store>(&part)) {
      if (const auto* book = std::get_if<Book>(&event)) step_store(config, *store, *book, env);
    } else {
      step_client(config, std::get<Client>(part), self, event, env);
    }
  }

  static bool moot(const Part& part, const Event& event) {
    if constexpr (!kDropMoot) return false;
    const auto* client = std::get_if<Client>(&part);
    return client != nullptr && client->done && !std::holds_alternative<Ask>(event);
  }

  static std::optional<Finding> check(const Config&, Parts<Bank> parts, const Delta& delta) {
    for (const PartId client : delta.booked) {
      const auto* times = std::get<Store>(parts[kStore]).booked.find(client);
      if (times == nullptr || *times != 1) return Finding{"once", "client " + std::to_string(client) + " is booked twice"};
    }
    return std::nullopt;
  }

  static std::optional<Finding> check_rest(const Config&, const Parts<Bank>& parts) {
    for (PartId p = kFirstClient; p < parts.size(); ++p) {
      if (!std::get<Client>(parts[p]).done) return Finding{"served", "client " + std::to_string(p) + " waits for ever"};
    }
    return std::nullopt;
  }

  static void possible(const Config&, const Moment& moment, std::vector<Possible<Bank>>& out) {
    if (moment.at == At::kMessage) {
      out.push_back({Verdict::kLose, kLosses});
      out.push_back({Verdict::kTwice, kDuplicates});
    } else {
      out.push_back({Verdict::kCrash, kCrashes});
    }
  }

  static std::string describe(const Config&, PartId to, const Event& event) {
    return match(
        event, [&](const Ask& ask) { return "client " + std::to_string(ask.client) + " asks"; },
        [&](const Book& book) { return "book for " + std::to_string(book.client); },
        [&](const Booked& booked) { return "booked for " + std::to_string(booked.client); },
        [&](const Done&) { return "done, to " + std::to_string(to); },
        [&](const Busy&) { return "busy, to " + std::to_string(to); },
        [&](const Again&) { return "client " + std::to_string(to) + " grows impatient"; },
        [&](const Forget&) { return std::string("the process forgets"); });
  }

  static std::string describe_verdict(const Config&, const Moment&, Verdict verdict) {
    return verdict == Verdict::kLose ? "lost" : verdict == Verdict::kTwice ? "sent twice" : "crash";
  }

  static std::uint64_t digest(const Event& event) { return event.index(); }

  static std::vector<Part> parts(const Config& config) {
    std::vector<Part> all{Process{}, Store{}};
    all.resize(2 + config.clients, Client{});
    return all;
  }

  static std::vector<Initial<Bank>> initial(const Config& config) {
    std::vector<Initial<Bank>> all;
    for (PartId p = kFirstClient; p < kFirstClient + config.clients; ++p) all.push_back({p, kProcess, Ask{p}});
    if (config.clients_retry) {
      for (PartId p = kFirstClient; p < kFirstClient + config.clients; ++p) all.push_back({p, p, Again{}, Lane::kTimer});
    }
    if (config.forgets) all.push_back({kProcess, kProcess, Forget{}, Lane::kIdleTimer});
    return all;
  }

 private:
  static bool crashes(At at, PartId client, Process& process, Env<Bank>& env) {
    if (env.verdict({at, subject_of(client)}) != Verdict::kCrash) return false;
    process = Process{};
    env.cover(kFactCrashed);
    return true;
  }

  static void post(PartId to, Event event, PartId about, Env<Bank>& env) {
    const Verdict verdict = env.verdict({At::kMessage, subject_of(about, to)});
    const int copies = verdict == Verdict::kLose ? 0 : verdict == Verdict::kTwice ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
      const Duration delay = env.delay(kDelaySite, subject_of(about, to, static_cast<std::uint64_t>(i)), milliseconds(1), milliseconds(10));
      env.send(to, Event(event), Lane::kChannel, env.now() + delay);
    }
  }

  static void step_process(const Config& config, Process& process, const Event& event, Env<Bank>& env) {
    if (const auto* ask = std::get_if<Ask>(&event)) {
      if (crashes(At::kProcessAsked, ask->client, process, env)) return;
      if (config.always_busy) return post(ask->client, Busy{}, ask->client, env);
      if (std::ranges::find(process.remembered, ask->client) != process.remembered.end()) {
        return post(ask->client, Done{}, ask->client, env);
      }
      env.send(kStore, Book{ask->client}, Lane::kNow, env.now());
    } else if (const auto* booked = std::get_if<Booked>(&event)) {
      if (crashes(At::kProcessAnswers, booked->client, process, env)) return;
      process.remembered.push_back(booked->client);
      std::ranges::sort(process.remembered);
      if (config.has_manners) process.polite = env.choose(kCourtesySite, subject_of(booked->client), 2) == 1;
      if (!config.lazy) post(booked->client, Done{}, booked->client, env);
    } else if (std::holds_alternative<Forget>(event)) {
      for (const PartId client : process.remembered) {
        if (!config.lazy) continue;
        post(client, Done{}, client, env);
        env.send(kStore, Book{client}, Lane::kNow, env.now());
      }
      process.remembered.clear();
      env.send(kProcess, Forget{}, Lane::kIdleTimer, env.now() + milliseconds(100));
    }
  }

  static void step_store(const Config& config, Store& store, const Book& book, Env<Bank>& env) {
    std::int32_t& times = store.booked[book.client];
    if (times != 0) env.cover(kFactBookedAgain);
    if (times == 0 || !config.store_dedupes) {
      if (times < 2) ++times;
      env.delta().booked.push_back(book.client);
    }
    env.send(kProcess, Booked{book.client}, Lane::kNow, env.now());
  }

  static void step_client(const Config& config, Client& client, PartId self, const Event& event, Env<Bank>& env) {
    if (client.done) return;
    if (std::holds_alternative<Done>(event)) {
      client.done = true;
    } else if (std::holds_alternative<Busy>(event)) {
      post(kProcess, Ask{self}, self, env);
    } else if (std::holds_alternative<Again>(event)) {
      post(kProcess, Ask{self}, self, env);
      if (config.clients_retry) env.send(self, Again{}, Lane::kTimer, env.now() + milliseconds(60));
    }
  }
};

// Verdicts by chance, for random runs.
struct Luck {
  std::uint32_t ppm = 0;  // of each kind, at each moment where it makes sense

  Verdict verdict(const Moment& moment, const Draws& draws, Instant now) {
    const Subject subject = subject_of(moment.subject, static_cast<std::uint64_t>(now.us));
    if (moment.at != At::kMessage) {
      return draws.chance(ppm, kFaultSite, subject, 0) ? Verdict::kCrash : Verdict::kNothing;
    }
    if (draws.chance(ppm, kFaultSite, subject, 1)) return Verdict::kLose;
    return draws.chance(ppm, kFaultSite, subject, 2) ? Verdict::kTwice : Verdict::kNothing;
  }
};

}  // namespace quickbite::sim::toy
