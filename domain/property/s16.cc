// S16: a response to a request sent after another response was received shows a version at least as new, replays of a POST
// included.
//
// What a client had been shown when it asked travels with the fact, so that an answer that was only overtaken is not blamed.
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {

Checked s16_step(const View&, const Delta& delta) {
  const auto* back = first<OrderShown>(delta, [](const OrderShown& shown) { return shown.version < shown.seen; });
  if (back == nullptr) return std::nullopt;
  return broken("S16", {"order ", to_string(back->order.value), " is shown to ", back->caller.value, " in version ",
                        std::to_string(back->version.value), ", who asked after he had been shown version ",
                        std::to_string(back->seen.value)});
}

}  // namespace quickbite::property
