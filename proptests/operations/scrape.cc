#include "proptests/operations/scrape.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>
#include <utility>

namespace quickbite {

Scrape Scrape::of(const RunningService& service) {
  const HttpAnswer answer = service.get("/metrics");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(header(answer.headers, "content-type"), "text/plain; version=0.0.4; charset=utf-8");
  return Scrape(answer.body);
}

Scrape::Scrape(std::string text) : text_(std::move(text)) {
  std::istringstream lines(text_);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t brace = line.find('}');
    const std::size_t end = line.find(' ', brace == std::string::npos ? 0 : brace);
    if (end == std::string::npos) {
      ADD_FAILURE() << "no sample: " << line;
      continue;
    }
    samples_[line.substr(0, end)] = std::strtod(line.c_str() + end, nullptr);
  }
}

std::optional<double> Scrape::value(const std::string& sample) const {
  const auto at = samples_.find(sample);
  return at == samples_.end() ? std::nullopt : std::optional(at->second);
}

double Scrape::sum(const std::string& name, const std::set<std::string>& labels) const {
  double sum = 0;
  for (const auto& [sample, value] : samples_) {
    if (sample.substr(0, sample.find('{')) != name) continue;
    bool all = true;
    for (const std::string& label : labels) all = all && sample.find(label) != std::string::npos;
    if (all) sum += value;
  }
  return sum;
}

std::set<std::string> Scrape::names() const {
  std::set<std::string> names;
  for (const auto& [sample, value] : samples_) names.insert(sample.substr(0, sample.find('{')));
  return names;
}

}  // namespace quickbite
