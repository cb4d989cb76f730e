// Scene: QuickBite without time, faults or batches, so that a test of a property gets a true view
// and a true delta in a line or two, and then spoils them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/inventory/rules.h"
#include "domain/message/wire.h"
#include "domain/order/rules.h"
#include "domain/property/property.h"
#include "domain/property/rows.h"

namespace quickbite::property {

OrderId order_id(int n);
Sku sku(const char* name);
Line line(const char* name, std::int64_t quantity);

// Every verb is one step: it clears `delta` and leaves there what it changed.
class Scene {
 public:
  static constexpr Partition kOnly{0};  // every topic has one partition

  // Not inline, nor is what follows: twenty tests would compile it all again.
  Scene();
  ~Scene();
  Scene(const Scene&);
  Scene& operator=(const Scene&);

  OrdersTables orders;
  InventoryTables inventory;
  std::array<std::vector<Record>, kTopics> logs;
  std::array<std::optional<Offset>, kTopics> committed;
  Ghosts ghosts;
  Delta delta;
  bool at_rest = false;

  // Points into the scene, and holds until it changes.
  View view();

  void restock(const char* name, std::int64_t quantity);
  void place(int n, Lines lines);
  void cancel(int n);
  void answer(int n, int status);

  // Sends the first waiting row and marks it; false where there is none.
  bool relay(Service service);

  // Somebody's record, as it is.
  Offset produce(Topic topic, std::optional<std::string> key, Bytes value);
  Offset produce(Topic topic, const Event& event);

  // Handles the record at `position`; false where the log ends.
  bool deliver(Service service);

  // As if the database refused the record for ever, alone.
  void refuse(Service service);

  void commit(Service service);

  // Relays, delivers and commits until nothing is left; calls `check()` after each step.
  template <class Check>
  void settle(Check check) {
    for (bool moved = true; moved;) {
      moved = false;
      for (const Service service : kServices) {
        while (relay(service)) {
          check();
          moved = true;
        }
        while (deliver(service)) {
          check();
          moved = true;
        }
        commit(service);
        check();
      }
    }
    at_rest = true;
  }
  void settle();

  Table<OutboxSeq, OutboxRow>& outbox(Service service);
  Table<EventId, ProcessedRow>& processed(Service service);
  std::vector<Record>& log_of(Topic topic) { return logs[static_cast<std::size_t>(topic)]; }

  std::array<std::int64_t, 2> position{};  // of Orders, of Inventory: the next offset to handle

  // The parts of a step, for tests that make a wrong one.
  void write(const StockRow& row);
  void write(const ReservationRow& row);
  void write(const OrderRow& row);
  void append(const MovementRow& row);
  void append(const HistoryRow& row);
  void announce(Service service, OutboxRow row);
  void announce(Service service, const Happening& what);
  void mark(Service service, const EventId& id, const Record& record, Handled handled);
  void bury(Service service, const Record& record, std::string_view reason);

 private:
  EventId fresh_id();
  Offset put(Message message);
  void store(const OrderChange& change);
  void handle(Service service, const Record& record, const Event& event);

  std::array<std::vector<std::shared_ptr<const Record>>, kTopics> seen_logs_;  // of the last view
  std::vector<LogView> log_views_;
  std::int64_t seq_ = 0;
  std::int64_t fresh_ = 0;
};

// The ids of the properties whose step form trips on the scene's last step.
std::vector<std::string> tripped_step(Scene& scene);

// The ids of the properties whose full form trips: of state, and at rest of rest.
std::vector<std::string> tripped_full(Scene& scene);

std::vector<std::string> tripped_final(Scene& scene);

}  // namespace quickbite::property
