// ProcessNumbers: what every service tells of itself: which build it is, whether it is ready and why not, what HTTP asked of it.
#pragma once

#include <memory>

#include "adapters/http/server.h"
#include "services/runtime/readiness.h"
#include "services/runtime/request_numbers.h"
#include "services/runtime/settings.h"

namespace quickbite::runtime {

class ProcessNumbers {
 public:
  // Both must outlive every scrape of the settings' metrics.
  ProcessNumbers(const ServiceSettings& settings, Readiness& readiness);

  // On the server's threads.
  void observe(const http::Served& served);

 private:
  RequestNumbers requests_;
};

}  // namespace quickbite::runtime
