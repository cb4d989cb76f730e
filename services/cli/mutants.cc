#include "services/cli/mutants.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/cli/exit_code.h"
#include "services/cli/process.h"
#include "services/cli/scenario_file.h"

namespace quickbite::cli {
namespace {

namespace fs = std::filesystem;

// What building the command needs.
constexpr std::array<std::string_view, 8> kCopied = {
    "CMakeLists.txt", "CMakePresets.json", "cmake", "docs", "domain", "sim", "adapters", "services"};

std::string text_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// Writes only what differs, so that a build after it does only what is needed.
absl::Status mirror_file(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (fs::exists(to, error) && fs::file_size(to, error) == fs::file_size(from, error) &&
      text_of(from) == text_of(to)) {
    return absl::OkStatus();
  }
  fs::create_directories(to.parent_path(), error);
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  if (error) return absl::UnavailableError(absl::StrCat(to.string(), ": ", error.message()));
  return absl::OkStatus();
}

absl::Status mirror_folder(const fs::path& from, const fs::path& to) {
  std::set<fs::path> wanted;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(from, error)) {
    if (!entry.is_regular_file()) continue;
    const fs::path relative = fs::relative(entry.path(), from);
    wanted.insert(relative);
    if (absl::Status copied = mirror_file(entry.path(), to / relative); !copied.ok()) return copied;
  }
  if (error) return absl::NotFoundError(absl::StrCat(from.string(), ": ", error.message()));
  std::vector<fs::path> strays;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(to, error)) {
    if (entry.is_regular_file() && !wanted.contains(fs::relative(entry.path(), to)))
      strays.push_back(entry.path());
  }
  for (const fs::path& stray : strays) fs::remove(stray, error);
  return absl::OkStatus();
}

// What `quickbite sim --json` and `quickbite explore --json` tell of the first finding.
Hunt read_hunt(const std::string& ground, const Ended& ended) {
  Hunt hunt{ground, false, "", 0, absl::ToDoubleSeconds(ended.took)};
  hunt.killed = ended.timed_out || (ended.code != static_cast<int>(ExitCode::kHeld) &&
                                    ended.code != static_cast<int>(ExitCode::kFailed));
  if (ended.timed_out) hunt.property = "no end";
  rapidjson::Document json;
  json.Parse(ended.out.data(), ended.out.size());
  if (json.HasParseError() || !json.IsObject()) return hunt;
  for (const char* count : {"runs", "states_unique"}) {
    if (json.HasMember(count) && json[count].IsUint64()) hunt.seeds = json[count].GetUint64();
  }
  if (!json.HasMember("findings") || !json["findings"].IsArray() || json["findings"].Empty())
    return hunt;
  const auto& finding = json["findings"][0];
  const auto text = [&](const char* name) {
    return finding.HasMember(name) && finding[name].IsString() ? finding[name].GetString() : "";
  };
  hunt.property = text("property");
  if (hunt.property.empty()) hunt.property = text("what");
  if (finding.HasMember("seed") && json.HasMember("first_seed")) {
    hunt.seeds = finding["seed"].GetUint64() - json["first_seed"].GetUint64() + 1;
  }
  return hunt;
}

// "sim", or "explore" and its bounds.
bool is_ground(const std::string& ground) {
  const std::string first = ground.substr(0, ground.find(' '));
  return first == "sim" || first == "explore";
}

}  // namespace

bool MutantResult::killed() const {
  return !hunts.empty() && std::ranges::all_of(hunts, [](const Hunt& hunt) { return hunt.killed; });
}

absl::StatusOr<Mutant> parse_mutant(const std::string& path, const std::string& text) {
  Mutant mutant;
  mutant.patch_path = path;
  const auto wrong = [&](int line, std::string_view expected) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", line, ":1: expected ", std::string(expected)));
  };
  int number = 0;
  bool diff = false;
  for (const absl::string_view row : absl::StrSplit(text, '\n')) {
    ++number;
    if (absl::StartsWith(row, "--- ")) {
      diff = true;
      break;
    }
    const std::pair<std::string, std::string> field = absl::StrSplit(row, absl::MaxSplits(": ", 1));
    const auto& [name, value] = field;
    if (name == "Mutant") {
      if (!absl::SimpleAtoi(value, &mutant.number)) return wrong(number, "'Mutant: ' and a number");
    } else if (name == "Bug") {
      mutant.bug = value;
    } else if (name == "Shows") {
      mutant.shows = value;
    } else if (name == "Ground") {
      mutant.grounds = absl::StrSplit(value, ", ");
      if (!std::ranges::all_of(mutant.grounds, is_ground))
        return wrong(number, "'Ground: ' and sim, explore with its bounds, or both");
    } else if (!row.empty()) {
      return wrong(number, "'Mutant: ', 'Bug: ', 'Shows: ', 'Ground: ' or the diff");
    }
  }
  if (!diff) return wrong(number, "a unified diff");
  if (mutant.number == 0 || mutant.bug.empty() || mutant.shows.empty() || mutant.grounds.empty()) {
    return wrong(1, "lines with 'Mutant: ', 'Bug: ', 'Shows: ' and 'Ground: ' before the diff");
  }
  if (fs::path(path).stem() != absl::StrCat(mutant.number)) {
    return wrong(1, absl::StrCat("a file called ", mutant.number, ".patch"));
  }
  return mutant;
}

absl::StatusOr<std::vector<Mutant>> read_mutants(const std::string& folder) {
  std::vector<Mutant> mutants;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".patch") continue;
    absl::StatusOr<Mutant> mutant = parse_mutant(entry.path().string(), text_of(entry.path()));
    if (!mutant.ok()) return mutant.status();
    mutants.push_back(*std::move(mutant));
  }
  if (error) return absl::NotFoundError(absl::StrCat(folder, ": ", error.message()));
  std::ranges::sort(mutants, {}, &Mutant::number);
  return mutants;
}

absl::StatusOr<MutantResult> MutantLab::examine(const Mutant& mutant) {
  if (absl::Status copied = copy_sources(); !copied.ok()) return copied;
  if (absl::Status built = build(mutant); !built.ok()) return built;
  MutantResult result{mutant.number, mutant.bug, {}};
  for (const std::string& ground : mutant.grounds) {
    absl::StatusOr<Hunt> hunted = hunt(ground);
    if (!hunted.ok()) return hunted.status();
    result.hunts.push_back(*std::move(hunted));
  }
  for (const std::string& scenario : expand_folders({options_.source + "/scenarios"})) {
    auto file = read_scenario(scenario);
    if (const auto* unreadable = std::get_if<Unreadable>(&file))
      return absl::InvalidArgumentError(unreadable->what);
    if (!std::ranges::count(std::get<ScenarioFile>(file).plan.kills, mutant.number)) continue;
    absl::StatusOr<Hunt> hunted = hunt_by_scenario(scenario);
    if (!hunted.ok()) return hunted.status();
    result.hunts.push_back(*std::move(hunted));
  }
  return result;
}

absl::Status MutantLab::copy_sources() {
  for (const std::string_view name : kCopied) {
    const fs::path from = fs::path(options_.source) / name;
    const fs::path to = fs::path(path("source")) / name;
    const absl::Status copied =
        fs::is_directory(from) ? mirror_folder(from, to) : mirror_file(from, to);
    if (!copied.ok()) return copied;
  }
  return absl::OkStatus();
}

absl::Status MutantLab::build(const Mutant& mutant) {
  const std::string doing = absl::StrCat("mutant ", mutant.number, ": building");
  const std::string patch = fs::absolute(mutant.patch_path).string();
  if (absl::Status patched =
          run({"patch", "-p1", "--batch", "--forward", "--fuzz=0", "-i", patch}, path("source"), doing);
      !patched.ok()) {
    return patched;
  }
  if (!fs::exists(path("source/build/release/build.ninja"))) {
    const absl::Status configured = run({"cmake", "-S", path("source"), "-B", path("source/build/release"), "-G",
                                         "Ninja", "-DCMAKE_BUILD_TYPE=Release"},
                                        options_.folder, doing);
    if (!configured.ok()) return configured;
  }
  return run({"ninja", "-C", path("source/build/release"), "quickbite"}, options_.folder, doing);
}

absl::Status MutantLab::run(std::vector<std::string> command, const std::string& folder,
                            const std::string& doing) {
  const std::string what = command[0];
  const std::string log = path("lab.log");
  const absl::StatusOr<Ended> ended =
      run_program({std::move(command), folder, log, absl::Hours(1), [&] { options_.tell(doing); }});
  if (!ended.ok()) return ended.status();
  if (ended->code == 0) return absl::OkStatus();
  std::ofstream(log, std::ios::app) << ended->out;
  return absl::FailedPreconditionError(absl::StrCat(doing, ": ", what, " failed with code ",
                                                    ended->code, "; all that it said is in ", log));
}

absl::StatusOr<Hunt> MutantLab::hunt(const std::string& ground) {
  std::vector<std::string> command = {path("source/build/release/bin/quickbite")};
  for (const absl::string_view word : absl::StrSplit(ground, ' ')) command.emplace_back(word);
  command.emplace_back("--json");
  if (ground == "sim") command.insert(command.end(), {"--seeds", absl::StrCat(options_.seeds)});
  const absl::StatusOr<Ended> ended =
      run_program({std::move(command), options_.folder, path("lab.log"), options_.patience,
                   [&] { options_.tell("hunting by " + ground); }});
  if (!ended.ok()) return ended.status();
  if (ended->code == static_cast<int>(ExitCode::kUsage)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the mutant did not understand `quickbite ", ground, "`"));
  }
  return read_hunt(ground, *ended);
}

absl::StatusOr<Hunt> MutantLab::hunt_by_scenario(const std::string& scenario) {
  const absl::StatusOr<Ended> ended = run_program(
      {{path("source/build/release/bin/quickbite"), "replay", "--json", fs::absolute(scenario).string()},
       options_.folder,
       path("lab.log"),
       options_.patience,
       [&] { options_.tell("replaying " + scenario); }});
  if (!ended.ok()) return ended.status();
  Hunt hunt{fs::relative(scenario, options_.source).string(),
            ended->code >= static_cast<int>(ExitCode::kSafety), "", 1,
            absl::ToDoubleSeconds(ended->took)};
  rapidjson::Document json;
  json.Parse(ended->out.data(), ended->out.size());
  if (json.HasParseError() || !json.IsObject() || !json.HasMember("scenarios") ||
      json["scenarios"].Empty())
    return hunt;
  const auto& first = json["scenarios"][0];
  hunt.property = first["property"].GetString();
  if (hunt.property.empty()) hunt.property = first["what"].GetString();
  return hunt;
}

}  // namespace quickbite::cli
