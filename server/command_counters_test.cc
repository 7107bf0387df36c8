// What commands count: each counter moves when it should, and no other does. memcached 1.6 counts
// the same; docs/protocol.md has the exceptions.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "server/session_fixture.h"
#include "server/worker_stats.h"

namespace ringcache::server {
namespace {

class CommandCountersTest : public testing::Test {
 protected:
  void Play(absl::string_view requests) { client_.Ask(requests); }

  std::uint64_t Count(ServerCounter counter) const {
    ServerTotals totals;
    worker_.stats.AddTo(&totals);
    return totals[counter];
  }
  std::uint64_t Count(ClassCounter counter) const {
    ClassTotals totals;
    for (std::size_t i = 0; i < WorkerStats::kMaxClasses; ++i) worker_.stats.AddTo(i, &totals);
    return totals[counter];
  }

  WorkerFixture worker_;
  ClientFixture client_{&worker_};
};

// A command after a preparation, and all that it counts, by ones. What is counted by class is
// counted in that of an item with a key and a value of one byte.
struct Counted {
  std::string prepare;
  std::string request;
  std::vector<ServerCounter> server;
  std::vector<ClassCounter> in_class;
};

std::ostream& operator<<(std::ostream& out, const Counted& counted) {
  return out << counted.prepare << "then " << counted.request;
}

using S = ServerCounter;
using C = ClassCounter;
constexpr char kSetA[] = "set a 0 0 1\r\n1\r\n";
constexpr char kSetADead[] = "set a 0 -1 1\r\n1\r\n";
constexpr char kSetACas5[] = "ms a 1 E5\r\n1\r\n";

const Counted kRetrievals[] = {
    {kSetA, "get a\r\n", {}, {C::kGetHits}},
    {kSetA, "gets a\r\n", {}, {C::kGetHits}},
    {kSetA, "get a b a\r\n", {S::kGetMisses}, {C::kGetHits, C::kGetHits}},
    {"", "get a\r\n", {S::kGetMisses}, {}},
    {kSetADead, "get a\r\n", {S::kGetMisses, S::kGetExpired}, {}},
    {"set a 0 0 1\r\n1\r\nflush_all\r\n", "get a\r\n", {S::kGetMisses, S::kGetFlushed}, {}},
    {kSetA, "mg a v\r\n", {}, {C::kGetHits}},
    {kSetA, "mg a\r\n", {}, {C::kGetHits}},
    {kSetA, "mg a T60\r\n", {}, {C::kTouchHits}},
    {"", "mg a v\r\n", {S::kGetMisses}, {}},
    {"", "mg a v q\r\n", {S::kGetMisses}, {}},
    {kSetADead, "mg a v\r\n", {S::kGetMisses, S::kGetExpired}, {}},
    {kSetA, "gat 60 a\r\n", {}, {C::kTouchHits}},
    {"", "gat 60 a\r\n", {S::kTouchMisses}, {}},
    {kSetA, "touch a 60\r\n", {}, {C::kTouchHits}},
    {"", "touch a 60\r\n", {S::kTouchMisses}, {}},
};

const Counted kStores[] = {
    {"", kSetA, {S::kItemsStored}, {C::kSets}},
    {kSetA, kSetA, {S::kItemsStored}, {C::kSets}},
    {"", "set a 0 0 1 noreply\r\n1\r\n", {S::kItemsStored}, {C::kSets}},
    {"", "add a 0 0 1\r\n1\r\n", {S::kItemsStored}, {C::kSets}},
    {kSetA, "add a 0 0 1\r\n1\r\n", {}, {C::kSets}},
    {kSetA, "replace a 0 0 1\r\n1\r\n", {S::kItemsStored}, {C::kSets}},
    {"", "replace a 0 0 1\r\n1\r\n", {}, {C::kSets}},
    {kSetA, "append a 0 0 1\r\n1\r\n", {S::kItemsStored}, {C::kSets}},
    {"", "prepend a 0 0 1\r\n1\r\n", {}, {C::kSets}},
    {kSetACas5, "cas a 0 0 1 5\r\n1\r\n", {S::kItemsStored}, {C::kSets, C::kCasHits}},
    {kSetACas5, "cas a 0 0 1 6\r\n1\r\n", {}, {C::kSets, C::kCasBadValues}},
    {"", "cas a 0 0 1 6\r\n1\r\n", {S::kCasMisses}, {C::kSets}},
    {"", "ms a 1\r\n1\r\n", {S::kItemsStored}, {C::kSets}},
    {kSetACas5, "ms a 1 C5\r\n1\r\n", {S::kItemsStored}, {C::kSets, C::kCasHits}},
    {"", "ms a 1 MR\r\n1\r\n", {}, {C::kSets}},
    {"", "set a 0 0 x\r\n", {}, {}},
};

const Counted kChanges[] = {
    {kSetA, "delete a\r\n", {}, {C::kDeleteHits}},
    {"", "delete a\r\n", {S::kDeleteMisses}, {}},
    {kSetADead, "delete a\r\n", {S::kDeleteMisses}, {}},
    {kSetA, "md a\r\n", {}, {C::kDeleteHits}},
    {"", "md a q\r\n", {S::kDeleteMisses}, {}},
    {kSetA, "incr a 1\r\n", {}, {C::kIncrHits}},
    {"", "incr a 1\r\n", {S::kIncrMisses}, {}},
    {kSetA, "decr a 1\r\n", {}, {C::kDecrHits}},
    {"", "decr a 1\r\n", {S::kDecrMisses}, {}},
    {"set a 0 0 1\r\nx\r\n", "incr a 1\r\n", {}, {}},
    {kSetA, "ma a\r\n", {}, {C::kIncrHits}},
    {kSetA, "ma a MD\r\n", {}, {C::kDecrHits}},
    {"", "ma a\r\n", {S::kIncrMisses}, {}},
};

const Counted kOthers[] = {
    {"", "flush_all\r\n", {S::kFlushes}, {}},
    {"", "flush_all x\r\n", {}, {}},
    {kSetA, "me a\r\n", {S::kMetaDebugs}, {}},
    {"", "me a\r\n", {S::kMetaDebugs}, {}},
    {"", "mn\r\n", {}, {}},
    {"", "version\r\n", {}, {}},
    {"", "verbosity 1\r\n", {}, {}},
    {"", "stats\r\n", {}, {}},
    {"", "nonsense\r\n", {}, {}},
};

class CountedTest : public CommandCountersTest, public testing::WithParamInterface<Counted> {};

TEST_P(CountedTest, MovesItsCountersAndNoOther) {
  const Counted& counted = GetParam();
  Play(counted.prepare);
  const auto own_class = static_cast<std::size_t>(worker_.store->ClassFor(1, 1, 0));
  ServerTotals server_before;
  worker_.stats.AddTo(&server_before);
  std::vector<ClassTotals> classes_before(WorkerStats::kMaxClasses);
  for (std::size_t i = 0; i < classes_before.size(); ++i) {
    worker_.stats.AddTo(i, &classes_before[i]);
  }
  Play(counted.request);
  ServerTotals server;
  worker_.stats.AddTo(&server);
  for (int i = 0; i < static_cast<int>(ServerCounter::kCount); ++i) {
    const auto id = static_cast<ServerCounter>(i);
    EXPECT_EQ(
        server[id] - server_before[id],
        static_cast<std::uint64_t>(std::count(counted.server.begin(), counted.server.end(), id)))
        << "ServerCounter " << i;
  }
  for (std::size_t size_class = 0; size_class < classes_before.size(); ++size_class) {
    ClassTotals totals;
    worker_.stats.AddTo(size_class, &totals);
    for (std::size_t i = 0; i < kClassCounterCount; ++i) {
      const auto id = static_cast<ClassCounter>(i);
      const auto expected = size_class == own_class
                                ? std::count(counted.in_class.begin(), counted.in_class.end(), id)
                                : 0;
      EXPECT_EQ(totals[id] - classes_before[size_class][id], static_cast<std::uint64_t>(expected))
          << "ClassCounter " << i << " of class " << size_class;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Retrievals, CountedTest, testing::ValuesIn(kRetrievals));
INSTANTIATE_TEST_SUITE_P(Stores, CountedTest, testing::ValuesIn(kStores));
INSTANTIATE_TEST_SUITE_P(Changes, CountedTest, testing::ValuesIn(kChanges));
INSTANTIATE_TEST_SUITE_P(Others, CountedTest, testing::ValuesIn(kOthers));

TEST_F(CommandCountersTest, WhatIsTooLargeIsNoSet) {
  Play("set a 0 0 2000000\r\n" + std::string(2000000, 'x') + "\r\n");
  EXPECT_EQ(Count(ServerCounter::kTooLarge), 1u);
  EXPECT_EQ(Count(ServerCounter::kOutOfMemory), 0u);
  EXPECT_EQ(Count(ClassCounter::kSets), 0u);
}

TEST_F(CommandCountersTest, WhatFindsNoMemoryIsNoSet) {
  ServerOptions options;
  options.memory_limit_bytes = std::size_t{8} << 20;
  options.evict = false;
  WorkerFixture worker(options);
  ClientFixture client(&worker);
  const std::string value(100000, 'x');
  constexpr std::uint64_t kSets = 200;
  for (std::uint64_t i = 0; i < kSets; ++i) {
    client.Ask("set " + std::to_string(i) + " 0 0 100000\r\n" + value + "\r\n");
  }
  ServerTotals server;
  worker.stats.AddTo(&server);
  ClassTotals classes;
  for (std::size_t i = 0; i < WorkerStats::kMaxClasses; ++i) worker.stats.AddTo(i, &classes);
  EXPECT_GT(server[ServerCounter::kOutOfMemory], 0u);
  EXPECT_EQ(server[ServerCounter::kOutOfMemory] + classes[ClassCounter::kSets], kSets);
  EXPECT_EQ(server[ServerCounter::kItemsStored], classes[ClassCounter::kSets]);
}

TEST_F(CommandCountersTest, ASetWithABadDataBlockIsASet) {
  Play("set a 0 0 1\r\nxyz");
  Play("ms a 1\r\nxyz");
  EXPECT_EQ(Count(ClassCounter::kSets), 2u);
  EXPECT_EQ(Count(ServerCounter::kItemsStored), 0u);
}

TEST_F(CommandCountersTest, ALargeSetWithABadDataBlockIsASet) {
  Play("set a 0 0 100000\r\n");
  Play(std::string(100000, 'x') + "yz");
  EXPECT_EQ(Count(ClassCounter::kSets), 1u);
}

TEST_F(CommandCountersTest, WhatFlagNMakesIsAnItem) {
  Play("mg a N0\r\nma b N0\r\n");
  EXPECT_EQ(Count(ServerCounter::kItemsStored), 2u);
}

TEST_F(CommandCountersTest, DeletingAnotherVersionIsAMiss) {
  Play("set a 0 0 1\r\nx\r\nmd a C5\r\n");
  EXPECT_EQ(Count(ServerCounter::kDeleteMisses), 1u);
}

TEST_F(CommandCountersTest, EmptyingIsADeleteAndMarkingStaleIsNot) {
  Play("set a 0 0 1\r\nx\r\nmd a x\r\n");
  EXPECT_EQ(Count(ClassCounter::kDeleteHits), 1u);
  Play("md a I\r\nmd a I x\r\n");
  EXPECT_EQ(Count(ClassCounter::kDeleteHits), 1u);
}

TEST_F(CommandCountersTest, AppendingWithACasIdIsNoCas) {
  Play("set a 0 0 1\r\nx\r\nms a 1 MA C5\r\ny\r\nms b 1 MA C5\r\ny\r\n");
  EXPECT_EQ(Count(ClassCounter::kCasBadValues), 0u);
  EXPECT_EQ(Count(ServerCounter::kCasMisses), 0u);
  Play("ms a 1 C5\r\ny\r\nms b 1 MR C5\r\ny\r\n");
  EXPECT_EQ(Count(ClassCounter::kCasBadValues), 1u);
  EXPECT_EQ(Count(ServerCounter::kCasMisses), 1u);
}

}  // namespace
}  // namespace ringcache::server
