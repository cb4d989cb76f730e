// L2: consumer lag is 0.
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rest.h"
#include "domain/property/rows.h"

namespace quickbite::property {

Checked l02_full(const View& view) {
  const LogView* log = log_lagging(view);
  if (log == nullptr) return std::nullopt;
  const std::string end =
      coordinates(log->topic, log->partition,
                  Offset(log->start.value + static_cast<std::int64_t>(log->records.size())));
  return broken("L2", {"the log ends at ", end, ", but its consumer has committed ",
                       log->committed ? std::to_string(log->committed->value) : "nothing"});
}

}  // namespace quickbite::property
