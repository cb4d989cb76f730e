// S11: at the moment a 2xx to a POST is sent, the order is durable.
//
// The fact names the order that the client's (subject, key) stands for, so a second order made for
// a retry is found out as well.
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {

Checked s11_step(const View& view, const Delta& delta) {
  const auto* lost = first<PostAnswered>(delta, [&](const PostAnswered& answer) {
    return answer.accepted && !view.orders->orders.contains(answer.order);
  });
  if (lost == nullptr) return std::nullopt;
  return broken("S11", {"a POST was answered ", std::to_string(lost->status), ", but order ",
                        to_string(lost->order.value), " is not in the database"});
}

}  // namespace quickbite::property
