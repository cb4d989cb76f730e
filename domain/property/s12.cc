// S12: a POST leaves no order where it was answered a definite failure (4xx, 503); 504 and a closed
// connection say "unknown".
//
// Attempts with one key are one order: it may not exist where every attempt that reached Orders was
// refused. Where nobody counted the attempts, as in a live audit, there is nothing to see.
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

bool all_refused(const PostFacts& posts) {
  return posts.asked > 0 && posts.refused >= posts.asked;
}

Checked check_order(const View& view, const OrderId& order, const PostFacts& posts) {
  if (!all_refused(posts) || !view.orders->orders.contains(order)) return std::nullopt;
  return broken("S12",
                {"each of the ", std::to_string(posts.asked), " POSTs of order ",
                 to_string(order.value), " was answered a definite failure, but the order exists"});
}

Checked check_order(const View& view, const OrderId& order) {
  const PostFacts* posts = view.ghosts->posts.find(order);
  return posts ? check_order(view, order, *posts) : std::nullopt;
}

}  // namespace

Checked s12_step(const View& view, const Delta& delta) {
  if (view.ghosts == nullptr) return std::nullopt;
  for (const Fact& fact : delta.facts) {
    Checked violation;
    if (const auto* written = std::get_if<OrderWritten>(&fact)) {
      if (!written->before) violation = check_order(view, written->order);
    } else if (const auto* answer = std::get_if<PostAnswered>(&fact)) {
      if (answer->refused) violation = check_order(view, answer->order);
    }
    if (violation) return violation;
  }
  return std::nullopt;
}

Checked s12_full(const View& view) {
  if (view.ghosts == nullptr) return std::nullopt;
  for (const auto& [order, posts] : view.ghosts->posts) {
    if (auto violation = check_order(view, order, posts)) return violation;
  }
  return std::nullopt;
}

}  // namespace quickbite::property
