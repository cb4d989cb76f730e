#include "services/cli/scenario_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sim/plan/parse.h"

namespace quickbite::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".scenario";

// One byte more than a scenario may have, so that the parser can say that it is too long.
std::variant<std::string, Unreadable> read(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return Unreadable{absl::StrCat(path, ": is a folder")};
  std::ifstream file(path, std::ios::binary);
  if (!file) return Unreadable{absl::StrCat(path, ": ", std::strerror(errno))};
  std::string text(sim::kPlanBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return Unreadable{absl::StrCat(path, ": ", std::strerror(errno))};
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

std::variant<ScenarioFile, Unreadable> read_scenario(const std::string& path) {
  auto text = read(path);
  if (auto* unreadable = std::get_if<Unreadable>(&text)) return std::move(*unreadable);
  ScenarioFile file{path, std::get<std::string>(std::move(text)), {}};
  auto plan = sim::parse_plan(file.text);
  if (const auto* error = std::get_if<sim::ParseError>(&plan))
    return Unreadable{to_string(*error, path)};
  file.plan = std::get<sim::Plan>(std::move(plan));
  return file;
}

std::vector<std::string> expand_folders(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    const auto begin = static_cast<std::ptrdiff_t>(files.size());
    for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
      if (entry.path().extension() == kExtension) files.push_back(entry.path().string());
    }
    std::sort(files.begin() + begin, files.end());
  }
  return files;
}

int line_of(std::string_view text, std::string_view word, std::size_t index) {
  for (int number = 1; !text.empty(); ++number) {
    const auto newline = text.find('\n');
    std::string_view line = text.substr(0, newline);
    text = newline == text.npos ? std::string_view{} : text.substr(newline + 1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.substr(0, line.find_first_of(" \t")) != word) continue;
    if (index-- == 0) return number;
  }
  return 0;
}

}  // namespace quickbite::cli
