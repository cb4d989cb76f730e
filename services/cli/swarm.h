// A swarm: one sweep over more machines than one. Each worker runs its shard of the seeds, chunk by chunk, and writes down what
// each chunk came to in PostgreSQL; a worker that is started again skips what is there, so a lost machine costs a chunk at most.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/cli/sweep.h"

namespace quickbite::cli {

// The same for all workers of one swarm.
struct SwarmPlan {
  std::string name;
  std::uint64_t first = 1;
  std::uint64_t seeds = 0;
  std::uint64_t shards = 1;
  std::uint64_t chunk = 0;  // seeds that are written down together

  friend bool operator==(const SwarmPlan&, const SwarmPlan&) = default;
};

struct SeedRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;

  friend bool operator==(const SeedRange&, const SeedRange&) = default;
};

// The chunks of one shard, in order: all shards' together are every seed once. `shard` is below `plan.shards`, `chunk` above 0.
std::vector<SeedRange> chunks_of(const SwarmPlan& plan, std::uint64_t shard);

// Runs what is missing of one shard. A finding is no error: it is written down, and the work goes on. Makes its tables where they
// are missing.
//   Unavailable         the database is away; what was written down stays
//   FailedPrecondition  the name is another plan's, or another version's
absl::Status work_on_shard(const std::string& database, const SwarmPlan& plan, std::uint64_t shard, int jobs,
                           const std::function<void(std::uint64_t done)>& progress);

struct SwarmReport {
  SwarmPlan plan;
  SweepReport sweep;               // summed up; `took` is the sum over all chunks
  std::vector<SeedRange> missing;  // chunks that nobody has finished yet
};

// NotFound: no swarm of that name has begun. FailedPrecondition: it is another version's.
absl::StatusOr<SwarmReport> report_swarm(const std::string& database, const std::string& name);

}  // namespace quickbite::cli
