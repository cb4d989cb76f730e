#include "sim/world/host_part.h"

namespace quickbite::sim {

template <>
struct Performs<Reader> {
  using At = HostStep<Reader>;
  static void told(At& at, Reader::Notice&& notice) {
    auto& answered = std::get<Reader::Answered>(notice);
    // What commits here is hinted at; a re-check has news where another replica committed them.
    if (answered.why == Reader::Why::kRechecked && answered.answer.status == 200 && at.config.fronts.size() > 1) {
      at.env.cover(static_cast<std::uint32_t>(Sometimes::kLongPollWokenByAnotherReplica));
    }
    at.env.send(at.seat.front, at.event(ReadDone{answered.request, std::move(answered.answer)}), Lane::kNow,
                at.env.now());
  }
  static void perform(At& at, ReadOrders&& read, Verdict) { query<OrdersLedger>(at, std::move(read)); }
};

void step_part(const Config& config, HostPart<Reader>& part, PartId self, Event&& event, WorldEnv& env) {
  HostStep<Reader> at(config, part, self, env);
  if (auto* started = std::get_if<Begin>(&event.what)) {
    begin(at, Reader(config.limits), started->generation, config.limits.queue);
  } else if (std::holds_alternative<Kill>(event.what)) {
    kill(at);
  } else if (auto* item = std::get_if<Offer<Reader>>(&event.what)) {
    const auto* ask = std::get_if<Reader::Ask>(&item->item);
    const std::optional<RequestId> request = ask != nullptr ? std::optional(ask->request) : std::nullopt;
    // A hint that finds the inbox full is lost.
    if (part.host && !offer(at, std::move(item->item)) && request) {
      env.send(at.seat.front, at.event(QueueFull{*request}), Lane::kNow, env.now());
    }
  } else if (auto* answer = std::get_if<AnswerTo<Reader>>(&event.what)) {
    if (part.host) resume(at, answer->id, std::move(answer->answer), Verb::kReadOrders, env.now());
  } else if (auto* timeout = std::get_if<Timeout>(&event.what)) {
    if (due(at, *timeout, event.from)) waited(at);
  }
}

}  // namespace quickbite::sim
