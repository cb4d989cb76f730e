#include <algorithm>

#include "sim/world/world.h"

namespace quickbite::sim {

void step_part(const Config&, MonitorPart& part, PartId, Event&& event, WorldEnv& env) {
  if (auto* arrived = std::get_if<PostArrived>(&event.what)) {
    ++part.ghosts.posts[arrived->order].asked;
  } else if (auto* replied = std::get_if<PostReplied>(&event.what)) {
    property::PostFacts& facts = part.ghosts.posts[replied->order];
    const bool accepted = replied->status >= 200 && replied->status < 300;
    // 500 and 504 say "unknown"; everything else that is not a success says that nothing was done.
    const bool refused = !accepted && replied->status != 504 && replied->status != 500;
    if (accepted) ++facts.accepted;
    if (refused) ++facts.refused;
    env.delta().add(property::PostAnswered{replied->order, replied->status, accepted, refused});
  } else if (auto* cancelled = std::get_if<CancelReplied>(&event.what)) {
    part.ghosts.cancels[cancelled->order] = cancelled->status;
  } else if (auto* refused = std::get_if<Refusable>(&event.what)) {
    std::vector<OrderId>& orders = part.ghosts.refusable;
    const auto at = std::lower_bound(orders.begin(), orders.end(), refused->order);
    if (at == orders.end() || *at != refused->order) orders.insert(at, refused->order);
  } else if (auto* turned = std::get_if<InventoryTurned>(&event.what)) {
    part.inventory_up += turned->up ? 1U : -1U;
  } else if (std::holds_alternative<OrderExpired>(event.what)) {
    if (part.inventory_up == 0) env.cover(static_cast<std::uint32_t>(Sometimes::kExpiryWhileInventoryDown));
  } else if (auto* shown = std::get_if<MenuShown>(&event.what)) {
    if (shown->status == 200) part.ghosts.menus[shown->user].stale = shown->stale;
    if (shown->stale) env.cover(static_cast<std::uint32_t>(Sometimes::kMenuStale));
    if (shown->status == 503) env.cover(static_cast<std::uint32_t>(Sometimes::kMenuUnavailable));
  }
}

}  // namespace quickbite::sim
