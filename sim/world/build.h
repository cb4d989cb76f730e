// Build: a Plan becomes a world: its config, its parts at the start, and the events that set it going.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/plan/plan.h"
#include "sim/world/codec.h"
#include "sim/world/config.h"
#include "sim/world/oracle.h"
#include "sim/world/world.h"

namespace quickbite::sim {

// What a run draws beyond its plan: how long things take and how much is allowed.
struct Options {
  Timing timing;
  Limits limits = simulated_limits();
  MenuPolicy menu = simulated_menu();
  ProducerPolicy producer;
  Odds odds;
  Instant odds_until;
  bool timed = true;
  bool static_members = false;
  std::array<bool, 2> sweeps{true, true};  // by ServiceName
  bool clients_watch = false;   // they follow their orders, list them, and send them once more
  bool clients_proved = false;  // Orders knows who asks, and shows nobody another's order
  std::uint32_t client_attempts = 50;
  bool until_terminal = false;  // ends as soon as every order of the plan is CONFIRMED or CANCELLED and everything is at rest

  // Limits at the simulator's scale of time.
  static Limits simulated_limits();
  static MenuPolicy simulated_menu();
};

struct Scheduled {
  PartId to = 0;
  Event event;
  Instant at;
};

struct Built {
  Config config;
  std::vector<Part> parts;
  std::vector<Scheduled> agenda;
  std::vector<Oracle::BoundRule> rules;
  Instant last_act;  // when the last of the plan's own acts is over
};

Built build(const Plan& plan, const Options& options, Codec& codec);

// The id of the order that a label names, or nullopt.
std::optional<OrderId> order_of_label(const Plan& plan, std::string_view label);

}  // namespace quickbite::sim
