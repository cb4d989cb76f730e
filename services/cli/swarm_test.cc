// A swarm: whatever the numbers, its shards are every seed once; and its books, in a real PostgreSQL, survive a lost worker.
#include "services/cli/swarm.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sys/stat.h>

#include <filesystem>

#include "services/live/postgres_cluster.h"
#include "services/live/sql.h"

namespace quickbite::cli {
namespace {

RC_GTEST_PROP(Swarm, EverySeedIsInExactlyOneChunkOfOneShard, ()) {
  const SwarmPlan plan{"p", *rc::gen::inRange<std::uint64_t>(0, 1'000), *rc::gen::inRange<std::uint64_t>(0, 500),
                       *rc::gen::inRange<std::uint64_t>(1, 40), *rc::gen::inRange<std::uint64_t>(1, 60)};
  std::uint64_t next = plan.first;
  for (std::uint64_t shard = 0; shard < plan.shards; ++shard) {
    for (const SeedRange& chunk : chunks_of(plan, shard)) {
      RC_ASSERT(chunk.first == next);
      RC_ASSERT(chunk.count >= 1u && chunk.count <= plan.chunk);
      next += chunk.count;
    }
  }
  RC_ASSERT(next == plan.first + plan.seeds);
}

TEST(Swarm, NoShardHasMoreThanOneSeedMoreThanAnother) {
  const SwarmPlan plan{"p", 1, 10, 4, 100};
  EXPECT_EQ(chunks_of(plan, 0), (std::vector<SeedRange>{{1, 3}}));
  EXPECT_EQ(chunks_of(plan, 1), (std::vector<SeedRange>{{4, 3}}));
  EXPECT_EQ(chunks_of(plan, 3), (std::vector<SeedRange>{{9, 2}}));
}

class SwarmBooks : public ::testing::Test {
 protected:
  void SetUp() override {
    // Short, for the socket's path; one for each process, since the cases run side by side.
    folder_ = std::filesystem::temp_directory_path() / absl::StrCat("quickbite_swarm_test_", ::getpid());
    std::filesystem::create_directories(folder_);
    ::chmod(folder_.c_str(), 0755);  // for the user postgres
    live::PostgresOptions options;
    options.folder = folder_;
    options.fsync = false;
    auto started = live::PostgresCluster::start(options);
    ASSERT_TRUE(started.ok()) << started.status();
    cluster_ = *std::move(started);
    database_ = cluster_->superuser_connection();
  }
  void TearDown() override {
    cluster_.reset();
    std::filesystem::remove_all(folder_);
  }

  absl::Status work(const SwarmPlan& plan, std::uint64_t shard) {
    return work_on_shard(database_, plan, shard, 1, [](std::uint64_t) {});
  }
  std::int64_t chunks() { return *live::sql_number(database_, "SELECT count(*) FROM quickbite_swarm.chunks"); }

  std::filesystem::path folder_;
  std::unique_ptr<live::PostgresCluster> cluster_;
  std::string database_;
};

const SwarmPlan kPlan{"night", 1, 40, 2, 10};

TEST_F(SwarmBooks, TheReportOfAllShardsIsThatOfOneSweep) {
  EXPECT_TRUE(absl::IsNotFound(report_swarm(database_, "night").status()));
  ASSERT_TRUE(work(kPlan, 0).ok());
  const auto half = report_swarm(database_, "night");
  ASSERT_TRUE(half.ok()) << half.status();
  EXPECT_EQ(half->missing, (std::vector<SeedRange>{{21, 10}, {31, 10}}));
  ASSERT_TRUE(work(kPlan, 1).ok());
  const auto whole = report_swarm(database_, "night");
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_TRUE(whole->missing.empty());
  SweepOptions options;
  options.count = 40;
  const SweepReport alone = sweep(options, [](std::uint64_t) {});
  EXPECT_EQ(whole->sweep.done, 40u);
  EXPECT_EQ(whole->sweep.tally.events, alone.tally.events);
  EXPECT_EQ(whole->sweep.tally.sometimes, alone.tally.sometimes);
}

TEST_F(SwarmBooks, AWorkerThatComesBackDoesWhatIsMissingAndNoMore) {
  ASSERT_TRUE(work(kPlan, 0).ok());
  ASSERT_TRUE(live::sql_run(database_, "DELETE FROM quickbite_swarm.chunks WHERE first = 11").ok());
  ASSERT_TRUE(live::sql_run(database_, "UPDATE quickbite_swarm.chunks SET took_ms = 123456 WHERE first = 1").ok());
  ASSERT_TRUE(work(kPlan, 0).ok());
  EXPECT_EQ(chunks(), 2);
  EXPECT_EQ(*live::sql_number(database_, "SELECT took_ms FROM quickbite_swarm.chunks WHERE first = 1"), 123456);
}

TEST_F(SwarmBooks, AFindingOfAnyWorkerIsInTheReport) {
  ASSERT_TRUE(work(kPlan, 1).ok());
  ASSERT_TRUE(live::sql_run(database_, "INSERT INTO quickbite_swarm.findings VALUES ('night', 33, 10, 'S1', 'it''s gone')").ok());
  const auto report = report_swarm(database_, "night");
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->sweep.findings.size(), 1u);
  EXPECT_EQ(report->sweep.findings[0].seed, 33u);
  EXPECT_EQ(report->sweep.findings[0].code, ExitCode::kSafety);
  EXPECT_EQ(report->sweep.findings[0].what, "it's gone");
}

TEST_F(SwarmBooks, ANameIsForOnePlan) {
  ASSERT_TRUE(work(kPlan, 0).ok());
  SwarmPlan other = kPlan;
  other.seeds = 41;
  EXPECT_TRUE(absl::IsFailedPrecondition(work(other, 1)));
  EXPECT_EQ(chunks(), 2);
}

}  // namespace
}  // namespace quickbite::cli
