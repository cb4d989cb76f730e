// Assignment: which partitions are ours, where we stand in each, and what of that the machine has
// been told. Pure bookkeeping; the consumer asks it before it believes the library.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/base/flat_map.h"
#include "domain/base/ids.h"

namespace quickbite::kafka {

// The offset of the next record; kFromTheBeginning until the first one has shown which that is.
using Position = std::int64_t;
inline constexpr Position kFromTheBeginning = -2;  // librdkafka's RD_KAFKA_OFFSET_BEGINNING

class Assignment {
 public:
  struct Changes {
    std::vector<Partition> revoked;
    std::vector<Partition> assigned;
  };

  // The group gave us these partitions, with the positions to start at.
  void assign(const FlatMap<Partition, Position>& positions);

  // The group took all of them (the eager protocol of the range assignor knows nothing less).
  void revoke_all();

  // True, and the position moves on, where the record is to be handed out: its partition is ours
  // and it was not handed out before within this assignment.
  bool accept(Partition partition, Offset offset);

  // Sets the position, and reads the partition again where it was stopped. False where it is not
  // ours.
  bool seek(Partition partition, Offset offset);

  // Nothing comes from this partition until it is sought or assigned anew.
  void stop(Partition partition, std::string why);

  // What changed since the last call, net: a partition that came and went in between is not
  // mentioned, one that went and came back is in both lists.
  Changes take_changes();
  bool changed() const;

  // True while we know what is ours: nothing, where the group has more members than partitions.
  bool given() const { return given_; }
  const FlatMap<Partition, Position>& positions() const { return positions_; }
  const FlatMap<Partition, std::string>& stopped() const { return stopped_; }

 private:
  bool given_ = false;
  FlatMap<Partition, Position> positions_;   // of what is ours
  FlatMap<Partition, std::string> stopped_;  // of what is ours
  std::vector<Partition> told_;              // what the machine believes to be its own
  std::vector<Partition> taken_;             // of that, what went since
};

}  // namespace quickbite::kafka
