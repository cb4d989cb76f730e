// What the kernel knows of this process, under the names that Prometheus' own client libraries give it.
#pragma once

#include "adapters/metrics/registry.h"

namespace quickbite::metrics {

// process_cpu_seconds_total, process_resident_memory_bytes, process_virtual_memory_bytes, process_open_fds, process_max_fds,
// process_threads, process_start_time_seconds: read from /proc (proc(5)) at each scrape. `registry` holds them from then on.
void add_process_numbers(Registry& registry);

}  // namespace quickbite::metrics
