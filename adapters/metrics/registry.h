// Registry: the numbers of a process, by name and labels, and the text that Prometheus scrapes (exposition format 0.0.4).
//
//   metrics::Counter stores = registry.counter("quickbite_stores_total", "Transactions stored.", {{"outcome", "ok"}});
//   stores.add();
//
// Asking again for the same name and labels gives the same number. Names and labels are constants of ours: a name that Prometheus
// does not allow, or that is of two kinds, is a bug. Label values come from closed sets, never from a request: each new one is
// kept for as long as the process lives. Any thread may use all of it; adding costs some tens of nanoseconds.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace quickbite::metrics {

using Labels = std::map<std::string, std::string>;

// Handles: cheap to copy, good for as long as their Registry. What was made by default counts nothing.
class Counter {
 public:
  Counter() = default;
  explicit Counter(prometheus::Counter* counter) : counter_(counter) {}
  void add(double more = 1) const;  // from 0 on

 private:
  prometheus::Counter* counter_ = nullptr;
};

class Gauge {
 public:
  Gauge() = default;
  explicit Gauge(prometheus::Gauge* gauge) : gauge_(gauge) {}
  void set(double value) const;

 private:
  prometheus::Gauge* gauge_ = nullptr;
};

class Histogram {
 public:
  Histogram() = default;
  explicit Histogram(prometheus::Histogram* histogram) : histogram_(histogram) {}
  void observe(double value) const;

 private:
  prometheus::Histogram* histogram_ = nullptr;
};

// Upper bounds: of durations in seconds from half a millisecond to half a minute; of durations up to an hour; of sizes.
const std::vector<double>& short_durations();
const std::vector<double>& long_durations();
const std::vector<double>& sizes();

class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // `help` is the same for all labels of a name; so are the bounds, ascending, of a histogram.
  Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                      const Labels& labels = {});

  // `refresh` is called by each scrape before it reads, one scrape at a time, by whichever thread scrapes.
  void on_scrape(std::function<void()> refresh);

  std::string text();
  static constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct Kept;
  const std::unique_ptr<Kept> kept_;
};

}  // namespace quickbite::metrics
