#include "services/cli/sweep_text.h"

#include <cstddef>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "domain/property/property.h"
#include "services/cli/json_text.h"

namespace quickbite::cli {
namespace {

constexpr std::size_t kNameWidth = 52;

// "1,234" at the right edge, or "never".
std::string count_cell(std::uint64_t count, const Paint& paint) {
  const std::string text = absl::StrFormat("%12s", count == 0 ? "never" : with_commas(count));
  return count == 0 ? paint(Colour::kRed, text) : text;
}

std::string crash_row(const Tally& tally, sim::Role role, sim::Verb verb, const Paint& paint) {
  std::string row = absl::StrFormat("  %-20s%-16s", to_string(role), to_string(verb));
  for (std::size_t phase = 0; phase < sim::kPhases; ++phase) {
    row += count_cell(
        tally.given.crashes[sim::Given::cell(role, verb, static_cast<sim::Phase>(phase))], paint);
  }
  return row + "\n";
}

std::string crash_table(const Tally& tally, const Paint& paint) {
  std::string text = paint(Colour::kBold, absl::StrFormat("%-38s", "Crashes"));
  for (std::size_t phase = 0; phase < sim::kPhases; ++phase) {
    text +=
        paint(Colour::kBold, absl::StrFormat("%12s", to_string(static_cast<sim::Phase>(phase))));
  }
  text += "\n";
  for (std::size_t role = 0; role < sim::kMachineRoles; ++role) {
    for (std::size_t verb = 0; verb < sim::kVerbs; ++verb) {
      const auto r = static_cast<sim::Role>(role);
      const auto v = static_cast<sim::Verb>(verb);
      if (sim::has_effect(r, v)) text += crash_row(tally, r, v, paint);
    }
  }
  return text;
}

// Names and counts in two columns of a screen.
class Pairs {
 public:
  explicit Pairs(std::string_view title, const Paint& paint)
      : paint_(paint), text_(paint(Colour::kBold, title) + "\n") {}
  void add(std::string_view name, std::uint64_t count, bool must) {
    const std::string cell =
        must || count != 0 ? count_cell(count, paint_) : absl::StrFormat("%12s", "-");
    text_ += absl::StrFormat("  %-*s%s\n", static_cast<int>(kNameWidth), name, cell);
  }
  std::string take() { return std::move(text_); }

 private:
  const Paint& paint_;
  std::string text_;
};

void put_crashes(JsonText& json, const Tally& tally) {
  json.open_array("crashes");
  for (std::size_t role = 0; role < sim::kMachineRoles; ++role) {
    for (std::size_t verb = 0; verb < sim::kVerbs; ++verb) {
      for (std::size_t phase = 0; phase < sim::kPhases; ++phase) {
        const auto r = static_cast<sim::Role>(role);
        const auto v = static_cast<sim::Verb>(verb);
        const auto p = static_cast<sim::Phase>(phase);
        if (!sim::has_effect(r, v)) continue;
        json.open_object();
        json.member("role", to_string(r));
        json.member("effect", to_string(v));
        json.member("phase", to_string(p));
        json.member("fired", tally.given.crashes[sim::Given::cell(r, v, p)]);
        json.close_object();
      }
    }
  }
  json.close_array();
}

void put_counts(JsonText& json, const Tally& tally) {
  json.open_object("verdicts");
  for (std::size_t v = 1; v < sim::kVerdicts; ++v) {
    if (!sim::by_luck(static_cast<sim::Verdict>(v))) continue;
    json.member(to_string(static_cast<sim::Verdict>(v)), tally.given.verdicts[v]);
  }
  json.close_object();
  json.open_object("sometimes");
  for (std::size_t fact = 0; fact < static_cast<std::size_t>(sim::Sometimes::kCount); ++fact) {
    json.member(to_string(static_cast<sim::Sometimes>(fact)), tally.sometimes[fact]);
  }
  json.close_object();
  json.open_object("drawn");
  for (std::size_t i = 0; i < traits().size(); ++i) json.member(traits()[i].name, tally.drawn[i]);
  json.close_object();
}

std::string command_of(const SweepFinding& finding) {
  return absl::StrCat("./quickbite sim --seed ", finding.seed);
}

void put_findings(JsonText& json, const SweepReport& report) {
  json.open_array("findings");
  for (const SweepFinding& finding : report.findings) {
    json.open_object();
    json.member("seed", finding.seed);
    json.member("exit_code", static_cast<std::uint64_t>(finding.code));
    json.member("property", finding.property);
    json.member("what", finding.what);
    json.member("drawn", sim::describe(sim::draw(finding.seed)));
    json.member("command", command_of(finding));
    json.close_object();
  }
  json.close_array();
}

std::string_view title_of(std::string_view id) {
  for (const property::Property& property : property::properties()) {
    if (property.id == id) return property.title;
  }
  return "";
}

std::string_view kind_of(ExitCode code) {
  switch (code) {
    case ExitCode::kSafety:
      return "Safety";
    case ExitCode::kLiveness:
      return "Liveness";
    case ExitCode::kCrash:
      return "Crash or hang";
    case ExitCode::kNondeterminism:
      return "Nondeterminism";
    default:
      return "Failed";
  }
}

}  // namespace

std::string tables(const Tally& tally, const Paint& paint) {
  std::string text = crash_table(tally, paint);
  Pairs faults("\nFaults of the network, the databases and the broker, by luck", paint);
  for (std::size_t v = 2; v < sim::kVerdicts; ++v) {
    if (!sim::by_luck(static_cast<sim::Verdict>(v))) continue;
    faults.add(to_string(static_cast<sim::Verdict>(v)), tally.given.verdicts[v], true);
  }
  Pairs sometimes("\nSometimes: runs in which it happened", paint);
  for (std::size_t fact = 0; fact < static_cast<std::size_t>(sim::Sometimes::kCount); ++fact) {
    sometimes.add(to_string(static_cast<sim::Sometimes>(fact)), tally.sometimes[fact], true);
  }
  Pairs drawn("\nDrawn: runs that had it", paint);
  for (std::size_t i = 0; i < traits().size(); ++i)
    drawn.add(traits()[i].name, tally.drawn[i], false);
  return text + faults.take() + sometimes.take() + drawn.take();
}

std::string story(const SweepFinding& finding, const Paint& paint) {
  std::string text = paint(
      Colour::kRed, absl::StrCat(std::string(kind_of(finding.code)), ": seed ", finding.seed));
  if (!finding.property.empty()) {
    absl::StrAppend(&text, "\n  ", finding.property, "  ", std::string(title_of(finding.property)));
  }
  absl::StrAppend(&text, "\n  ", finding.what,
                  "\n  drawn: ", sim::describe(sim::draw(finding.seed)),
                  "\n  again: ", command_of(finding), "\n  every step of it: ", command_of(finding),
                  " --trace\n");
  // What ends the process that looks at it cannot be looked at again and again.
  if (!finding.property.empty()) absl::StrAppend(&text, "  smaller: ", command_of(finding), " --shrink\n");
  return text;
}

std::string to_json(const SweepOptions& options, const SweepReport& report) {
  JsonText json;
  json.member("first_seed", options.first);
  json.member("runs", report.done);
  json.member("seconds", absl::ToDoubleSeconds(report.took));
  json.member("runs_per_s", static_cast<double>(report.done) / absl::ToDoubleSeconds(report.took));
  json.member("jobs", options.jobs);
  json.member("events", report.tally.events);
  json.member("requests", report.tally.requests);
  json.member("run_twice", report.tally.run_twice);
  put_crashes(json, report.tally);
  put_counts(json, report.tally);
  json.open_array("never");
  for (const std::string& name : never_seen(report.tally)) json.element(name);
  json.close_array();
  if (options.hashes) {
    json.open_object("hashes");
    for (const auto& [seed, hash] : report.hashes)
      json.member(absl::StrCat(seed), absl::StrFormat("%016x", hash));
    json.close_object();
  }
  put_findings(json, report);
  return json.take();
}

}  // namespace quickbite::cli
