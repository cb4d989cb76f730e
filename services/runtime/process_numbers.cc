#include "services/runtime/process_numbers.h"

#include <string>

#include "adapters/metrics/process_numbers.h"

namespace quickbite::runtime {
namespace {

#if defined(__clang__)
constexpr const char* kCompiler = "clang " __clang_version__;
#else
constexpr const char* kCompiler = "gcc " __VERSION__;
#endif

}  // namespace

ProcessNumbers::ProcessNumbers(const ServiceSettings& settings, Readiness& readiness)
    : requests_(settings.metrics, "quickbite_http", {"method", "route", "code"}) {
  metrics::add_process_numbers(*settings.metrics);
  settings.metrics
      ->gauge("quickbite_build_info", "Always 1; the labels tell which program this is.",
              {{"service", settings.name}, {"version", settings.version}, {"compiler", kCompiler}})
      .set(1);
  const metrics::Gauge ready = settings.metrics->gauge("quickbite_ready", "1 where /readyz is 200, else 0.");
  settings.metrics->on_scrape([registry = settings.metrics.get(), ready, &readiness] {
    const Readiness::State state = readiness.look();
    ready.set(state.ready ? 1 : 0);
    for (const Condition& condition : state.conditions) {
      const std::string name(to_string(condition.need));
      registry->gauge("quickbite_condition_met", "1 where what /readyz calls so is met, else 0.", {{"condition", name}})
          .set(condition.met ? 1 : 0);
    }
  });
}

void ProcessNumbers::observe(const http::Served& served) {
  requests_.observe(served.method, served.route, std::to_string(served.status), static_cast<double>(served.took.us) / 1e6);
}

}  // namespace quickbite::runtime
