#include "proptests/e2e/sanitizer_reports.h"

#include <filesystem>
#include <fstream>
#include <string_view>

namespace quickbite {
namespace {

// As their runtimes begin and sum up a report.
bool is_report(std::string_view line) {
  for (const std::string_view mark : {"AddressSanitizer", "LeakSanitizer", "ThreadSanitizer", "UndefinedBehaviorSanitizer"}) {
    if (line.find(mark) != line.npos && line.find("Suppressions used") == line.npos) return true;
  }
  return line.find(": runtime error: ") != line.npos;
}

}  // namespace

std::string sanitizer_reports(const std::string& folder) {
  std::string found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".log") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      if (is_report(line)) found += entry.path().filename().string() + ": " + line + "\n";
    }
  }
  return found;
}

}  // namespace quickbite
