#include "services/cli/sweep.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "domain/base/check.h"
#include "services/cli/workers.h"
#include "sim/world/config.h"

namespace quickbite::cli {
namespace {

// One run in so many is done twice, the second time decoding everything afresh.
constexpr std::uint64_t kRunTwiceEvery = 100;

template <class Act>
bool has_act(const sim::Drawn& drawn) {
  return std::ranges::any_of(
      drawn.plan.acts, [](const sim::Act& act) { return std::holds_alternative<Act>(act.what); });
}
template <sim::Verdict verdict>
bool has_luck(const sim::Drawn& drawn) {
  return drawn.options.odds.ppm[static_cast<std::size_t>(verdict)] != 0;
}

constexpr Trait kTraits[] = {
    {"two or three Orders", [](const sim::Drawn& drawn) { return drawn.plan.shape.orders > 1; }},
    {"two or three Inventories",
     [](const sim::Drawn& drawn) { return drawn.plan.shape.inventory > 1; }},
    {"several partitions", [](const sim::Drawn& drawn) { return drawn.plan.shape.partitions > 1; }},
    {"static group members", [](const sim::Drawn& drawn) { return drawn.options.static_members; }},
    {"clients that watch", [](const sim::Drawn& drawn) { return drawn.options.clients_watch; }},
    {"cancelled orders", has_act<sim::CancelAct>},
    {"menus read", has_act<sim::MenuAct>},
    {"broker down", has_act<sim::BrokerOutage>},
    {"database down", has_act<sim::DatabaseOutage>},
    {"processes ended", has_act<sim::CrashAct>},
    {"poison", has_act<sim::PoisonAct>},
    {"offsets rewound", has_act<sim::RewindAct>},
    {"luck: crash", has_luck<sim::Verdict::kCrash>},
    {"luck: lose-request", has_luck<sim::Verdict::kLoseRequest>},
    {"luck: lose-answer", has_luck<sim::Verdict::kLoseAnswer>},
    {"luck: duplicate", has_luck<sim::Verdict::kDuplicate>},
    {"luck: lose-commit", has_luck<sim::Verdict::kLoseCommit>},
    {"luck: serialization", has_luck<sim::Verdict::kSerialization>},
    {"luck: disconnect", has_luck<sim::Verdict::kDisconnect>},
    {"luck: reject", has_luck<sim::Verdict::kReject>},
    {"luck: pause", has_luck<sim::Verdict::kPause>},
};
static_assert(std::size(kTraits) <= kTraitsMax);

static_assert(std::is_trivially_copyable_v<Tally>);

// A message is its kind and its content, as it stands in memory: both ends are the same program.
constexpr char kTally = 'T';
constexpr char kHash = 'H';
constexpr char kFinding = 'F';

struct FindingHead {
  std::uint64_t seed;
  ExitCode code;
  std::uint32_t property_size;
};

template <class T>
void append(std::string& out, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
template <class T>
T take(std::string_view& bytes) {
  T value;
  CHECK(bytes.size() >= sizeof value);
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

class SweepWorker final : public Worker {
 public:
  explicit SweepWorker(const SweepOptions& options) : options_(options) {}

  void work(std::uint64_t seed, Outbox& out) override {
    const sim::Drawn drawn = sim::draw(seed);
    const bool twice = (seed - options_.first) % kRunTwiceEvery == 0;
    const sim::Outcome outcome = sim::run_plan(drawn.plan, drawn.options, {.fingerprint = twice}, decoder_);
    count(drawn, outcome);
    if (options_.hashes) send_hash(seed, outcome.trace_hash, out);
    if (outcome.ending != sim::Ending::kHeld) {
      report({seed, code_of(outcome.ending), outcome.property, outcome.what}, out);
    } else if (twice) {
      run_again(seed, drawn, outcome, out);
    }
  }

  void flush(Outbox& out) override {
    std::string message(1, kTally);
    append(message, std::exchange(tally_, {}));
    out.send(message);
  }

 private:
  void count(const sim::Drawn& drawn, const sim::Outcome& outcome) {
    ++tally_.runs;
    tally_.events += outcome.events;
    tally_.requests += static_cast<std::uint64_t>(outcome.orders);
    tally_.given.add(outcome.given);
    for (std::size_t i = 0; i < sim::kFactsMax; ++i)
      tally_.sometimes[i] += outcome.covered[i] ? 1 : 0;
    for (std::size_t i = 0; i < std::size(kTraits); ++i)
      tally_.drawn[i] += kTraits[i].has(drawn) ? 1 : 0;
  }

  void run_again(std::uint64_t seed, const sim::Drawn& drawn, const sim::Outcome& first,
                 Outbox& out) {
    sim::PlainDecoder plain;
    const sim::Outcome second = sim::run_plan(drawn.plan, drawn.options, {}, plain);
    ++tally_.run_twice;
    if (first.trace_hash == second.trace_hash && first.fingerprint == second.fingerprint) return;
    report({seed, ExitCode::kNondeterminism, "",
            absl::StrFormat("two runs of this seed have the trace hashes %016x and %016x",
                            first.trace_hash, second.trace_hash)},
           out);
  }

  void send_hash(std::uint64_t seed, std::uint64_t hash, Outbox& out) {
    std::string message(1, kHash);
    append(message, seed);
    append(message, hash);
    out.send(message);
  }

  void report(const SweepFinding& finding, Outbox& out) {
    std::string message(1, kFinding);
    append(message, FindingHead{finding.seed, finding.code,
                                static_cast<std::uint32_t>(finding.property.size())});
    message += finding.property;
    message += finding.what;
    out.send(message);
    if (!options_.keep_going) out.stop_after(finding.seed);
  }

  const SweepOptions& options_;
  sim::MemoDecoder decoder_;
  Tally tally_;
};

void receive(std::string_view message, SweepReport& report) {
  const char kind = message[0];
  message.remove_prefix(1);
  if (kind == kTally) {
    report.tally.add(take<Tally>(message));
  } else if (kind == kHash) {
    const auto seed = take<std::uint64_t>(message);
    report.hashes.emplace_back(seed, take<std::uint64_t>(message));
  } else if (kind == kFinding) {
    const auto head = take<FindingHead>(message);
    report.findings.push_back({head.seed, head.code,
                               std::string(message.substr(0, head.property_size)),
                               std::string(message.substr(head.property_size))});
  }
}

}  // namespace

std::span<const Trait> traits() {
  return kTraits;
}

void Tally::add(const Tally& other) {
  runs += other.runs;
  events += other.events;
  requests += other.requests;
  run_twice += other.run_twice;
  given.add(other.given);
  for (std::size_t i = 0; i < sometimes.size(); ++i) sometimes[i] += other.sometimes[i];
  for (std::size_t i = 0; i < drawn.size(); ++i) drawn[i] += other.drawn[i];
}

SweepReport sweep(const SweepOptions& options,
                  const std::function<void(std::uint64_t done)>& progress) {
  SweepReport report;
  Work work;
  work.first = options.first;
  work.count = options.count;
  work.jobs = options.jobs;
  work.budget = options.budget;
  work.until = options.until;
  work.stop_at_casualty = !options.keep_going;
  Employer employer;
  employer.hire = [&] { return std::make_unique<SweepWorker>(options); };
  employer.received = [&](std::string_view message) { receive(message, report); };
  employer.lost = [&](const Casualty& casualty) {
    report.findings.push_back({casualty.item, ExitCode::kCrash, "", casualty.how});
  };
  employer.progress = progress;
  const absl::Time begun = absl::Now();
  report.done = run_workers(work, employer);
  report.took = absl::Now() - begun;
  std::ranges::sort(report.findings, {}, &SweepFinding::seed);
  std::ranges::sort(report.hashes);
  return report;
}

std::vector<std::string> never_seen(const Tally& tally) {
  std::vector<std::string> never;
  for (std::size_t role = 0; role < sim::kMachineRoles; ++role) {
    for (std::size_t verb = 0; verb < sim::kVerbs; ++verb) {
      for (std::size_t phase = 0; phase < sim::kPhases; ++phase) {
        const auto r = static_cast<sim::Role>(role);
        const auto v = static_cast<sim::Verb>(verb);
        const auto p = static_cast<sim::Phase>(phase);
        if (!sim::makes_sense(r, v, p, sim::Verdict::kCrash)) continue;
        if (tally.given.crashes[sim::Given::cell(r, v, p)] != 0) continue;
        never.push_back(absl::StrCat("crash of ", std::string(to_string(r)), " ",
                                     std::string(to_string(v)), " ", std::string(to_string(p))));
      }
    }
  }
  for (std::size_t fact = 0; fact < static_cast<std::size_t>(sim::Sometimes::kCount); ++fact) {
    if (tally.sometimes[fact] == 0)
      never.emplace_back(to_string(static_cast<sim::Sometimes>(fact)));
  }
  return never;
}

ExitCode code_of(sim::Ending ending) {
  switch (ending) {
    case sim::Ending::kHeld:
      return ExitCode::kHeld;
    case sim::Ending::kSafety:
    case sim::Ending::kExpectation:
      return ExitCode::kSafety;
    case sim::Ending::kLiveness:
      return ExitCode::kLiveness;
    case sim::Ending::kUnfiredRule:
      return ExitCode::kUsage;
    case sim::Ending::kTooManyEvents:
      return ExitCode::kCrash;
  }
  check_failed("a known Ending", __FILE__, __LINE__);
}

}  // namespace quickbite::cli
