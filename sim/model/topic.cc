#include "sim/model/topic.h"

#include <algorithm>

#include "domain/base/check.h"

namespace quickbite::sim {

TopicModel::TopicModel(Topic topic, std::int32_t partitions) : topic_(topic) {
  logs_.resize(static_cast<std::size_t>(partitions));
}

Offset TopicModel::append(Message message, Decoder& decoder, property::Delta& delta) {
  CHECK(message.partition.value >= 0 && message.partition.value < partitions());
  Log& log = logs_[static_cast<std::size_t>(message.partition.value)];
  const Offset offset = log.end();
  delta.add(property::RecordAppended{topic_, message.partition, offset});
  log.decoded.push_back(decoder.decode(message));
  log.records.push_back(std::make_shared<const Record>(Record{std::move(message), offset}));
  return offset;
}

std::vector<ProduceOutcome> TopicModel::produce(std::uint32_t producer, EffectId request,
                                                std::vector<Message>&& messages, bool idempotent, Decoder& decoder,
                                                property::Delta& delta) {
  Producer& known = producers_[producer];
  if (idempotent && known.request == request && !known.outcomes.empty()) return known.outcomes;
  std::vector<ProduceOutcome> outcomes;
  outcomes.reserve(messages.size());
  for (Message& message : messages) {
    if (message.key && std::find(barred_.begin(), barred_.end(), *message.key) != barred_.end()) {
      outcomes.push_back(Undeliverable{"refused"});
      continue;
    }
    const Partition partition = message.partition;
    outcomes.push_back(Acked{partition, append(std::move(message), decoder, delta)});
  }
  if (idempotent) {
    known.request = request;
    known.outcomes = outcomes;
  }
  return outcomes;
}

std::optional<FetchReply> TopicModel::fetch(const FetchRequest& request) const {
  FetchReply reply;
  reply.generation = generation_;
  if (request.generation != generation_) {
    reply.rebalanced = true;
    for (std::int32_t p = 0; p < partitions(); ++p) {
      const Partition partition{p};
      if (owns(request.member, partition)) reply.positions.insert(partition, committed(partition).value_or(start(partition)));
    }
    return reply;
  }
  if (request.paused) return std::nullopt;
  for (const auto& [partition, position] : request.positions) {
    const Log& log = logs_[static_cast<std::size_t>(partition.value)];
    const std::int64_t first = std::max(position.value, log.start.value) - log.start.value;
    const std::int64_t there = static_cast<std::int64_t>(log.records.size()) - first;
    const std::int64_t room = request.limit - static_cast<std::int64_t>(reply.records.size());
    if (there > 0 && room > 0) {
      reply.records.reserve(reply.records.size() + static_cast<std::size_t>(std::min(there, room)));
    }
    for (std::int64_t at = first; at < static_cast<std::int64_t>(log.records.size()); ++at) {
      if (static_cast<std::int64_t>(reply.records.size()) >= request.limit) break;
      reply.records.push_back({log.records[static_cast<std::size_t>(at)], log.decoded[static_cast<std::size_t>(at)]});
    }
  }
  if (reply.records.empty()) return std::nullopt;
  return reply;
}

bool TopicModel::join(const MemberId& member) {
  const auto at = std::lower_bound(members_.begin(), members_.end(), member);
  if (at != members_.end() && *at == member) return false;
  if (std::binary_search(left_.begin(), left_.end(), member)) return false;
  members_.insert(at, member);
  ++generation_;
  return true;
}

bool TopicModel::leave(const MemberId& member) {
  const auto gone = std::lower_bound(left_.begin(), left_.end(), member);
  if (gone == left_.end() || *gone != member) left_.insert(gone, member);
  const auto at = std::lower_bound(members_.begin(), members_.end(), member);
  if (at == members_.end() || *at != member) return false;
  members_.erase(at);
  ++generation_;
  return true;
}

bool TopicModel::commit(const MemberId& member, std::uint32_t generation, const FlatMap<Partition, Offset>& next,
                        property::Delta& delta) {
  if (generation != generation_) return false;
  for (const auto& [partition, offset] : next) {
    if (!owns(member, partition)) return false;
  }
  for (const auto& [partition, offset] : next) {
    const std::optional<Offset> before = committed(partition);
    if (before == offset) continue;
    committed_[partition] = offset;
    delta.add(property::OffsetCommitted{topic_, partition, before, offset});
  }
  return true;
}

void TopicModel::rewind() {
  committed_.clear();
  ++generation_;
}

void TopicModel::lose() {
  for (std::int32_t p = 0; p < partitions(); ++p) {
    Log& log = logs_[static_cast<std::size_t>(p)];
    for (const auto& record : log.records) {
      const auto id = header(record->message.headers, kEventIdHeader);
      if (id && record->offset >= committed(Partition{p}).value_or(log.start)) lost_.emplace_back(*id);
    }
    log.start = log.end();
    log.records.clear();
    log.decoded.clear();
  }
  rewind();
}

bool TopicModel::lost(const Message& message) const {
  if (lost_.empty()) return false;
  const auto id = header(message.headers, kEventIdHeader);
  return id && std::find(lost_.begin(), lost_.end(), *id) != lost_.end();
}

void TopicModel::bar(const std::string& key) { barred_.push_back(key); }

std::optional<Offset> TopicModel::committed(Partition partition) const {
  const Offset* offset = committed_.find(partition);
  return offset == nullptr ? std::nullopt : std::optional<Offset>(*offset);
}

bool TopicModel::lag() const {
  for (std::int32_t p = 0; p < partitions(); ++p) {
    const Log& log = logs_[static_cast<std::size_t>(p)];
    if (committed(Partition{p}).value_or(log.start) < log.end()) return true;
  }
  return false;
}

bool TopicModel::owns(const MemberId& member, Partition partition) const {
  const auto at = std::lower_bound(members_.begin(), members_.end(), member);
  if (at == members_.end() || *at != member) return false;
  // Of n partitions and m members, the first n % m members get one more.
  const std::int32_t index = static_cast<std::int32_t>(at - members_.begin());
  const std::int32_t count = static_cast<std::int32_t>(members_.size());
  const std::int32_t share = partitions() / count;
  const std::int32_t extra = partitions() % count;
  const std::int32_t begin = index * share + std::min(index, extra);
  const std::int32_t end = begin + share + (index < extra ? 1 : 0);
  return partition.value >= begin && partition.value < end;
}

}  // namespace quickbite::sim
