#include "proptests/architecture/paths.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "proptests/architecture/text.h"

namespace quickbite::architecture {
namespace {

constexpr std::size_t kLinesMax = 400;

constexpr std::array kEmptyNames = {"util", "utils", "common", "misc", "helper", "helpers"};

// In two parts each, so that this file does not mention them.
constexpr std::array kMachinePaths = {
    "/wo"
    "rk/",
    "/ho"
    "me/",
    "/ro"
    "ot/",
    ".lib"
    "rary/"};
constexpr std::array kRegistryHosts = {
    "deb.deb"
    "ian.org",
    "archive.ubu"
    "ntu.com",
    "py"
    "pi.org",
    "pythonhos"
    "ted.org",
    "crat"
    "es.io",
    "registry.npm"
    "js.org",
    "proxy.gol"
    "ang.org",
    "repo1.ma"
    "ven.org",
    "repo.maven.apa"
    "che.org"};

// Only what begins a path is a machine's: within one it is somebody's folder.
bool begins_path(std::string_view line, std::size_t at) {
  if (at == 0) return true;
  const char before = line[at - 1];
  return std::isalnum(static_cast<unsigned char>(before)) == 0 &&
         std::string_view("_-./}~*").find(before) == std::string_view::npos;
}

bool mentions(std::string_view line, std::string_view word) {
  for (auto at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
    if (!word.starts_with('/') || begins_path(line, at)) return true;
  }
  return false;
}

}  // namespace

Findings folder_findings(std::string_view path) {
  Findings findings;
  std::string_view rest = path;
  for (auto slash = rest.find('/'); slash != rest.npos; slash = rest.find('/')) {
    const std::string_view folder = rest.substr(0, slash);
    if (std::ranges::find(kEmptyNames, folder) != kEmptyNames.end()) {
      findings.push_back(
          {std::string(path), 0,
           "the folder " + std::string(folder) + " does not say what belongs in it"});
    }
    rest.remove_prefix(slash + 1);
  }
  return findings;
}

Findings registration_findings(const std::vector<std::string>& found,
                               const std::vector<std::string>& registered) {
  Findings findings;
  for (const std::string& path : found) {
    if (std::ranges::find(registered, path) == registered.end()) {
      findings.push_back({path, 0, "nothing in the build runs it"});
    }
  }
  for (const std::string& path : registered) {
    if (std::ranges::find(found, path) == found.end()) {
      findings.push_back({path, 0, "is registered, but it is not there"});
    }
  }
  return findings;
}

Findings mention_findings(std::string_view path, std::string_view text) {
  Findings findings;
  int number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    for (const std::string_view word : kMachinePaths) {
      if (mentions(line, word)) {
        findings.push_back(
            {std::string(path), number, "names a path of one machine: " + std::string(word)});
      }
    }
    for (const std::string_view word : kRegistryHosts) {
      if (mentions(line, word)) {
        findings.push_back(
            {std::string(path), number, "names a package registry: " + std::string(word)});
      }
    }
  }
  return findings;
}

Findings length_warnings(std::string_view path, std::string_view text) {
  const std::size_t lines = lines_of(text).size();
  if (lines <= kLinesMax) return {};
  return {{std::string(path), 0,
           "has " + std::to_string(lines) + " lines; past " + std::to_string(kLinesMax) +
               " a file wants to be two"}};
}

}  // namespace quickbite::architecture
