#include "adapters/kafka/assignment.h"

#include <algorithm>
#include <utility>

namespace quickbite::kafka {
namespace {

bool holds(const std::vector<Partition>& partitions, Partition partition) {
  return std::find(partitions.begin(), partitions.end(), partition) != partitions.end();
}

}  // namespace

void Assignment::assign(const FlatMap<Partition, Position>& positions) {
  revoke_all();
  positions_ = positions;
  given_ = true;
}

void Assignment::revoke_all() {
  for (const Partition partition : std::exchange(told_, {})) taken_.push_back(partition);
  positions_.clear();
  stopped_.clear();
  given_ = false;
}

bool Assignment::accept(Partition partition, Offset offset) {
  Position* position = positions_.find(partition);
  if (position == nullptr || stopped_.contains(partition) || offset.value < *position) return false;
  *position = offset.value + 1;
  return true;
}

bool Assignment::seek(Partition partition, Offset offset) {
  Position* position = positions_.find(partition);
  if (position == nullptr) return false;
  *position = offset.value;
  stopped_.erase(partition);
  return true;
}

void Assignment::stop(Partition partition, std::string why) {
  if (positions_.contains(partition)) stopped_[partition] = std::move(why);
}

Assignment::Changes Assignment::take_changes() {
  Changes changes;
  changes.revoked = std::exchange(taken_, {});
  for (const auto& [partition, position] : positions_) {
    if (!holds(told_, partition)) changes.assigned.push_back(partition);
  }
  told_.insert(told_.end(), changes.assigned.begin(), changes.assigned.end());
  std::sort(changes.revoked.begin(), changes.revoked.end());
  return changes;
}

bool Assignment::changed() const {
  return !taken_.empty() || told_.size() != positions_.size();
}

}  // namespace quickbite::kafka
