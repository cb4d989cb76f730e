// QuickBite's world: the System that the kernel runs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/property/property.h"
#include "sim/kernel/system.h"
#include "sim/plan/plan.h"
#include "sim/world/config.h"
#include "sim/world/event.h"
#include "sim/world/parts.h"

namespace quickbite::sim {

struct World {
  using Part = sim::Part;
  using Event = sim::Event;
  using Config = sim::Config;
  using Moment = sim::Moment;
  using Verdict = sim::Verdict;
  using Delta = property::Delta;

  static void step(const Config& config, Part& part, PartId self, Event&& event, Env<World>& env);
  static bool moot(const Part& part, const Event& event);
  static std::optional<Finding> check(const Config& config, Parts<World> parts, const Delta& delta);
  static std::optional<Finding> check_rest(const Config& config, Parts<World> parts);
  static void possible(const Config& config, const Moment& moment, std::vector<Possible<World>>& out);
  static std::string describe(const Config& config, PartId to, const Event& event);
  static std::uint64_t digest(const Event& event);
};

using WorldEnv = Env<World>;

// The budgets of an exploration, by index; the kernel's own timer budget comes after them.
inline constexpr std::uint32_t kCrashBudget = 0;
inline constexpr std::uint32_t kDuplicateBudget = 1;
inline constexpr std::uint32_t kInDoubtBudget = 2;
inline constexpr std::uint32_t kBudgets = 3;

// A name for a person: "orders 0 intake", "inventory database", "topic orders.v1", "client u1".
std::string name_of(const Config& config, PartId part);

// A view of the world; holds what View points to.
class WorldView {
 public:
  WorldView(const Config& config, const Parts<World>& parts);
  property::View view() const;

 private:
  property::View view_;
  std::array<property::LogView, 4 * kTopics> logs_;
  std::size_t count_ = 0;
};

// True where outboxes are empty, lags 0, no order is PENDING, nobody waits, and no client tries.
bool at_rest(const Config& config, const Parts<World>& parts);

// A step of a part, in the file of its kind.
void step_part(const Config&, ProcessPart&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, FrontPart&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, HostPart<Intake>&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, HostPart<Reader>&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, HostPart<Relay>&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, HostPart<Delivery<OrdersService>>&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, HostPart<Delivery<InventoryService>>&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, LedgerPart<OrdersLedger>&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, LedgerPart<InventoryLedger>&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, TopicPart&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, ClientPart&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, HostPart<Sweeper<OrdersService>>&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, HostPart<Sweeper<InventoryService>>&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, HostPart<Menu>&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, OperatorPart<OrdersService>&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, OperatorPart<InventoryService>&, PartId self, Event&&, WorldEnv&);
void step_part(const Config&, MonitorPart&, PartId self, Event&&, WorldEnv&);

// --- what the parts share ---

inline Subject effect_subject(PartId part, EffectId id, std::uint64_t what) {
  return subject_of((std::uint64_t{part} << 32) | id.generation, id.sequence, what);
}

// The moment of a machine's effect.
inline Moment moment_of(const Seat& seat, PartId part, EffectId id, Verb verb, Phase phase, OrderId order) {
  return {seat.role, seat.replica, verb, phase, order,
          effect_subject(part, id, (static_cast<std::uint64_t>(verb) << 8) | static_cast<std::uint64_t>(phase))};
}

// Draws how long the copy takes, as late as the verdict of its moment said; of one message copy 0 first.
Duration message_takes(const Config& config, WorldEnv& env, Subject subject, std::uint64_t copy, Late late);
void send_copies(const Config& config, WorldEnv& env, PartId to, Event&& event, Subject subject, int copies, const Late& late);

// Hands a message, or what one is made of, to the network: it arrives after a delay, `copies` times.
template <class Of>
void send_message(const Config& config, WorldEnv& env, PartId to, Of&& of, Subject subject, int copies, const Late& late = {}) {
  if (copies == 1) {
    const Duration takes = message_takes(config, env, subject, 0, late);
    env.send(to, std::forward<Of>(of), Lane::kChannel, env.now() + takes);
  } else {
    send_copies(config, env, to, Event(std::forward<Of>(of)), subject, copies, late);
  }
}

// A process of Inventory answers for the menu: asked by Orders, and told by its database. In the file of the menu's part.
void serve_menu(const Config& config, const ProcessPart& part, PartId self, const Event& event, WorldEnv& env);

void crash(const Config& config, WorldEnv& env, PartId self, PartId process);

}  // namespace quickbite::sim
