#include "adapters/kafka/consumer.h"

#include <utility>

#include "adapters/kafka/member.h"

namespace quickbite::kafka {

absl::StatusOr<std::unique_ptr<Consumer>> Consumer::make(ConsumerOptions options) {
  auto member = std::make_unique<Member>(std::move(options));
  if (absl::Status started = member->start(); !started.ok()) return started;
  return std::unique_ptr<Consumer>(new Consumer(std::move(member)));
}

Consumer::Consumer(std::unique_ptr<Member> member) : member_(std::move(member)) {}
Consumer::~Consumer() = default;

Polled Consumer::poll(const Poll& poll) {
  return member_->poll(poll);
}

CommitAnswer Consumer::commit(const CommitOffsets& commit) {
  return member_->commit(commit);
}

ConsumerHealth Consumer::health() const {
  return member_->health();
}

}  // namespace quickbite::kafka
