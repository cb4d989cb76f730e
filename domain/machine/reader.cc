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

std::int64_t page_limit(const api::ListOrders& list, const Limits& limits) { return list.limit.value_or(limits.list); }

// The answer to one read. `page` counts the pages that were read, which come in the order of the reads.
HttpAnswer answer_to(const api::Query& query, const OrdersRead& rows, const Limits& limits, std::size_t& page) {
  return match(
      query,  //
      [&](const api::GetOrder& get) { return api::answer_order(rows.orders.find(get.id), get); },
      [&](const api::ListOrders& list) { return api::answer_list(rows.pages[page++], list, page_limit(list, limits)); },
      [&](const api::GetTimeline& get) {
        return api::answer_timeline(rows.orders.find(get.id), rows.trails.find(get.id), get);
      });
}

}  // namespace

Step<Reader> Reader::step(Input<Reader>&& input, Instant now) {
  return match(
      std::move(input),  //
      [](Start&&) { return Step<Reader>{}; },
      [&](Items<Reader>&& items) { return on_items(std::move(items), now); },
      [&](Answer&& answer) {
        return match(
            std::move(answer),  //
            [&](ReadOrdersAnswer&& read) { return on_read(std::move(read), now); },
            [&](Waited&&) { return read(now); });
      });
}

Step<Reader> Reader::on_items(Items<Reader>&& items, Instant now) {
  for (Item& item : items.items) {
    match(
        std::move(item),  //
        [&](Ask&& ask) { batch_.push_back(std::move(ask)); },
        [&](OrdersChanged&& changed) {
          sort_unique(changed.orders);
          for (Waiter& waiter : waiters_) {
            waiter.hinted |= std::binary_search(changed.orders.begin(), changed.orders.end(), waiter.get.id);
          }
        },
        [&](LetGo&&) { letting_go_ = true; });
  }
  return read(now);
}

// Whose wait is over becomes an ordinary read.
void Reader::end_waits(Instant now) {
  std::erase_if(waiters_, [&](const Waiter& waiter) {
    if (waiter.until > now && !letting_go_) return false;
    batch_.push_back({waiter.request, waiter.get, waiter.until});
    return true;
  });
}

Step<Reader> Reader::read(Instant now) {
  end_waits(now);
  const bool recheck = !waiters_.empty() && recheck_at_ <= now;
  if (recheck) recheck_at_ = now + limits_.recheck;
  ReadOrders read;
  for (Waiter& waiter : waiters_) {
    waiter.read_for = recheck || waiter.hinted;
    if (waiter.read_for) read.orders.push_back(waiter.get.id);
  }
  for (const Ask& ask : batch_) {
    match(
        ask.query,  //
        [&](const api::GetOrder& get) { read.orders.push_back(get.id); },
        [&](const api::ListOrders& list) {
          read.pages.push_back({list.user, list.after, page_limit(list, limits_) + 1});
        },
        [&](const api::GetTimeline& get) {
          read.orders.push_back(get.id);
          read.trails.push_back(get.id);
        });
  }
  if (read.orders.empty() && read.pages.empty()) return rest({});
  sort_unique(read.orders);
  sort_unique(read.trails);
  return {{}, std::move(read)};
}

// Idle where nobody waits.
Step<Reader> Reader::rest(std::vector<Notice>&& notices) const {
  if (waiters_.empty()) return {std::move(notices), std::nullopt};
  Instant until = recheck_at_;
  for (const Waiter& waiter : waiters_) until = std::min(until, waiter.until);
  return {std::move(notices), Wait{until, /*interruptible=*/true}};
}

Step<Reader> Reader::on_read(ReadOrdersAnswer&& answer, Instant now) {
  std::vector<Notice> notices;
  const auto* rows = std::get_if<OrdersRead>(&answer);
  answer_waiters(rows, notices);
  std::size_t page = 0;
  for (Ask& ask : batch_) {
    if (rows == nullptr) {
      notices.push_back(Answered{ask.request, api::unavailable()});
    } else if (!may_wait(ask, *rows, now)) {
      notices.push_back(Answered{ask.request, answer_to(ask.query, *rows, limits_, page)});
    } else if (static_cast<std::int64_t>(waiters_.size()) >= limits_.waiters) {
      notices.push_back(Answered{ask.request, api::overloaded()});
    } else {
      if (waiters_.empty()) recheck_at_ = now + limits_.recheck;
      waiters_.push_back({ask.request, std::get<api::GetOrder>(std::move(ask.query)), ask.until});
    }
  }
  batch_.clear();
  return rest(std::move(notices));
}

// Of the waiters that were read for, answers those who have news; all of them where nothing could be read.
void Reader::answer_waiters(const OrdersRead* rows, std::vector<Notice>& notices) {
  std::erase_if(waiters_, [&](Waiter& waiter) {
    if (!std::exchange(waiter.read_for, false)) return false;
    const Why why = std::exchange(waiter.hinted, false) ? Why::kHinted : Why::kRechecked;
    const OrderRow* row = rows == nullptr ? nullptr : rows->orders.find(waiter.get.id);
    if (row != nullptr && row->version == waiter.get.known) return false;
    HttpAnswer answer = rows == nullptr ? api::unavailable() : api::answer_order(row, waiter.get);
    notices.push_back(Answered{waiter.request, std::move(answer), why});
    return true;
  });
}

// True where there is nothing new for it, and time to wait for that.
bool Reader::may_wait(const Ask& ask, const OrdersRead& rows, Instant now) const {
  const auto* get = std::get_if<api::GetOrder>(&ask.query);
  if (get == nullptr || get->wait.us == 0 || ask.until <= now || letting_go_) return false;
  const OrderRow* row = rows.orders.find(get->id);
  if (row == nullptr || (get->caller && *get->caller != row->user)) return false;
  return row->version == get->known;
}

}  // namespace quickbite
