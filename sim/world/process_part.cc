#include "sim/world/world.h"

namespace quickbite::sim {
namespace {

bool talks_to_ledger(Seat::Kind kind) {
  return kind == Seat::Kind::kIntake || kind == Seat::Kind::kReader || kind == Seat::Kind::kRelay ||
         kind == Seat::Kind::kOrdersDelivery || kind == Seat::Kind::kInventoryDelivery ||
         kind == Seat::Kind::kOrdersSweeper || kind == Seat::Kind::kInventorySweeper;
}

bool consumes(Seat::Kind kind) {
  return kind == Seat::Kind::kOrdersDelivery || kind == Seat::Kind::kInventoryDelivery;
}

PartId consumed_topic(const Config& config, Seat::Kind kind) {
  const Topic topic = kind == Seat::Kind::kOrdersDelivery ? OrdersService::kConsumes : InventoryService::kConsumes;
  return config.topics + static_cast<PartId>(topic);
}

}  // namespace

// A crash takes memory and connections; what was sent is on its way, and what is stored stays.
void step_part(const Config& config, ProcessPart& part, PartId self, Event&& event, WorldEnv& env) {
  const Seat& seat = config.seats[self];
  const auto tell = [&](PartId to, PartId from, auto what) {
    env.send(to, said(from, std::move(what)), Lane::kNow, env.now());
  };
  const auto turned = [&](bool up) {
    if (seat.service == ServiceName::kInventory) tell(config.monitor, self, InventoryTurned{up});
  };
  if (auto* crash = std::get_if<Crash>(&event.what)) {
    if (!part.up) return;
    part.up = false;
    turned(false);
    for (PartId p = self + 1; p < seat.process_end; ++p) {
      tell(p, self, Kill{});
      const Seat& machine = config.seats[p];
      if (talks_to_ledger(machine.kind)) tell(machine.ledger, p, Disconnect{});
      if (consumes(machine.kind) && !config.static_members) {
        env.send(consumed_topic(config, machine.kind), said(p, MemberMissed{{p, part.incarnation}}), Lane::kTimer,
                 env.now() + config.timing.session_timeout, p);
      }
    }
    env.send(self, said(self, Restart{}), Lane::kTimer, env.now() + crash->down);
  } else if (std::holds_alternative<Restart>(event.what)) {
    if (part.up) return;
    part.up = true;
    turned(true);
    ++part.incarnation;
    for (PartId p = self + 1; p < seat.process_end; ++p) tell(p, self, Begin{part.incarnation});
  } else if (std::holds_alternative<Leave>(event.what)) {
    if (!part.up) return;
    tell(seat.relay, self, Leave{});
    if (seat.front != 0) tell(seat.front, self, Leave{});
  } else {
    serve_menu(config, part, self, event, env);
  }
}

void crash(const Config& config, WorldEnv& env, PartId self, PartId process) {
  env.send(process, said(self, Crash{config.timing.restart}), Lane::kNow, env.now());
}

}  // namespace quickbite::sim
