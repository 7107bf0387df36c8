#include "hashring/ring.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hashring/placement/placement_factory.h"
#include "hashring/placement/placement_kind.h"
#include "hashring/sample_keys.h"

namespace ringcache::hashring {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::uint64_t kKeys = 3000;

using RingPointer = std::shared_ptr<const Ring>;

Member Pod(int ordinal) {
  return {.host = absl::StrCat("cache-", ordinal, ".cache.default.svc.cluster.local")};
}

std::vector<Member> Pods(std::initializer_list<int> ordinals) {
  std::vector<Member> pods;
  for (const int ordinal : ordinals) pods.push_back(Pod(ordinal));
  return pods;
}

std::vector<Member> PodsBelow(int count) {
  std::vector<Member> pods;
  for (int i = 0; i < count; ++i) pods.push_back(Pod(i));
  return pods;
}

std::vector<Member> Hosts(std::initializer_list<const char*> hosts) {
  std::vector<Member> members;
  for (const char* const host : hosts) members.push_back({.host = host});
  return members;
}

RingPointer Build(const RingOptions& options, const std::vector<Member>& members) {
  absl::StatusOr<RingPointer> ring = Ring::Create(options, members);
  EXPECT_TRUE(ring.ok()) << ring.status();
  return *ring;
}

RingPointer Build(PlacementKind placement, const std::vector<Member>& members) {
  return Build(RingOptions{.placement = placement}, members);
}

std::string Complaint(const RingOptions& options, const std::vector<Member>& members) {
  return std::string(Ring::Create(options, members).status().message());
}

std::string OwnerOf(const RingPointer& ring, absl::string_view key) {
  return ring->members()[ring->MemberOf(key)].host;
}

std::vector<std::string> Owners(const RingPointer& ring) {
  std::vector<std::string> owners;
  SampleKey key;
  for (std::uint64_t i = 0; i < kKeys; ++i) owners.push_back(OwnerOf(ring, key.Text(i)));
  return owners;
}

std::vector<std::string> ReplicasOf(const RingPointer& ring, absl::string_view key,
                                    std::size_t count) {
  std::vector<std::uint32_t> replicas(count);
  replicas.resize(ring->Replicas(key, absl::MakeSpan(replicas)));
  std::vector<std::string> hosts;
  for (const std::uint32_t replica : replicas) hosts.push_back(ring->members()[replica].host);
  return hosts;
}

std::vector<PlacementKind> Kinds(bool by_index) {
  std::vector<PlacementKind> kinds;
  for (const PlacementRow& row : kPlacements) {
    if (row.by_index == by_index) kinds.push_back(row.kind);
  }
  return kinds;
}

class EveryPlacementTest : public ::testing::TestWithParam<PlacementKind> {};
class ByNameTest : public ::testing::TestWithParam<PlacementKind> {};
class ByIndexTest : public ::testing::TestWithParam<PlacementKind> {};

std::string NameOfCase(const ::testing::TestParamInfo<PlacementKind>& info) {
  return std::string(RowOf(info.param).name);
}

std::vector<PlacementKind> AllKinds() {
  std::vector<PlacementKind> kinds = Kinds(false);
  for (const PlacementKind kind : Kinds(true)) kinds.push_back(kind);
  return kinds;
}

INSTANTIATE_TEST_SUITE_P(Placements, EveryPlacementTest, ::testing::ValuesIn(AllKinds()),
                         NameOfCase);
INSTANTIATE_TEST_SUITE_P(Placements, ByNameTest, ::testing::ValuesIn(Kinds(false)), NameOfCase);
INSTANTIATE_TEST_SUITE_P(Placements, ByIndexTest, ::testing::ValuesIn(Kinds(true)), NameOfCase);

TEST_P(EveryPlacementTest, GivesAnOnlyMemberEverything) {
  const RingPointer ring = Build(GetParam(), Pods({0}));
  EXPECT_THAT(Owners(ring), ::testing::Each(Pod(0).host));
  EXPECT_THAT(ReplicasOf(ring, "key", 3), ElementsAre(Pod(0).host));
}

TEST_P(EveryPlacementTest, DoesNotDependOnTheOrderOfMembers) {
  std::vector<Member> members = PodsBelow(12);
  const RingPointer ring = Build(GetParam(), members);
  const std::vector<std::string> owners = Owners(ring);
  std::mt19937 random(1);
  for (int round = 0; round < 3; ++round) {
    std::shuffle(members.begin(), members.end(), random);
    const RingPointer other = Build(GetParam(), members);
    EXPECT_EQ(Owners(other), owners);
    EXPECT_EQ(other->members(), ring->members());
  }
}

TEST_P(EveryPlacementTest, GivesEveryMemberKeys) {
  const std::vector<std::string> owners = Owners(Build(GetParam(), PodsBelow(10)));
  EXPECT_EQ(std::set<std::string>(owners.begin(), owners.end()).size(), 10u);
}

TEST_P(EveryPlacementTest, LocatesByHashWhatItLocatesByKey) {
  const RingPointer ring =
      Build(RingOptions{.placement = GetParam(), .hash_tag = "{}"}, PodsBelow(7));
  // These two need the key itself.
  const bool needs_key =
      GetParam() == PlacementKind::kRendezvous || GetParam() == PlacementKind::kWeightedCh3;
  ASSERT_EQ(ring->LocatesByHash(), !needs_key);
  if (needs_key) return;
  for (int i = 0; i < 1000; ++i) {
    const std::string key = absl::StrCat("{user:", i, "}:name");
    EXPECT_EQ(ring->MemberOfHash(ring->HashKey(key)), ring->MemberOf(key)) << key;
  }
}

TEST_P(EveryPlacementTest, HashesOnlyWhatTheStopAndTheTagLeave) {
  const RingOptions options{.placement = GetParam(), .hash_stop = "|#|", .hash_tag = "{}"};
  const RingPointer ring = Build(options, PodsBelow(50));
  const RingPointer plain = Build(GetParam(), PodsBelow(50));
  for (int i = 0; i < 100; ++i) {
    const std::string part = absl::StrCat("user:", i);
    const std::string owner = OwnerOf(plain, part);
    EXPECT_EQ(OwnerOf(ring, absl::StrCat(part, "|#|name")), owner);
    EXPECT_EQ(OwnerOf(ring, absl::StrCat("x{", part, "}y")), owner);
    EXPECT_EQ(ReplicasOf(ring, absl::StrCat(part, "|#|name"), 3), ReplicasOf(plain, part, 3));
  }
}

TEST_P(EveryPlacementTest, HashesTheSaltBehindThePart) {
  const RingOptions options{
      .placement = GetParam(), .hash_stop = "|#|", .salt = std::string(50, 's')};
  const RingPointer ring = Build(options, PodsBelow(50));
  const RingPointer plain = Build(GetParam(), PodsBelow(50));
  // Also keys that are longer than what is held without an allocation.
  for (int i = 0; i < 300; ++i) {
    const std::string part(static_cast<std::size_t>(i), 'k');
    EXPECT_EQ(OwnerOf(ring, part + "|#|x"), OwnerOf(plain, part + options.salt)) << i;
    EXPECT_EQ(ReplicasOf(ring, part, 3), ReplicasOf(plain, part + options.salt, 3)) << i;
    if (ring->LocatesByHash()) {
      EXPECT_EQ(ring->HashKey(part), plain->HashKey(part + options.salt)) << i;
    }
  }
}

TEST_P(EveryPlacementTest, RanksTheOwnerFirstAndEveryMemberOnce) {
  const RingPointer ring = Build(GetParam(), PodsBelow(6));
  SampleKey key;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const std::string text(key.Text(i));
    const std::vector<std::string> all = ReplicasOf(ring, text, 9);
    ASSERT_EQ(all.size(), 6u) << text;
    EXPECT_EQ(all[0], OwnerOf(ring, text));
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 6u);
    const std::vector<std::string> three = ReplicasOf(ring, text, 3);
    EXPECT_TRUE(std::equal(three.begin(), three.end(), all.begin())) << text;
  }
}

TEST_P(EveryPlacementTest, FillsNoReplicaWhereNoneIsAskedFor) {
  EXPECT_EQ(Build(GetParam(), PodsBelow(2))->Replicas("key", {}), 0u);
}

TEST_P(ByNameTest, SortsMembersNaturally) {
  const RingPointer ring =
      Build(RingOptions{.placement = GetParam(), .ordering = Ordering::kListed}, Pods({10, 9, 0}));
  EXPECT_THAT(ring->members(), ElementsAre(Pod(0), Pod(9), Pod(10)));
  EXPECT_EQ(ring->numbering(), Numbering::kByName);
  EXPECT_EQ(ring->gaps(), 0u);
}

TEST_P(ByIndexTest, TakesOrdinalsForSlots) {
  const RingPointer ring = Build(GetParam(), Pods({3, 1, 0}));
  EXPECT_THAT(ring->members(), ElementsAre(Pod(0), Pod(1), Pod(3)));
  EXPECT_EQ(ring->numbering(), Numbering::kByOrdinal);
  EXPECT_EQ(ring->gaps(), 1u);
}

// A pod in the middle that is gone for a while.
TEST_P(ByIndexTest, AGapShiftsNobody) {
  const RingPointer whole = Build(GetParam(), PodsBelow(5));
  const RingPointer ring = Build(GetParam(), Pods({0, 1, 3, 4}));
  const std::vector<std::string> before = Owners(whole), after = Owners(ring);
  for (std::uint64_t i = 0; i < kKeys; ++i) {
    if (before[i] == Pod(2).host) continue;
    EXPECT_EQ(after[i], before[i]) << i;
  }
}

TEST_P(ByIndexTest, KeysOfAGapGoToTheNextInPreferenceThatIsPresent) {
  const RingPointer whole = Build(GetParam(), PodsBelow(20));
  const RingPointer ring = Build(GetParam(), Pods({1, 4, 5, 19}));
  SampleKey key;
  for (std::uint64_t i = 0; i < 500; ++i) {
    const std::string text(key.Text(i));
    std::vector<std::string> expected;
    for (const std::string& host : ReplicasOf(whole, text, 20)) {
      if (host == Pod(1).host || host == Pod(4).host || host == Pod(5).host ||
          host == Pod(19).host) {
        expected.push_back(host);
      }
    }
    ASSERT_EQ(expected.size(), 4u);
    EXPECT_EQ(ReplicasOf(ring, text, 4), expected) << text;
    EXPECT_EQ(OwnerOf(ring, text), expected[0]) << text;
  }
}

// As many gaps as ordinals allow, and a weight that leaves the members next to nothing.
TEST_P(ByIndexTest, FindsAMemberAmongManyGaps) {
  for (const std::uint32_t weight : {1u, 1'000'000u}) {
    std::vector<Member> pods = Pods({0, 63});
    pods[1].weight = weight;
    const RingPointer ring = Build(GetParam(), pods);
    EXPECT_EQ(ring->gaps(), 62u);
    SampleKey key;
    for (std::uint64_t i = 0; i < 1000; ++i) {
      const std::string text(key.Text(i));
      ASSERT_LT(ring->MemberOf(text), 2u);
      const std::vector<std::string> replicas = ReplicasOf(ring, text, 3);
      ASSERT_EQ(replicas.size(), 2u);
      EXPECT_EQ(replicas[0], OwnerOf(ring, text));
      EXPECT_NE(replicas[0], replicas[1]);
    }
  }
}

TEST_P(ByIndexTest, NeedsTheKeyWhereThereAreGaps) {
  EXPECT_FALSE(Build(GetParam(), Pods({0, 2}))->LocatesByHash());
}

TEST_P(ByIndexTest, NumbersMembersWithoutOrdinalsInNaturalOrder) {
  const RingPointer ring = Build(GetParam(), Hosts({"10.0.0.10", "10.0.0.9"}));
  EXPECT_THAT(ring->members(), ElementsAre(Hosts({"10.0.0.9"})[0], Hosts({"10.0.0.10"})[0]));
  EXPECT_EQ(ring->numbering(), Numbering::kByPosition);
  EXPECT_EQ(ring->gaps(), 0u);
}

TEST_P(ByIndexTest, NumbersMembersAsListedIfToldSo) {
  const RingOptions listed{.placement = GetParam(), .ordering = Ordering::kListed};
  const RingPointer ring = Build(listed, Pods({7, 3}));
  EXPECT_THAT(ring->members(), ElementsAre(Pod(7), Pod(3)));
  EXPECT_EQ(ring->numbering(), Numbering::kAsListed);
  EXPECT_EQ(ring->gaps(), 0u);
  // Slot for slot what pods 0 and 1 would have.
  const std::vector<std::string> owners = Owners(ring);
  const std::vector<std::string> dense = Owners(Build(GetParam(), PodsBelow(2)));
  for (std::uint64_t i = 0; i < kKeys; ++i) {
    EXPECT_EQ(owners[i] == Pod(7).host, dense[i] == Pod(0).host);
  }
}

TEST(RingTest, FindsAMemberByItsIdentity) {
  std::vector<Member> members = Hosts({"b", "a", "c", "a"});
  members[3].port = 11212;
  for (const Ordering ordering : {Ordering::kOrdinal, Ordering::kListed}) {
    const RingPointer ring =
        Build(RingOptions{.placement = PlacementKind::kCh3, .ordering = ordering}, members);
    for (std::uint32_t i = 0; i < members.size(); ++i) {
      const Member& member = ring->members()[i];
      EXPECT_EQ(ring->Find(member.host, member.port), i);
    }
    EXPECT_EQ(ring->Find("b", 11212), std::nullopt);
    EXPECT_EQ(ring->Find("d", 11211), std::nullopt);
    EXPECT_EQ(ring->Find("", 0), std::nullopt);
  }
}

TEST(RingTest, RefusesTwoMembersOfOneIdentity) {
  std::vector<Member> members = Hosts({"cache-0", "cache-1", "cache-2", "cache-1"});
  members[3].weight = 2;
  EXPECT_THAT(Complaint({}, members),
              AllOf(HasSubstr("members 2 and 4 are both cache-1:11211"), HasSubstr("weight")));
}

TEST(RingTest, RefusesMembersThatCannotBe) {
  const auto complaint = [](Member member) { return Complaint({}, {Pod(0), member}); };
  EXPECT_THAT(complaint({.host = ""}), HasSubstr("member 2, ':11211', has no host"));
  EXPECT_THAT(complaint({.host = "a b"}), HasSubstr("a space or a control character"));
  EXPECT_THAT(complaint({.host = "a\n"}), HasSubstr("'a\\n:11211'"));
  EXPECT_THAT(complaint({.host = "[::1]"}), HasSubstr("brackets"));
  EXPECT_THAT(complaint({.host = "/a.sock"}), HasSubstr("its port is 0"));
  EXPECT_THAT(complaint({.host = "a", .port = 0}), HasSubstr("has no port"));
  EXPECT_THAT(complaint({.host = "a", .weight = 0}), HasSubstr("has weight 0"));
  EXPECT_EQ(complaint({.host = "/a.sock", .port = 0}), "");
  EXPECT_EQ(complaint({.host = "::1"}), "");
}

TEST(RingTest, RefusesNoMembersAndTooMany) {
  EXPECT_THAT(Complaint({}, {}), HasSubstr("at least one member"));
  std::vector<Member> members;
  for (std::size_t i = 0; i <= kMaxMembers; ++i) {
    members.push_back({.host = absl::StrCat("m", i)});
  }
  EXPECT_THAT(Complaint({}, members), HasSubstr("at most 16384 members; these are 16385"));
  members.pop_back();
  EXPECT_EQ(Complaint({.placement = PlacementKind::kJump}, members), "");
}

TEST(RingTest, RefusesOptionsThatAreNotValid) {
  EXPECT_THAT(Complaint({.hash_tag = "{"}, PodsBelow(1)), HasSubstr("hash tag"));
}

// By name, a weight changes who owns what; by index without weights it does not.
TEST(RingTest, HeedsWeightsWhereThePlacementDoes) {
  for (const PlacementRow& row : kPlacements) {
    std::vector<Member> members = PodsBelow(4);
    const std::vector<std::string> before = Owners(Build(row.kind, members));
    members[1].weight = 5;
    const std::vector<std::string> after = Owners(Build(row.kind, members));
    EXPECT_EQ(after != before, row.weighted) << row.name;
  }
}

TEST(RingTest, ShowsItsArcsByMember) {
  const RingPointer ring = Build(PlacementKind::kKetama, PodsBelow(3));
  const KeySpace space = ring->Arcs();
  ASSERT_FALSE(space.arcs.empty());
  EXPECT_EQ(space.arcs.back().end, space.size);
  SampleKey key;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::uint64_t position = ring->HashKey(key.Text(i));
    const auto arc = std::find_if(space.arcs.begin(), space.arcs.end(),
                                  [&](const KeySpace::Arc& arc) { return arc.end > position; });
    ASSERT_NE(arc, space.arcs.end());
    EXPECT_EQ(arc->slot, ring->MemberOf(key.Text(i)));
  }
}

// The numbers are of mcrouter's WeightedCh3HashFuncTest.
TEST(RingTest, WeightsByPlaceAreMcrouters) {
  const RingOptions options{
      .placement = PlacementKind::kWeightedCh3,
      .ordering = Ordering::kListed,
      .weights = {0.429, 0.541, 0.117, 0.998, 0.283, 0.065, 0.109, 0.042, 0.676, 0.943}};
  const RingPointer ring = Build(options, PodsBelow(10));
  std::vector<int> counts(10);
  for (int i = 0; i < 10000; ++i) ++counts[ring->MemberOf(absl::StrCat(i))];
  EXPECT_THAT(counts, ElementsAre(1016, 1252, 288, 2354, 661, 195, 247, 122, 1668, 2197));
}

TEST(RingTest, WeightsByPlaceAreAsManyAsTheMembers) {
  const RingOptions options{
      .placement = PlacementKind::kWeightedCh3, .ordering = Ordering::kListed, .weights = {1, 1}};
  EXPECT_EQ(Ring::Create(options, PodsBelow(3)).status().message(),
            "there are 2 weights for 3 members; give one for each");
}

}  // namespace
}  // namespace ringcache::hashring
