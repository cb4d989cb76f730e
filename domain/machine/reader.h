// Reader: gathers waiting reads into one query; a read joins only a query that starts after it arrives.
//
//   Idle    + Items               → ReadOrders
//   Reading + rows                → answers; Idle
//   Reading + anything else       → Unreadable to all of them (503): a reader does not wait for a database
#pragma once

#include <cstdint>
#include <optional>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/api/api.h"
#include "domain/machine/machine.h"
#include "domain/port/ledger.h"
#include "domain/port/policy.h"

namespace quickbite {

class Reader {
 public:
  struct Item {
    RequestId request;
    api::Query query;
    auto fields() const { return std::tie(request, query); }
  };
  using Effect = std::variant<ReadOrders>;
  using Answer = std::variant<ReadOrdersAnswer>;
  struct Answered {
    RequestId request;
    HttpAnswer answer;
    auto fields() const { return std::tie(request, answer); }
  };
  using Notice = std::variant<Answered>;

  explicit Reader(const Limits& limits) : limits_(limits) {}

  Step<Reader> step(Input<Reader>&& input, Instant now);

  auto fields() const { return std::tie(batch_); }

 private:
  Step<Reader> on_items(Items<Reader>&& items);
  Step<Reader> on_read(ReadOrdersAnswer&& answer);

  Limits limits_;
  std::vector<Item> batch_;
};

}  // namespace quickbite
