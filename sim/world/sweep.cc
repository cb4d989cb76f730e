#include "sim/world/sweep.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quickbite::sim {
namespace {

// Draws by name, so that one more of them shifts no other.
class Luck {
 public:
  explicit Luck(std::uint64_t seed) : draws_(seed) {}
  std::uint32_t below(std::uint32_t n, std::string_view name, std::uint32_t index = 0) const {
    return draws_.below(n, site(Sites::kPlan), hash_of(name), index);
  }
  bool chance(std::uint32_t percent, std::string_view name, std::uint32_t index = 0) const {
    return below(100, name, index) < percent;
  }
  template <class T, std::size_t N>
  T one_of(const std::array<T, N>& values, std::string_view name, std::uint32_t index = 0) const {
    return values[below(static_cast<std::uint32_t>(N), name, index)];
  }
  Duration between(Duration min, Duration max, std::string_view name, std::uint32_t index = 0) const {
    return min + microseconds(below(static_cast<std::uint32_t>(max.us - min.us + 1), name, index));
  }

 private:
  Draws draws_;
};

constexpr Duration kWorkload = milliseconds(300);  // in which acts happen; faults by luck last twice as long
// A few runs last so much longer that rows pass their retention in them. No record may come again after that: so luck ends
// where it ends in the others, an operator's rewind comes early, and a batch is large enough to be done with it soon.
constexpr Duration kLongWorkload = seconds(3);
constexpr Duration kLongRetention = milliseconds(2200);
constexpr Duration kLongRewinds = milliseconds(700);

constexpr std::array<std::string_view, 3> kSkus = {"burger", "fries", "cola"};

void draw_odds(const Luck& luck, Odds& odds) {
  constexpr std::array<std::uint32_t, 4> kStrengths = {1'000, 4'000, 15'000, 50'000};
  for (std::size_t v = 1; v < kVerdicts; ++v) {
    const auto index = static_cast<std::uint32_t>(v);
    if (!by_luck(static_cast<Verdict>(v))) continue;
    if (luck.chance(45, "fault.exists", index)) odds.ppm[v] = luck.one_of(kStrengths, "fault.strength", index);
  }
  odds.duplicate_answers = luck.chance(50, "fault.duplicate-answers");
}

void draw_limits(const Luck& luck, Limits& limits) {
  limits.batch = luck.one_of(std::array<std::int64_t, 5>{1, 2, 5, 50, 200}, "limits.batch");
  limits.queue = luck.one_of(std::array<std::int64_t, 4>{1, 3, 64, 4096}, "limits.queue");
  limits.outbox_batch = luck.one_of(std::array<std::int64_t, 4>{1, 2, 10, 500}, "limits.outbox");
  limits.waiters = luck.one_of(std::array<std::int64_t, 3>{1, 4, 1000}, "limits.waiters");
  limits.poll = luck.one_of(std::array<Duration, 3>{milliseconds(20), milliseconds(100), milliseconds(500)}, "limits.poll");
  limits.sweep_poll = luck.one_of(std::array<Duration, 3>{milliseconds(30), milliseconds(100), milliseconds(400)}, "limits.sweep");
  limits.backoff_base = luck.one_of(std::array<Duration, 3>{milliseconds(1), milliseconds(5), milliseconds(20)}, "limits.backoff");
}

void draw_timing(const Luck& luck, Timing& timing) {
  timing.message_max = luck.one_of(std::array<Duration, 3>{milliseconds(2), milliseconds(10), milliseconds(80)}, "timing.message");
  timing.statement_max = luck.one_of(std::array<Duration, 3>{milliseconds(1), milliseconds(5), milliseconds(40)}, "timing.statement");
  timing.restart = luck.one_of(std::array<Duration, 3>{milliseconds(1), milliseconds(20), milliseconds(150)}, "timing.restart");
  timing.session_timeout = luck.one_of(std::array<Duration, 2>{milliseconds(40), milliseconds(300)}, "timing.session");
  timing.lock_timeout = luck.one_of(std::array<Duration, 2>{milliseconds(50), milliseconds(500)}, "timing.lock");
  timing.client_retry = luck.one_of(std::array<Duration, 3>{milliseconds(15), milliseconds(60), milliseconds(200)}, "timing.retry");
  timing.client_retry_cap = seconds(1);
  timing.pause = luck.one_of(std::array<Duration, 3>{milliseconds(100), milliseconds(400), milliseconds(1500)}, "timing.pause");
  timing.long_poll = luck.one_of(std::array<Duration, 3>{milliseconds(100), milliseconds(1000), milliseconds(4000)}, "timing.long-poll");
}

// Some are so short that they end in the midst of a pass that is slow, none so short that no pass fits in.
void draw_lease(const Luck& luck, const Timing& timing, Limits& limits) {
  const Duration pass = timing.message_max * 2 + timing.statement_max * 4 + timing.request_timeout;
  limits.relay_lease = pass * luck.one_of(std::array<std::int64_t, 3>{1, 2, 8}, "limits.lease");
}

// Some are so short that many orders expire, whatever becomes of their reservations; one is longer than everything else lasts.
void draw_deadline(const Luck& luck, Plan& plan) {
  if (luck.chance(60, "deadline.long")) return;
  plan.deadline = luck.one_of(std::array<Duration, 4>{milliseconds(15), milliseconds(60), milliseconds(200), milliseconds(500)}, "deadline");
}

void draw_menus(const Luck& luck, Drawn& drawn) {
  MenuPolicy& policy = drawn.options.menu;
  policy.timeout = luck.one_of(std::array<Duration, 3>{milliseconds(15), milliseconds(50), milliseconds(150)}, "menu.timeout");
  policy.failures = luck.one_of(std::array<std::int64_t, 2>{1, 3}, "menu.failures");
  if (!luck.chance(50, "menu")) return;
  const std::uint32_t reads = 1 + luck.below(10, "menu.reads");
  for (std::uint32_t i = 0; i < reads; ++i) {
    const Instant at = Instant{0} + luck.between({}, kWorkload + milliseconds(100), "menu.at", i);
    drawn.plan.acts.push_back({at, MenuAct{"u" + std::to_string(1 + luck.below(3, "menu.client", i))}});
  }
}

void draw_orders(const Luck& luck, Plan& plan, Duration workload) {
  const std::uint32_t skus = 1 + luck.below(3, "skus");
  for (std::uint32_t i = 0; i < skus; ++i) {
    plan.stock.push_back({Sku{std::string(kSkus[i])}, Quantity{1 + luck.below(luck.chance(50, "stock.scarce") ? 4 : 30, "stock", i)}});
  }
  const std::uint32_t orders = 1 + luck.below(12, "orders");
  for (std::uint32_t i = 0; i < orders; ++i) {
    PlaceAct place;
    place.client = "u" + std::to_string(1 + luck.below(3, "order.client", i));
    place.label = "o" + std::to_string(i + 1);
    place.key = "k" + std::to_string(i + 1);
    const std::uint32_t lines = luck.chance(30, "order.lines", i) ? 2 : 1;
    for (std::uint32_t line = 0; line < lines; ++line) {
      const bool unknown = luck.chance(4, "order.unknown", i * 4 + line);
      const std::string_view sku = unknown ? "caviar" : kSkus[luck.below(skus, "order.sku", i * 4 + line)];
      place.lines.push_back({Sku{std::string(sku)}, Quantity{1 + luck.below(3, "order.quantity", i * 4 + line)}});
    }
    const Instant at = Instant{0} + luck.between({}, workload, "order.at", i);
    if (luck.chance(25, "order.cancelled", i)) {
      plan.acts.push_back({at + luck.between({}, milliseconds(150), "cancel.at", i), CancelAct{place.client, place.label}});
    }
    // Where orders expire soon enough: this one never gets a word of its reservation.
    if (plan.deadline && luck.chance(4, "order.forged", i)) {
      plan.acts.push_back({Instant{0} + luck.between({}, at - Instant{0}, "forge.at", i), ForgeAct{place.client, *place.key}});
    }
    plan.acts.push_back({at, std::move(place)});
  }
}

void draw_troubles(const Luck& luck, Plan& plan, Duration workload) {
  const auto some_until = [&](Duration until, std::uint32_t percent, std::uint32_t most, std::string_view name, auto&& add) {
    if (!luck.chance(percent, name)) return;
    const std::uint32_t count = 1 + luck.below(most, name, 1);
    for (std::uint32_t i = 0; i < count; ++i) add(Instant{0} + luck.between({}, until, name, 10 + i), i);
  };
  const auto some = [&](std::uint32_t percent, std::uint32_t most, std::string_view name, auto&& add) {
    some_until(workload + milliseconds(100), percent, most, name, add);
  };
  const auto length = [&](std::string_view name, std::uint32_t i) {
    return luck.between(milliseconds(1), milliseconds(200), name, 30 + i);
  };
  some(30, 2, "broker", [&](Instant at, std::uint32_t i) { plan.acts.push_back({at, BrokerOutage{length("broker", i)}}); });
  some(25, 2, "database", [&](Instant at, std::uint32_t i) {
    const auto service = luck.chance(50, "database.which", i) ? ServiceName::kOrders : ServiceName::kInventory;
    plan.acts.push_back({at, DatabaseOutage{service, length("database", i)}});
  });
  some(20, 2, "stop", [&](Instant at, std::uint32_t i) {
    const bool orders = luck.chance(50, "stop.which", i);
    const std::uint32_t replicas = orders ? plan.shape.orders : plan.shape.inventory;
    plan.acts.push_back({at, CrashAct{orders ? ServiceName::kOrders : ServiceName::kInventory,
                                      luck.below(replicas, "stop.replica", i), length("stop", i), true}});
  });
  some(35, 3, "crash", [&](Instant at, std::uint32_t i) {
    const bool orders = luck.chance(50, "crash.which", i);
    const std::uint32_t replicas = orders ? plan.shape.orders : plan.shape.inventory;
    plan.acts.push_back({at, CrashAct{orders ? ServiceName::kOrders : ServiceName::kInventory,
                                      luck.below(replicas, "crash.replica", i), length("crash", i)}});
  });
  some(30, 4, "poison", [&](Instant at, std::uint32_t i) {
    const Topic topic = luck.chance(50, "poison.topic", i) ? Topic::kOrders : Topic::kInventory;
    plan.acts.push_back({at, PoisonAct{topic,
                                       Partition{static_cast<std::int32_t>(luck.below(static_cast<std::uint32_t>(plan.shape.partitions), "poison.partition", i))},
                                       static_cast<PoisonKind>(luck.below(kPoisonKinds, "poison.kind", i))}});
  });
  some_until(std::min(workload + milliseconds(100), kLongRewinds), 15, 2, "rewind", [&](Instant at, std::uint32_t i) {
    plan.acts.push_back({at, RewindAct{luck.chance(50, "rewind.topic", i) ? Topic::kOrders : Topic::kInventory}});
  });
}

// What is refused for its data, for a while or for good, and what an operator does about it, or for no reason at all. It ends as
// early as rewinds do: no record may come again after its dedupe row is gone.
void draw_operators(const Luck& luck, Plan& plan, Duration workload) {
  const Instant end = Instant{0} + std::min(workload + milliseconds(100), kLongRewinds);
  const auto some = [&](std::uint32_t percent, std::uint32_t most, std::string_view name, auto&& add) {
    if (!luck.chance(percent, name)) return;
    const std::uint32_t count = 1 + luck.below(most, name, 1);
    for (std::uint32_t i = 0; i < count; ++i) add(i);
  };
  const auto anywhen = [&](std::string_view name, std::uint32_t i) { return Instant{0} + luck.between({}, end - Instant{0}, name, 10 + i); };
  const auto service = [&](std::string_view name, std::uint32_t i) {
    return luck.chance(50, name, 50 + i) ? ServiceName::kOrders : ServiceName::kInventory;
  };
  const auto redrive = [&](Instant at, ServiceName of, std::uint32_t i) {
    plan.acts.push_back({at, RedriveAct{of, luck.chance(50, "redrive.again", i), luck.chance(30, "redrive.force", i)}});
  };
  std::vector<std::pair<Instant, std::string>> placed;
  for (const Act& act : plan.acts) {
    const auto* place = std::get_if<PlaceAct>(&act.what);
    if (place != nullptr && act.at < end) placed.emplace_back(act.at, place->label);
  }
  const auto one = [&](std::string_view name, std::uint32_t i) -> const std::pair<Instant, std::string>& {
    return placed[luck.below(static_cast<std::uint32_t>(placed.size()), name, 20 + i)];
  };
  if (!placed.empty()) {
    some(15, 2, "refuse", [&](std::uint32_t i) {
      const auto& [placed_at, label] = one("refuse", i);
      const ServiceName of = luck.chance(30, "refuse.orders", i) ? ServiceName::kOrders : ServiceName::kInventory;
      // Whose order is refused from the start has none to cancel.
      const bool cancelled = std::any_of(plan.acts.begin(), plan.acts.end(), [&, &wanted = label](const Act& act) {
        const auto* cancel = std::get_if<CancelAct>(&act.what);
        return cancel != nullptr && cancel->label == wanted;
      });
      if (of == ServiceName::kOrders && cancelled) return;
      // From before its first row: a schema changes when no transaction is under way.
      const Instant at = placed_at;
      const Duration length = luck.between(milliseconds(1), milliseconds(300), "refuse.length", i);
      const bool for_good = luck.chance(25, "refuse.for-good", i);
      plan.acts.push_back({at, RefuseAct{of, label, for_good ? std::nullopt : std::optional(length)}});
      if (luck.chance(80, "refuse.redriven", i)) redrive(at + length, of, 10 + i);
      // Somebody who does not know of redrives reads the topic again from its start.
      const Topic read = of == ServiceName::kOrders ? Topic::kInventory : Topic::kOrders;
      const Duration later = luck.between({}, milliseconds(100), "refuse.read-again", 10 + i);
      if (luck.chance(40, "refuse.read-again", i)) plan.acts.push_back({at + length + later, RewindAct{read}});
    });
    some(5, 1, "bar", [&](std::uint32_t i) {
      const auto& [placed_at, label] = one("bar", i);
      plan.acts.push_back({placed_at + luck.between({}, milliseconds(50), "bar.at", i), BarAct{label}});
    });
  }
  // Who does not know better has sent again what nobody can read, and gives the command again where it was broken off.
  std::uint32_t poisons = 0;
  const std::size_t acts = plan.acts.size();
  for (std::size_t a = 0; a < acts; ++a) {
    const auto* poison = std::get_if<PoisonAct>(&plan.acts[a].what);
    if (poison == nullptr || !luck.chance(60, "poison.redriven", ++poisons)) continue;
    const Instant at = plan.acts[a].at + luck.between({}, milliseconds(300), "poison.redriven", 10 + poisons);
    if (at >= end) continue;
    const ServiceName of = poison->topic == Topic::kInventory ? ServiceName::kOrders : ServiceName::kInventory;
    plan.acts.push_back({at, RedriveAct{of, luck.chance(50, "poison.again", poisons), true}});
  }
  some(30, 3, "redrive", [&](std::uint32_t i) { redrive(anywhen("redrive", i), service("redrive", i), i); });
  some(12, 2, "republish", [&](std::uint32_t i) {
    const Instant at = anywhen("republish", i);
    const bool all = luck.chance(50, "republish.all", i);
    plan.acts.push_back({at, RepublishAct{service("republish", i), all ? std::nullopt : std::optional(anywhen("republish.since", i))}});
  });
  // Whoever hears that a topic has lost something has it published again. Not where rows pass their retention: what repeats a
  // record that is neither in the log nor among the dedupe rows can be told from what nobody has handled by nothing that is left.
  if (workload == kWorkload) some(8, 2, "lose", [&](std::uint32_t i) {
    const Instant at = anywhen("lose", i);
    const ServiceName of = service("lose", i);
    plan.acts.push_back({at, LoseAct{of == ServiceName::kOrders ? Topic::kOrders : Topic::kInventory}});
    plan.acts.push_back({at + luck.between({}, milliseconds(100), "lose.republished", i), RepublishAct{of, std::nullopt}});
  });
}

}  // namespace

Drawn draw(std::uint64_t seed) {
  const Luck luck(seed);
  Drawn drawn;
  drawn.plan.seed = seed;
  drawn.plan.shape.orders = luck.one_of(std::array<std::uint32_t, 4>{1, 1, 2, 3}, "shape.orders");
  drawn.plan.shape.inventory = luck.one_of(std::array<std::uint32_t, 4>{1, 1, 2, 3}, "shape.inventory");
  drawn.plan.shape.partitions = luck.one_of(std::array<std::int32_t, 3>{1, 2, 4}, "shape.partitions");
  draw_odds(luck, drawn.options.odds);
  draw_limits(luck, drawn.options.limits);
  draw_timing(luck, drawn.options.timing);
  draw_lease(luck, drawn.options.timing, drawn.options.limits);
  draw_deadline(luck, drawn.plan);
  const bool lasting = luck.chance(3, "lasting");
  const Duration workload = lasting ? kLongWorkload : kWorkload;
  if (lasting) {
    drawn.options.limits.retention = kLongRetention;
    drawn.options.limits.batch = 50;
  }
  drawn.options.odds_until = Instant{0} + kWorkload * 2;
  drawn.options.static_members = luck.chance(30, "members.static");
  drawn.options.clients_watch = luck.chance(50, "clients.watch");
  drawn.options.clients_proved = luck.chance(50, "clients.proved");
  drawn.options.client_attempts = 200;
  draw_orders(luck, drawn.plan, workload);
  draw_troubles(luck, drawn.plan, workload);
  draw_menus(luck, drawn);
  draw_operators(luck, drawn.plan, workload);
  std::stable_sort(drawn.plan.acts.begin(), drawn.plan.acts.end(), [](const Act& a, const Act& b) { return a.at < b.at; });
  return drawn;
}

std::string describe(const Drawn& drawn) {
  const Plan& plan = drawn.plan;
  const Limits& limits = drawn.options.limits;
  std::string text = "replicas orders " + std::to_string(plan.shape.orders) + " inventory " +
                     std::to_string(plan.shape.inventory) + ", partitions " + std::to_string(plan.shape.partitions) +
                     ", batch " + std::to_string(limits.batch) + ", queue " + std::to_string(limits.queue) +
                     ", outbox batch " + std::to_string(limits.outbox_batch) + ", deadline " +
                     std::to_string(plan.deadline.value_or(limits.order_deadline).us / 1000) + " ms, leases of " +
                     std::to_string(limits.relay_lease.us / 1000) + " ms, sweeps every " +
                     std::to_string(limits.sweep_poll.us / 1000) + " ms, members " +
                     (drawn.options.static_members ? "static" : "dynamic") + ", messages to " +
                     std::to_string(drawn.options.timing.message_max.us / 1000) + " ms, statements to " +
                     std::to_string(drawn.options.timing.statement_max.us / 1000) + " ms";
  for (std::size_t v = 1; v < kVerdicts; ++v) {
    if (drawn.options.odds.ppm[v] == 0) continue;
    text += ", " + std::string(to_string(static_cast<Verdict>(v))) + " " + std::to_string(drawn.options.odds.ppm[v]) + " ppm";
  }
  return text;
}

Outcome run_seed(std::uint64_t seed, Codec& codec, const RunLimits& limits, const Teller& teller) {
  const Drawn drawn = draw(seed);
  return run_plan(drawn.plan, drawn.options, limits, codec, teller);
}

}  // namespace quickbite::sim
