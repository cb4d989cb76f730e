#include "services/cli/exploring.h"

#include <rapidjson/document.h>
#include <sys/resource.h>

#include <cstring>
#include <fstream>
#include <memory>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "domain/base/check.h"
#include "services/cli/json_text.h"
#include "services/cli/terminal.h"
#include "services/cli/workers.h"
#include "sim/plan/print.h"
#include "sim/world/config.h"

namespace quickbite::cli {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
constexpr absl::Duration kTellEvery = absl::Milliseconds(100);

// Resident, just now (proc(5), statm).
std::uint64_t memory_now() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  statm >> size >> resident;
  return resident * kPageBytes;
}

// At most, so far.
std::uint64_t memory_peak() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

// A message is 'P' and the progress as it stands in memory, or 'R' and the report in JSON.
static_assert(std::is_trivially_copyable_v<sim::ExploreProgress>);

std::string progress_message(const sim::ExploreProgress& progress) {
  std::string message(1 + sizeof progress, 'P');
  std::memcpy(message.data() + 1, &progress, sizeof progress);
  return message;
}

std::string_view name_of(sim::Stopped stopped) {
  switch (stopped) {
    case sim::Stopped::kFinished:
    case sim::Stopped::kCounterexample:
      return "";
    case sim::Stopped::kStates:
      return "the number of states";
    case sim::Stopped::kBytes:
      return "the memory";
    case sim::Stopped::kCaller:
      return "the time";
  }
  check_failed("a known Stopped", __FILE__, __LINE__);
}

std::string told(const sim::WorldExplored& result, bool too_large) {
  const auto& explored = result.explored;
  JsonText json;
  json.member("finished", explored.finished());
  json.member("stopped", too_large ? "the memory" : name_of(explored.stopped));
  json.member("memory", memory_peak());
  json.open_array("sometimes");
  for (std::size_t fact = 0; fact < static_cast<std::size_t>(sim::Sometimes::kCount); ++fact) {
    if (explored.covered[fact]) json.element(to_string(static_cast<sim::Sometimes>(fact)));
  }
  json.close_array();
  if (explored.counterexample) {
    const auto& found = *explored.counterexample;
    const bool liveness =
        found.failure == sim::Failure::kLiveness || found.finding.property.starts_with('L');
    json.member("code", static_cast<int>(liveness ? ExitCode::kLiveness : ExitCode::kSafety));
    json.member("property", found.finding.property);
    json.member("what", found.finding.what);
    json.member("doubts", found.doubts);
    json.open_array("steps");
    for (const auto& step : found.steps) json.element(step.text);
    json.close_array();
    if (result.scenario) json.member("scenario", sim::print_plan(*result.scenario));
  }
  return json.take();
}

class ExploreWorker final : public Worker {
 public:
  explicit ExploreWorker(const ExploringOptions& options) : options_(options) {}

  void work(std::uint64_t, Outbox& out) override {
    const absl::Time end = absl::Now() + options_.time;
    absl::Time tell_at = absl::InfinitePast();
    bool too_large = false;
    const sim::WorldExplored result =
        sim::explore_world(options_.bounds, [&](const sim::ExploreProgress& progress) {
          const absl::Time now = absl::Now();
          if (now >= tell_at) {
            tell_at = now + kTellEvery;
            out.send(progress_message(progress));
            too_large = memory_now() > options_.memory_max;
          }
          return !too_large && now < end;
        });
    out.send(progress_message(result.explored.progress));
    out.send("R" + told(result, too_large));
  }

 private:
  const ExploringOptions& options_;
};

void take_report(std::string_view text, ExploringReport& report) {
  rapidjson::Document json;
  json.Parse(text.data(), text.size());
  CHECK(!json.HasParseError() && json.IsObject());
  const auto string = [&](const char* name) {
    return json.HasMember(name) ? std::string(json[name].GetString()) : "";
  };
  const auto strings = [&](const char* name) {
    std::vector<std::string> values;
    if (!json.HasMember(name)) return values;
    for (const auto& each : json[name].GetArray()) values.emplace_back(each.GetString());
    return values;
  };
  report.finished = json["finished"].GetBool();
  report.memory = json["memory"].GetUint64();
  report.stopped = string("stopped");
  report.sometimes = strings("sometimes");
  report.property = string("property");
  report.what = string("what");
  report.doubts = string("doubts");
  report.steps = strings("steps");
  report.scenario = string("scenario");
  if (json.HasMember("code")) report.code = static_cast<ExitCode>(json["code"].GetInt());
}

}  // namespace

ExploringReport run_explore(const ExploringOptions& options,
                            const std::function<void(const sim::ExploreProgress&)>& progress) {
  ExploringReport report;
  Work work;
  work.count = 1;
  work.chunk = 1;
  work.budget = absl::InfiniteDuration();
  Employer employer;
  employer.hire = [&] { return std::make_unique<ExploreWorker>(options); };
  employer.received = [&](std::string_view message) {
    if (message[0] == 'R') return take_report(message.substr(1), report);
    CHECK(message.size() == 1 + sizeof report.progress);
    std::memcpy(&report.progress, message.data() + 1, sizeof report.progress);
    progress(report.progress);
  };
  employer.lost = [&](const Casualty& casualty) {
    report.code = ExitCode::kCrash;
    report.what = casualty.how;
  };
  const absl::Time begun = absl::Now();
  run_workers(work, employer);
  report.took = absl::Now() - begun;
  return report;
}

double states_per_s(const ExploringReport& report) {
  return static_cast<double>(report.progress.states) / absl::ToDoubleSeconds(report.took);
}

std::string to_json(const ExploringReport& report) {
  const sim::ExploreProgress& progress = report.progress;
  JsonText json;
  json.member("states_unique", progress.states);
  json.member("transitions", progress.transitions);
  json.member("states_per_s", states_per_s(report));
  json.member("bytes_per_state", progress.bytes_per_state);
  json.member("finished", report.finished);
  json.member("stopped", report.stopped);
  json.member("depth", progress.depth);
  json.member("states_at_rest", progress.rests);
  json.member("distinct_parts", progress.parts);
  json.member("distinct_events", progress.events);
  json.member("distinct_deliveries", progress.deliveries);
  json.member("memory_bytes", report.memory);
  json.member("collision_log2", progress.collision_log2);
  json.member("seconds", absl::ToDoubleSeconds(report.took));
  json.open_array("sometimes");
  for (const std::string& fact : report.sometimes) json.element(fact);
  json.close_array();
  json.open_array("findings");
  if (report.code != ExitCode::kHeld) {
    json.open_object();
    json.member("exit_code", static_cast<int>(report.code));
    json.member("property", report.property);
    json.member("what", report.what);
    json.member("doubts", report.doubts);
    json.open_array("steps");
    for (const std::string& step : report.steps) json.element(step);
    json.close_array();
    json.member("scenario", report.scenario);
    json.close_object();
  }
  json.close_array();
  return json.take();
}

std::string summary(const ExploringReport& report) {
  const sim::ExploreProgress& progress = report.progress;
  std::string text =
      absl::StrCat(with_commas(progress.states), " states and ", with_commas(progress.transitions),
                   " transitions in ", for_people(report.took), " (",
                   with_commas(static_cast<std::uint64_t>(states_per_s(report))), " states/s), ",
                   with_commas(progress.bytes_per_state), " bytes a state, ",
                   with_commas(report.memory >> 20), " MiB at most\n");
  absl::StrAppend(&text, with_commas(progress.rests), " states at rest; ",
                  with_commas(progress.parts), " distinct parts; ",
                  with_commas(progress.deliveries), " distinct deliveries ran real code\n");
  absl::StrAppend(&text, "the chance that two states were taken for one is below 2^",
                  progress.collision_log2, "\n");
  return text;
}

}  // namespace quickbite::cli
