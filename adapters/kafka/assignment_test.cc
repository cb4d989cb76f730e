#include "adapters/kafka/assignment.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace quickbite::kafka {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FlatMap<Partition, Position> positions(std::vector<std::pair<int, Position>> list) {
  FlatMap<Partition, Position> map;
  for (const auto& [partition, position] : list) map[Partition{partition}] = position;
  return map;
}

TEST(KafkaAssignment, TellsOfEachChangeOnce) {
  Assignment assignment;
  EXPECT_FALSE(assignment.changed());
  assignment.assign(positions({{0, 5}, {2, 0}}));
  EXPECT_TRUE(assignment.changed());
  Assignment::Changes changes = assignment.take_changes();
  EXPECT_THAT(changes.revoked, IsEmpty());
  EXPECT_THAT(changes.assigned, ElementsAre(Partition{0}, Partition{2}));
  EXPECT_FALSE(assignment.changed());
  assignment.revoke_all();
  EXPECT_TRUE(assignment.changed());
  changes = assignment.take_changes();
  EXPECT_THAT(changes.revoked, ElementsAre(Partition{0}, Partition{2}));
  EXPECT_THAT(changes.assigned, IsEmpty());
  EXPECT_FALSE(assignment.changed());
}

TEST(KafkaAssignment, TellsOfAPartitionThatWentAndCameBackInBothLists) {
  Assignment assignment;
  assignment.assign(positions({{0, 5}, {1, 7}}));
  (void)assignment.take_changes();
  assignment.revoke_all();
  assignment.assign(positions({{1, 9}, {2, 0}}));
  const Assignment::Changes changes = assignment.take_changes();
  EXPECT_THAT(changes.revoked, ElementsAre(Partition{0}, Partition{1}));
  EXPECT_THAT(changes.assigned, ElementsAre(Partition{1}, Partition{2}));
}

TEST(KafkaAssignment, IsSilentOfWhatCameAndWentBetweenTwoPolls) {
  Assignment assignment;
  assignment.assign(positions({{0, 5}}));
  assignment.revoke_all();
  EXPECT_FALSE(assignment.changed());
  const Assignment::Changes changes = assignment.take_changes();
  EXPECT_THAT(changes.revoked, IsEmpty());
  EXPECT_THAT(changes.assigned, IsEmpty());
}

TEST(KafkaAssignment, AcceptsOnlyWhatIsOursAndNew) {
  Assignment assignment;
  assignment.assign(positions({{0, 5}, {1, kFromTheBeginning}}));
  EXPECT_FALSE(assignment.accept(Partition{2}, Offset{0})) << "not ours";
  EXPECT_FALSE(assignment.accept(Partition{0}, Offset{4})) << "before our position";
  EXPECT_TRUE(assignment.accept(Partition{0}, Offset{5}));
  EXPECT_FALSE(assignment.accept(Partition{0}, Offset{5})) << "twice";
  EXPECT_TRUE(assignment.accept(Partition{0}, Offset{9})) << "a log may have gaps";
  EXPECT_TRUE(assignment.accept(Partition{1}, Offset{1234})) << "wherever the log begins";
  assignment.revoke_all();
  EXPECT_FALSE(assignment.accept(Partition{0}, Offset{10})) << "no longer ours";
}

TEST(KafkaAssignment, SeeksWhatIsOurs) {
  Assignment assignment;
  assignment.assign(positions({{0, 5}}));
  EXPECT_FALSE(assignment.seek(Partition{1}, Offset{0}));
  EXPECT_TRUE(assignment.seek(Partition{0}, Offset{3}));
  EXPECT_TRUE(assignment.accept(Partition{0}, Offset{3}));
}

TEST(KafkaAssignment, GivesNothingFromAStoppedPartitionUntilItIsSought) {
  Assignment assignment;
  assignment.assign(positions({{0, 5}}));
  assignment.stop(Partition{0}, "gone");
  assignment.stop(Partition{1}, "not ours");
  EXPECT_EQ(assignment.stopped().size(), 1U);
  EXPECT_FALSE(assignment.accept(Partition{0}, Offset{5}));
  EXPECT_TRUE(assignment.seek(Partition{0}, Offset{8}));
  EXPECT_TRUE(assignment.stopped().empty());
  EXPECT_TRUE(assignment.accept(Partition{0}, Offset{8}));
  assignment.stop(Partition{0}, "gone");
  assignment.assign(positions({{0, 9}}));
  EXPECT_TRUE(assignment.stopped().empty()) << "an assignment begins afresh";
}

}  // namespace
}  // namespace quickbite::kafka
