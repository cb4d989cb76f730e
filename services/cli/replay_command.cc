#include "services/cli/replay_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/cli/json_text.h"
#include "services/cli/replay.h"
#include "services/cli/scenario_file.h"
#include "services/cli/terminal.h"
#include "services/cli/workers.h"

namespace quickbite::cli {
namespace {

struct Flags {
  std::vector<std::string> paths;
  bool trace = false;
  bool json = false;
};

std::string place_of(const ScenarioFile& file, const Replayed& result) {
  return result.line == 0 ? file.path : absl::StrCat(file.path, ":", result.line);
}

std::string blame_of(const Replayed& result) {
  return result.property.empty() ? result.what : absl::StrCat(result.property, ": ", result.what);
}

void print_json(const std::vector<ScenarioFile>& files, const std::vector<Replayed>& results,
                const std::vector<std::vector<std::string>>& traces, bool trace) {
  JsonText json;
  json.open_array("scenarios");
  for (std::size_t i = 0; i < files.size(); ++i) {
    json.open_object();
    json.member("file", files[i].path);
    json.member("title", files[i].plan.title);
    json.member("held", results[i].code == ExitCode::kHeld);
    json.member("exit_code", static_cast<int>(results[i].code));
    json.member("property", results[i].property);
    json.member("what", results[i].what);
    json.member("line", results[i].line);
    json.member("hash", absl::StrFormat("%016x", results[i].trace_hash));
    json.member("events", results[i].events);
    if (trace) {
      json.open_array("trace");
      for (const std::string& line : traces[i]) json.element(line);
      json.close_array();
    }
    json.close_object();
  }
  json.close_array();
  std::cout << json.take() << std::endl;
}

void print_result(const ScenarioFile& file, const Replayed& result, bool traced) {
  const Paint paint(STDOUT_FILENO);
  if (result.code == ExitCode::kHeld) {
    std::cout << paint(Colour::kGreen, "held") << "    " << file.path;
    if (!file.plan.title.empty()) std::cout << "  " << paint(Colour::kDim, file.plan.title);
    std::cout << "\n";
    return;
  }
  std::cout << paint(Colour::kRed, "FAILED") << "  " << place_of(file, result) << ": "
            << blame_of(result) << "\n";
  if (!traced)
    std::cout << "        every step of it: ./quickbite replay --trace " << file.path << "\n";
}

void print_all(const std::vector<ScenarioFile>& files, const std::vector<Replayed>& results,
               bool traced) {
  for (std::size_t i = 0; i < files.size(); ++i) print_result(files[i], results[i], traced);
  const auto held = std::ranges::count(results, ExitCode::kHeld, &Replayed::code);
  if (files.size() > 1)
    std::cout << held << " held, " << files.size() - static_cast<std::size_t>(held) << " failed\n";
  std::cout << std::flush;
}

// All of them, or none where one cannot be understood: then each such is told.
std::optional<std::vector<ScenarioFile>> read_all(const std::vector<std::string>& paths) {
  std::vector<ScenarioFile> files;
  bool all = true;
  for (const std::string& path : expand_folders(paths)) {
    auto file = read_scenario(path);
    if (const auto* unreadable = std::get_if<Unreadable>(&file)) {
      std::cerr << unreadable->what << "\n";
      all = false;
    } else {
      files.push_back(std::get<ScenarioFile>(std::move(file)));
    }
  }
  if (all && files.empty()) std::cerr << "quickbite: no scenario there\n";
  if (!all || files.empty()) return std::nullopt;
  return files;
}

ExitCode run(const Flags& flags) {
  const auto files = read_all(flags.paths);
  if (!files) return ExitCode::kUsage;
  // Traces come one after the other.
  const int jobs = flags.trace ? 1 : std::min(cores(), static_cast<int>(files->size()));
  std::vector<std::vector<std::string>> traces(files->size());
  std::size_t begun = files->size();
  const auto told = [&](std::size_t file, std::string_view line) {
    if (flags.json) {
      traces[file].emplace_back(line);
      return;
    }
    if (file != begun) std::cout << (*files)[file].path << "\n";
    begun = file;
    std::cout << line << "\n";
  };
  const std::vector<Replayed> results =
      replay(*files, {flags.trace, absl::Seconds(60), jobs}, told);
  if (flags.json)
    print_json(*files, results, traces, flags.trace);
  else
    print_all(*files, results, flags.trace);
  ExitCode code = ExitCode::kHeld;
  for (const Replayed& result : results) code = worse(code, result.code);
  return code;
}

}  // namespace

Action declare_replay(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  app.add_option("FILE", flags->paths, "scenario files, or folders of them")->required();
  app.add_flag("--trace", flags->trace, "tell every step");
  app.add_flag("--json", flags->json, "print one JSON object");
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli
