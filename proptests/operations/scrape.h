// A scrape of /metrics, read back: the samples of the text format 0.0.4.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "proptests/services/running.h"

namespace quickbite {

class Scrape {
 public:
  static Scrape of(const RunningService& service);  // a failure of the test where it is none
  explicit Scrape(std::string text);

  const std::string& text() const { return text_; }

  // Of one sample, written as in the text: "quickbite_ready" or "x_total{a=\"1\",b=\"2\"}".
  std::optional<double> value(const std::string& sample) const;
  // Of all samples of that name that have these labels among theirs, as in `machine="relay"`; none: 0.
  double sum(const std::string& name, const std::set<std::string>& labels = {}) const;
  // Every name that has a sample.
  std::set<std::string> names() const;

 private:
  std::string text_;
  std::map<std::string, double> samples_;
};

}  // namespace quickbite
