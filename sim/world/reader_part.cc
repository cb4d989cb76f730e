#include "sim/world/host_part.h"

namespace quickbite::sim {

template <>
struct Performs<Reader> {
  using At = HostStep<Reader>;
  static void told(At& at, Reader::Notice&& notice) {
    auto& answered = std::get<Reader::Answered>(notice);
    at.env.send(at.seat.front, at.event(ReadDone{answered.request, std::move(answered.answer)}), Lane::kNow,
                at.env.now());
  }
  static void perform(At& at, ReadOrders&& read, Verdict) { query<OrdersLedger>(at, std::move(read)); }
};

void step_reader(const Config& config, HostPart<Reader>& part, PartId self, Event&& event, WorldEnv& env) {
  HostStep<Reader> at(config, part, self, env);
  if (auto* started = std::get_if<Begin>(&event.what)) {
    begin(at, Reader(config.limits), started->generation, config.limits.queue);
  } else if (std::holds_alternative<Kill>(event.what)) {
    kill(at);
  } else if (auto* item = std::get_if<Offer<Reader>>(&event.what)) {
    const RequestId request = item->item.request;
    if (part.host && !offer(at, std::move(item->item))) {
      env.send(at.seat.front, at.event(QueueFull{request}), Lane::kNow, env.now());
    }
  } else if (auto* answer = std::get_if<AnswerTo<Reader>>(&event.what)) {
    if (part.host) resume(at, answer->id, std::move(answer->answer), Verb::kReadOrders, env.now());
  }
}

}  // namespace quickbite::sim
