#include "services/cli/replay.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "domain/base/check.h"
#include "services/cli/sweep.h"
#include "services/cli/workers.h"
#include "sim/plan/print.h"
#include "sim/world/run_plan.h"

namespace quickbite::cli {
namespace {

// A message of a worker is the file's number and a blank, then either 'T' and a line of the trace,
// or 'R' and the result.
std::string to_message(std::size_t file, char kind, std::string_view text) {
  return absl::StrCat(file, " ", std::string(1, kind), std::string(text));
}

Replayed result_of(const ScenarioFile& file, const sim::Outcome& outcome) {
  Replayed result;
  result.code = code_of(outcome.ending);
  result.property = outcome.property;
  result.what = outcome.what;
  result.trace_hash = outcome.trace_hash;
  result.events = outcome.events;
  result.took_us = outcome.ended_at.us;
  if (outcome.ending == sim::Ending::kExpectation) {
    result.line = line_of(file.text, "finally", outcome.item);
  } else if (outcome.ending == sim::Ending::kUnfiredRule) {
    result.line = line_of(file.text, "when", outcome.item);
    result.what =
        absl::StrCat(sim::print_rule(file.plan.rules[outcome.item], file.plan), ": ", outcome.what);
  }
  return result;
}

std::string encoded(const Replayed& result) {
  rapidjson::StringBuffer out;
  rapidjson::Writer<rapidjson::StringBuffer> json(out);
  json.StartArray();
  json.Int(static_cast<int>(result.code));
  json.String(result.property.data(), static_cast<rapidjson::SizeType>(result.property.size()));
  json.String(result.what.data(), static_cast<rapidjson::SizeType>(result.what.size()));
  json.Int(result.line);
  json.Uint64(result.trace_hash);
  json.Uint64(result.events);
  json.Int64(result.took_us);
  json.EndArray();
  return out.GetString();
}

Replayed decoded(std::string_view text) {
  rapidjson::Document json;
  json.Parse(text.data(), text.size());
  CHECK(!json.HasParseError() && json.IsArray() && json.Size() == 7);
  return {static_cast<ExitCode>(json[0].GetInt()),
          json[1].GetString(),
          json[2].GetString(),
          json[3].GetInt(),
          json[4].GetUint64(),
          json[5].GetUint64(),
          json[6].GetInt64()};
}

class ReplayWorker final : public Worker {
 public:
  ReplayWorker(const std::vector<ScenarioFile>& files, bool trace) : files_(files), trace_(trace) {}

  void work(std::uint64_t item, Outbox& out) override {
    const ScenarioFile& file = files_[item];
    sim::Teller teller;
    if (trace_) {
      teller = [&](Instant at, const std::string& to, const std::string& what) {
        out.send(to_message(
            item, 'T',
            absl::StrFormat("%9.3f ms  %-24s %s", static_cast<double>(at.us) / 1000, to, what)));
      };
    }
    const sim::Outcome outcome = sim::run_plan(file.plan, {}, {}, decoder_, teller);
    out.send(to_message(item, 'R', encoded(result_of(file, outcome))));
  }

 private:
  const std::vector<ScenarioFile>& files_;
  bool trace_;
  sim::MemoDecoder decoder_;
};

}  // namespace

std::vector<Replayed> replay(
    const std::vector<ScenarioFile>& files, const ReplayOptions& options,
    const std::function<void(std::size_t file, std::string_view line)>& told) {
  std::vector<Replayed> results(files.size());
  Work work;
  work.count = files.size();
  work.chunk = 1;
  work.jobs = options.jobs;
  work.budget = options.budget;
  work.stop_at_casualty = false;
  Employer employer;
  employer.hire = [&] { return std::make_unique<ReplayWorker>(files, options.trace); };
  employer.received = [&](std::string_view message) {
    const std::size_t file = std::stoull(std::string(message));
    message.remove_prefix(message.find(' ') + 1);
    if (message[0] == 'T') told(file, message.substr(1));
    if (message[0] == 'R') results[file] = decoded(message.substr(1));
  };
  employer.lost = [&](const Casualty& casualty) {
    Replayed& result = results[casualty.item];
    result.code = ExitCode::kCrash;
    result.what = casualty.how;
  };
  run_workers(work, employer);
  return results;
}

}  // namespace quickbite::cli
