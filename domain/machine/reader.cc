#include "domain/machine/reader.h"

#include <algorithm>
#include <utility>

#include "domain/base/match.h"

namespace quickbite {
namespace {

template <class T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

Step<Reader> Reader::step(Input<Reader>&& input, Instant) {
  return match(
      std::move(input),  //
      [](Start&&) { return Step<Reader>{}; },
      [&](Items<Reader>&& items) { return on_items(std::move(items)); },
      [&](Answer&& answer) { return on_read(std::move(std::get<0>(answer))); });
}

Step<Reader> Reader::on_items(Items<Reader>&& items) {
  batch_ = std::move(items.items);
  ReadOrders read;
  read.limit = limits_.list;
  for (const Item& item : batch_) {
    match(
        item.query,  //
        [&](const api::GetOrder& get) { read.orders.push_back(get.id); },
        [&](const api::ListOrders& list) { read.users.push_back(list.user); });
  }
  sort_unique(read.orders);
  sort_unique(read.users);
  return {{}, std::move(read)};
}

Step<Reader> Reader::on_read(ReadOrdersAnswer&& answer) {
  Step<Reader> step;
  const auto* rows = std::get_if<OrdersRead>(&answer);
  for (const Item& item : batch_) {
    HttpAnswer reply = rows == nullptr
                           ? api::unavailable()
                           : match(
                                 item.query,
                                 [&](const api::GetOrder& get) {
                                   return api::answer_order(rows->orders.find(get.id), get.known);
                                 },
                                 [&](const api::ListOrders& list) {
                                   const auto* orders = rows->by_user.find(list.user);
                                   return api::answer_list(orders == nullptr ? std::vector<OrderRow>{} : *orders);
                                 });
    step.notices.push_back(Answered{item.request, std::move(reply)});
  }
  batch_.clear();
  return step;
}

}  // namespace quickbite
