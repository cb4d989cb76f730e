#include "adapters/metrics/registry.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "adapters/metrics/process_numbers.h"

namespace quickbite::metrics {
namespace {

bool has(const std::string& text, const std::string& line) { return ("\n" + text).find("\n" + line + "\n") != std::string::npos; }

TEST(Registry, TellsWhatWasCountedByNameAndLabels) {
  Registry registry;
  const Counter ok = registry.counter("stores_total", "Stored.", {{"outcome", "ok"}});
  registry.counter("stores_total", "Stored.", {{"outcome", "aborted"}});
  ok.add();
  ok.add(2);
  registry.gauge("depth_rows", "Depth.").set(7.5);
  const std::string text = registry.text();
  EXPECT_TRUE(has(text, "# TYPE stores_total counter")) << text;
  EXPECT_TRUE(has(text, "stores_total{outcome=\"ok\"} 3")) << text;
  EXPECT_TRUE(has(text, "stores_total{outcome=\"aborted\"} 0")) << text;
  EXPECT_TRUE(has(text, "depth_rows 7.5")) << text;
}

TEST(Registry, TheSameNameAndLabelsAreTheSameNumber) {
  Registry registry;
  registry.counter("a_total", "A.", {{"x", "1"}}).add();
  registry.counter("a_total", "A.", {{"x", "1"}}).add();
  EXPECT_TRUE(has(registry.text(), "a_total{x=\"1\"} 2"));
}

TEST(Registry, AHistogramCountsByUpperBounds) {
  Registry registry;
  const Histogram took = registry.histogram("took_seconds", "Took.", {0.1, 1});
  for (const double value : {0.1, 0.5, 20.0}) took.observe(value);
  const std::string text = registry.text();
  EXPECT_TRUE(has(text, "took_seconds_bucket{le=\"0.1\"} 1")) << text;
  EXPECT_TRUE(has(text, "took_seconds_bucket{le=\"1\"} 2")) << text;
  EXPECT_TRUE(has(text, "took_seconds_bucket{le=\"+Inf\"} 3")) << text;
  EXPECT_TRUE(has(text, "took_seconds_count 3")) << text;
}

TEST(Registry, AsksAtEveryScrape) {
  Registry registry;
  const Gauge asked = registry.gauge("asked", "Asked.");
  int count = 0;
  registry.on_scrape([&] { asked.set(++count); });
  EXPECT_TRUE(has(registry.text(), "asked 1"));
  EXPECT_TRUE(has(registry.text(), "asked 2"));
}

TEST(Registry, ManyThreadsCountAndScrapeAtOnce) {
  Registry registry;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      const Counter mine = registry.counter("n_total", "N.");
      for (int i = 0; i < 1000; ++i) mine.add();
      registry.text();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(has(registry.text(), "n_total 4000"));
}

TEST(Registry, AHandleOfNothingCountsNothing) {
  Counter().add();
  Gauge().set(1);
  Histogram().observe(1);
}

TEST(ProcessNumbers, AreThoseOfThisProcess) {
  Registry registry;
  add_process_numbers(registry);
  const auto value = [&](const std::string& name) {
    const std::string text = "\n" + registry.text();
    const std::size_t at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1.0 : std::stod(text.substr(at + name.size() + 2));
  };
  const double before = value("process_cpu_seconds_total");
  volatile double burn = 1;
  while (value("process_cpu_seconds_total") < before + 0.05) {
    for (int i = 0; i < 100'000; ++i) burn = burn * 1.0000001;
  }
  EXPECT_GT(value("process_resident_memory_bytes"), 1e6);
  EXPECT_GT(value("process_virtual_memory_bytes"), value("process_resident_memory_bytes"));
  EXPECT_GE(value("process_open_fds"), 3);
  EXPECT_GE(value("process_max_fds"), value("process_open_fds"));
  EXPECT_GE(value("process_threads"), 1);
  EXPECT_GT(value("process_start_time_seconds"), 1.6e9);
}

}  // namespace
}  // namespace quickbite::metrics
