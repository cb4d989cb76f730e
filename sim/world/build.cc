#include "sim/world/build.h"

#include <algorithm>
#include <utility>

#include "domain/base/check.h"
#include "domain/base/match.h"

namespace quickbite::sim {
namespace {

// Of a process: itself, its front where it has one, and its machines.
constexpr std::uint32_t kOrdersParts = 8;
constexpr std::uint32_t kInventoryParts = 4;

// Lays the parts out, in this order: processes with their machines, ledgers, topics, monitor, operators, clients.
class Builder {
 public:
  Builder(const Plan& plan, const Options& options, Codec& codec)
      : plan_(plan), options_(options), codec_(codec) {
    Config& config = built_.config;
    config.shape = plan.shape;
    config.limits = options.limits;
    if (plan.deadline) config.limits.order_deadline = *plan.deadline;
    config.sweeps = options.sweeps;
    config.menu = options.menu;
    config.producer = options.producer;
    config.timing = options.timing;
    config.timed = options.timed;
    config.static_members = options.static_members;
    config.clients_watch = options.clients_watch;
    config.client_attempts = options.client_attempts;
    config.decoder = &codec;
    config.partitions.of[static_cast<std::size_t>(Topic::kOrders)] = plan.shape.partitions;
    config.partitions.of[static_cast<std::size_t>(Topic::kInventory)] = plan.shape.partitions;
  }

  Built build() {
    const std::uint32_t processes_end = plan_.shape.orders * kOrdersParts + plan_.shape.inventory * kInventoryParts;
    Config& config = built_.config;
    config.orders_ledger = processes_end;
    config.inventory_ledger = processes_end + 1;
    config.topics = processes_end + 2;
    config.monitor = config.topics + static_cast<PartId>(kTopics);
    for (std::uint32_t r = 0; r < plan_.shape.orders; ++r) add_orders_process(r);
    for (std::uint32_t r = 0; r < plan_.shape.inventory; ++r) add_inventory_process(r);
    add_stores();
    add_operators();
    add_clients();
    add_acts();
    bind_rules();
    return std::move(built_);
  }

 private:
  using Kind = Seat::Kind;

  PartId add(Part part, Seat seat) {
    built_.parts.push_back(std::move(part));
    built_.config.seats.push_back(seat);
    return static_cast<PartId>(built_.parts.size() - 1);
  }
  void schedule(PartId to, PartId from, Saying what, Instant at) {
    built_.agenda.push_back({to, Event{from, std::move(what)}, at});
  }

  void add_orders_process(std::uint32_t replica) {
    const PartId process = static_cast<PartId>(built_.parts.size());
    Seat seat{Kind::kProcess, Role::kIntake, ServiceName::kOrders, replica, process, process + kOrdersParts,
              process + 1,    process + 4,   built_.config.orders_ledger, process + 7};
    const auto machine = [&](Kind kind, Role role) {
      Seat of = seat;
      of.kind = kind;
      of.role = role;
      return of;
    };
    add(ProcessPart{}, seat);
    built_.config.fronts.push_back(add(FrontPart{}, machine(Kind::kFront, Role::kClient)));
    add(HostPart<Intake>{}, machine(Kind::kIntake, Role::kIntake));
    add(HostPart<Reader>{}, machine(Kind::kReader, Role::kReader));
    add(HostPart<Relay>{}, machine(Kind::kRelay, Role::kOrdersRelay));
    add(HostPart<Delivery<OrdersService>>{}, machine(Kind::kOrdersDelivery, Role::kOrdersDelivery));
    add(HostPart<Sweeper<OrdersService>>{}, machine(Kind::kOrdersSweeper, Role::kOrdersSweeper));
    CHECK(add(HostPart<Menu>{}, machine(Kind::kMenu, Role::kMenu)) == seat.menu);
    schedule(process, process, Restart{}, Instant{0});
  }

  void add_inventory_process(std::uint32_t replica) {
    const PartId process = static_cast<PartId>(built_.parts.size());
    Seat seat{Kind::kProcess, Role::kInventoryRelay, ServiceName::kInventory, replica, process, process + kInventoryParts,
              0,              process + 1,           built_.config.inventory_ledger, 0};
    const auto machine = [&](Kind kind, Role role) {
      Seat of = seat;
      of.kind = kind;
      of.role = role;
      return of;
    };
    built_.config.inventories.push_back(add(ProcessPart{}, seat));
    add(HostPart<Relay>{}, machine(Kind::kRelay, Role::kInventoryRelay));
    add(HostPart<Delivery<InventoryService>>{}, machine(Kind::kInventoryDelivery, Role::kInventoryDelivery));
    add(HostPart<Sweeper<InventoryService>>{}, machine(Kind::kInventorySweeper, Role::kInventorySweeper));
    schedule(process, process, Restart{}, Instant{0});
  }

  void add_stores() {
    Seat seat;
    seat.kind = Kind::kOrdersLedger;
    add(LedgerPart<OrdersLedger>{}, seat);
    LedgerPart<InventoryLedger> inventory;
    InventoryTables& tables = inventory.ledger.seed_tables();
    for (const Plan::Stock& stock : plan_.stock) {
      tables.stock[stock.sku] = StockRow{stock.sku, stock.quantity, Quantity{0}};
      tables.movements.push_back({stock.sku, MovementKind::kSeed, stock.quantity, std::nullopt,
                                  EventId{uuid_v5(Uuid{0, 0x5EED}, stock.sku.value)}, Instant{0}});
    }
    seat.kind = Kind::kInventoryLedger;
    add(std::move(inventory), seat);
    seat.kind = Kind::kTopic;
    for (std::size_t topic = 0; topic < kTopics; ++topic) {
      add(TopicPart{TopicModel(static_cast<Topic>(topic), built_.config.partitions.of[topic]), {}}, seat);
    }
    seat.kind = Kind::kMonitor;
    add(MonitorPart{}, seat);
  }

  // One for each service whose outbox an act is about: most worlds have none.
  void add_operators() {
    const auto wanted = [&](ServiceName service) {
      return std::any_of(plan_.acts.begin(), plan_.acts.end(), [&](const Act& act) {
        const auto* redrive = std::get_if<RedriveAct>(&act.what);
        const auto* republish = std::get_if<RepublishAct>(&act.what);
        return (redrive != nullptr && redrive->service == service) || (republish != nullptr && republish->service == service);
      });
    };
    const auto add_one = [&](ServiceName service, Kind kind, Role role, PartId ledger, Part part) {
      if (!wanted(service)) return;
      const auto self = static_cast<PartId>(built_.parts.size());
      Seat seat{kind, role, service, 0, self, self + 1, 0, 0, ledger, 0};
      built_.config.operators[static_cast<std::size_t>(service)] = add(std::move(part), seat);
    };
    add_one(ServiceName::kOrders, Kind::kOrdersOperator, Role::kOrdersOperator, built_.config.orders_ledger,
            OperatorPart<OrdersService>{});
    add_one(ServiceName::kInventory, Kind::kInventoryOperator, Role::kInventoryOperator, built_.config.inventory_ledger,
            OperatorPart<InventoryService>{});
    built_.config.clients = static_cast<PartId>(built_.parts.size());
  }

  PartId client(const std::string& name) {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      if (clients_[i] == name) return built_.config.clients + static_cast<PartId>(i);
    }
    clients_.push_back(name);
    Seat seat;
    seat.kind = Kind::kClient;
    seat.role = Role::kClient;
    return add(ClientPart{}, seat);
  }

  // A request to an order's own path.
  static std::shared_ptr<const Asked> asked(const OrderId& order, HttpRequest request, const std::optional<UserId>& caller) {
    api::Routed routed = api::route(request, order, caller);
    return std::make_shared<const Asked>(Asked{order, std::move(request), std::move(routed)});
  }

  void add_clients() {
    built_.config.jobs.reserve(plan_.acts.size());
    built_.agenda.reserve(2 * plan_.acts.size());
    for (const Act& act : plan_.acts) {
      Job job;
      if (const auto* place = std::get_if<PlaceAct>(&act.what)) {
        job.kind = Job::Kind::kPlace;
        job.client = client(place->client);
        job.asked = codec_.place(*place);
        job.user = UserId{place->client};
        if (options_.clients_watch) add_looks(job, *place);
      } else if (const auto* cancel = std::get_if<CancelAct>(&act.what)) {
        const auto order = order_of_label(plan_, cancel->label);
        CHECK(order.has_value());
        job.kind = Job::Kind::kCancel;
        job.client = client(cancel->client);
        job.user = UserId{cancel->client};
        job.asked = asked(*order, {"POST", "/v1/orders/" + to_string(order->value) + "/cancel", "", {}, ""}, caller(job));
      } else if (const auto* menu = std::get_if<MenuAct>(&act.what)) {
        job.kind = Job::Kind::kMenu;
        job.client = client(menu->client);
        job.user = UserId(menu->client);
        HttpRequest request{"GET", "/v1/menu", "", {}, ""};
        api::Routed routed = api::route(request, job.order);
        job.asked = std::make_shared<const Asked>(Asked{job.order, std::move(request), std::move(routed)});
      } else {
        continue;
      }
      job.order = job.asked->order;
      const auto number = static_cast<std::uint32_t>(built_.config.jobs.size());
      std::get<ClientPart>(built_.parts[job.client]).jobs[number] = {};
      schedule(job.client, job.client, StartJob{number}, act.at);
      over(act.at);
      built_.config.jobs.push_back(std::move(job));
    }
  }

  std::optional<UserId> caller(const Job& job) const {
    return options_.clients_proved ? std::optional(job.user) : std::nullopt;
  }

  // What a curious client asks after its order is placed.
  void add_looks(Job& job, const PlaceAct& place) const {
    const OrderId order = job.asked->order;
    const auto look = [&](Asks asks, std::string path, std::string query) {
      job.looks.push_back({asks, asked(order, {"GET", std::move(path), std::move(query), {}, ""}, caller(job))});
    };
    look(Asks::kWatch, "/v1/orders/" + to_string(order.value), "wait=" + std::to_string(options_.timing.long_poll.us / 1000) + "ms");
    look(Asks::kList, "/v1/orders", "userId=" + place.client + "&limit=3");
    for (const Act& act : plan_.acts) {
      const auto* other = std::get_if<PlaceAct>(&act.what);
      if (!options_.clients_proved || other == nullptr || other->client == place.client) continue;
      look(Asks::kPeek, "/v1/orders/" + to_string(order_of(*other).value), "");
      break;
    }
    if (place.key) job.looks.push_back({Asks::kAgain, job.asked});
  }

  void over(Instant at) { built_.last_act = std::max(built_.last_act, at); }

  void outage(PartId part, Instant at, Duration length) {
    schedule(part, part, SetDown{true}, at);
    schedule(part, part, SetDown{false}, at + length);
    over(at + length);
  }

  PartId process_of(ServiceName service, std::uint32_t replica) const {
    return service == ServiceName::kOrders ? replica * kOrdersParts
                                           : plan_.shape.orders * kOrdersParts + replica * kInventoryParts;
  }

  void add_acts() {
    for (const Act& act : plan_.acts) {
      match(
          act.what,  //
          [](const PlaceAct&) {}, [](const CancelAct&) {}, [](const MenuAct&) {},
          [&](const BrokerOutage& down) {
            for (PartId topic = 0; topic < kTopics; ++topic) outage(built_.config.topics + topic, act.at, down.length);
          },
          [&](const DatabaseOutage& down) {
            outage(down.service == ServiceName::kOrders ? built_.config.orders_ledger : built_.config.inventory_ledger,
                   act.at, down.length);
          },
          [&](const CrashAct& crash) {
            const PartId process = process_of(crash.service, crash.replica);
            const Instant end = crash.drains ? act.at + options_.timing.drain : act.at;
            if (crash.drains) schedule(process, process, Leave{}, act.at);
            schedule(process, process, Crash{crash.down}, end);
            over(end + crash.down);
          },
          [&](const PoisonAct& poison) {
            const PartId topic = built_.config.topics + static_cast<PartId>(poison.topic);
            schedule(topic, topic, Poison{poison.partition, poison.kind}, act.at);
            over(act.at);
          },
          [&](const RewindAct& rewind) {
            const PartId topic = built_.config.topics + static_cast<PartId>(rewind.topic);
            schedule(topic, topic, Rewind{}, act.at);
            over(act.at);
          },
          [&](const ForgeAct& forge) {
            const PartId topic = built_.config.topics + static_cast<PartId>(Topic::kOrders);
            schedule(topic, topic, Forge{api::keyed_order_id(UserId{forge.client}, forge.key)}, act.at);
            over(act.at);
          },
          [&](const RedriveAct& redrive) { task(redrive.service, {false, redrive.again, redrive.force, {}}, act.at); },
          [&](const RepublishAct& republish) { task(republish.service, {true, false, false, republish.since}, act.at); },
          [&](const RefuseAct& refuse) {
            const auto order = order_of_label(plan_, refuse.label);
            CHECK(order.has_value());
            const PartId ledger =
                refuse.service == ServiceName::kOrders ? built_.config.orders_ledger : built_.config.inventory_ledger;
            schedule(ledger, ledger, SetRefused{*order, true}, act.at);
            schedule(built_.config.monitor, ledger, Refusable{*order}, act.at);
            const Duration length = refuse.length.value_or(Duration{});
            if (refuse.length) schedule(ledger, ledger, SetRefused{*order, false}, act.at + length);
            over(act.at + length);
          },
          [&](const BarAct& bar) {
            const auto order = order_of_label(plan_, bar.label);
            CHECK(order.has_value());
            for (PartId topic = built_.config.topics; topic < built_.config.topics + kTopics; ++topic) {
              schedule(topic, topic, Bar{*order}, act.at);
            }
            over(act.at);
          },
          [&](const LoseAct& lose) {
            const PartId topic = built_.config.topics + static_cast<PartId>(lose.topic);
            schedule(topic, topic, Lose{}, act.at);
            over(act.at);
          });
    }
  }

  void task(ServiceName service, Task task, Instant at) {
    const PartId person = built_.config.operators[static_cast<std::size_t>(service)];
    schedule(person, person, std::move(task), at);
    over(at);
  }

  void bind_rules() {
    for (const Rule& rule : plan_.rules) {
      Oracle::BoundRule bound{rule, std::nullopt, 0, false};
      if (rule.label) bound.order = order_of_label(plan_, *rule.label);
      built_.rules.push_back(std::move(bound));
    }
  }

  const Plan& plan_;
  const Options& options_;
  Codec& codec_;
  Built built_;
  std::vector<std::string> clients_;
};

}  // namespace

Limits Options::simulated_limits() {
  Limits limits;
  limits.poll = milliseconds(100);
  limits.relay_poll = milliseconds(100);
  limits.relay_poll_shared = milliseconds(30);
  limits.relay_lease = seconds(1);
  limits.backoff_base = milliseconds(5);
  limits.backoff_cap = milliseconds(100);
  limits.request_deadline = milliseconds(500);
  limits.order_deadline = seconds(30);
  limits.sweep_poll = milliseconds(500);
  limits.retention = seconds(3600);
  return limits;
}

MenuPolicy Options::simulated_menu() { return {milliseconds(100), 2, milliseconds(40), milliseconds(400)}; }

Built build(const Plan& plan, const Options& options, Codec& codec) {
  return Builder(plan, options, codec).build();
}

std::optional<OrderId> order_of_label(const Plan& plan, std::string_view label) {
  for (const Act& act : plan.acts) {
    const auto* place = std::get_if<PlaceAct>(&act.what);
    if (place != nullptr && place->label == label) return order_of(*place);
  }
  return std::nullopt;
}

}  // namespace quickbite::sim
