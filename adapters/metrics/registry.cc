#include "adapters/metrics/registry.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <utility>

namespace quickbite::metrics {

void Counter::add(double more) const {
  if (counter_ != nullptr) counter_->Increment(more);
}

void Gauge::set(double value) const {
  if (gauge_ != nullptr) gauge_->Set(value);
}

void Histogram::observe(double value) const {
  if (histogram_ != nullptr) histogram_->Observe(value);
}

const std::vector<double>& short_durations() {
  static const std::vector<double> bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  return bounds;
}

const std::vector<double>& long_durations() {
  static const std::vector<double> bounds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600, 3600};
  return bounds;
}

const std::vector<double>& sizes() {
  static const std::vector<double> bounds{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
  return bounds;
}

struct Registry::Kept {
  prometheus::Registry registry;
  std::mutex mutex;  // one scrape at a time; guards `refreshes`
  std::vector<std::function<void()>> refreshes;
};

Registry::Registry() : kept_(std::make_unique<Kept>()) {}
Registry::~Registry() = default;

Counter Registry::counter(const std::string& name, const std::string& help, const Labels& labels) {
  return Counter(&prometheus::BuildCounter().Name(name).Help(help).Register(kept_->registry).Add(labels));
}

Gauge Registry::gauge(const std::string& name, const std::string& help, const Labels& labels) {
  return Gauge(&prometheus::BuildGauge().Name(name).Help(help).Register(kept_->registry).Add(labels));
}

Histogram Registry::histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                              const Labels& labels) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(kept_->registry);
  return Histogram(&family.Add(labels, prometheus::Histogram::BucketBoundaries(bounds)));
}

void Registry::on_scrape(std::function<void()> refresh) {
  const std::lock_guard lock(kept_->mutex);
  kept_->refreshes.push_back(std::move(refresh));
}

std::string Registry::text() {
  const std::lock_guard lock(kept_->mutex);
  for (const auto& refresh : kept_->refreshes) refresh();
  return prometheus::TextSerializer().Serialize(kept_->registry.Collect());
}

}  // namespace quickbite::metrics
