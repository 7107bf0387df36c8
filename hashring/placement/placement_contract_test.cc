// What placement.h promises, for every kind.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hashring/placement/placement_factory.h"

namespace ringcache::hashring {
namespace {

constexpr std::size_t kSizes[] = {1, 2, 3, 10, 100, 700};

std::vector<Member> Members(std::size_t count) {
  std::vector<Member> members;
  for (std::size_t i = 0; i < count; ++i) {
    members.push_back({.host = "cache-" + std::to_string(i) + ".cache.default.svc"});
  }
  return members;
}

// Weights 1 to 5 in turn.
std::vector<Member> WeightedMembers(std::size_t count) {
  std::vector<Member> members = Members(count);
  for (std::size_t i = 0; i < count; ++i) members[i].weight = 1 + i % 5;
  return members;
}

// Of many lengths, some with bytes above 127.
std::vector<std::string> Keys(std::size_t count) {
  std::vector<std::string> keys = {"", "a", std::string(250, 'k'), std::string(1000, 'l')};
  std::mt19937_64 random(20240501);
  while (keys.size() < count) {
    std::string key = std::string(random() % 40, 'p') + std::to_string(random());
    if (random() % 8 == 0) key += "\xc3\xa9";
    keys.push_back(std::move(key));
  }
  return keys;
}

class PlacementContractTest : public testing::TestWithParam<PlacementRow> {
 protected:
  std::unique_ptr<const Placement> Make(const std::vector<Member>& members) {
    auto placement = MakePlacement(GetParam().kind, KeyHash::kDefault, members);
    EXPECT_TRUE(placement.ok()) << placement.status();
    return *std::move(placement);
  }

  static std::vector<std::uint32_t> Ranked(const Placement& placement, const std::string& key,
                                           std::size_t wanted) {
    std::vector<std::uint32_t> ranked(wanted);
    ranked.resize(placement.Rank(key, absl::MakeSpan(ranked)));
    return ranked;
  }
};

TEST_P(PlacementContractTest, AKeyHasOneOwnerAmongTheSlots) {
  for (const std::size_t size : kSizes) {
    const auto placement = Make(Members(size));
    const auto again = Make(Members(size));
    ASSERT_EQ(placement->slots(), size);
    for (const std::string& key : Keys(300)) {
      const std::uint32_t owner = placement->Locate(key);
      EXPECT_LT(owner, size);
      EXPECT_EQ(placement->Locate(key), owner);
      EXPECT_EQ(again->Locate(key), owner);
    }
  }
}

TEST_P(PlacementContractTest, AHashOwnsWhatItsKeyDoes) {
  for (const std::size_t size : kSizes) {
    const auto placement = Make(WeightedMembers(size));
    if (!placement->LocatesByHash()) continue;
    for (const std::string& key : Keys(300)) {
      EXPECT_EQ(placement->LocateHash(placement->HashKey(key)), placement->Locate(key)) << key;
    }
  }
}

TEST_P(PlacementContractTest, TheRankBeginsWithTheOwnerAndHoldsEverySlotOnce) {
  for (const std::size_t size : kSizes) {
    const auto placement = Make(Members(size));
    for (const std::string& key : Keys(40)) {
      const std::vector<std::uint32_t> ranked = Ranked(*placement, key, size + 3);
      ASSERT_EQ(ranked.size(), size) << key;
      EXPECT_EQ(ranked[0], placement->Locate(key)) << key;
      EXPECT_EQ(std::set<std::uint32_t>(ranked.begin(), ranked.end()).size(), size) << key;
      EXPECT_LT(*std::max_element(ranked.begin(), ranked.end()), size) << key;
    }
  }
}

TEST_P(PlacementContractTest, AShorterRankIsTheBeginningOfALongerOne) {
  for (const std::size_t size : {std::size_t{3}, std::size_t{100}}) {
    const auto placement = Make(WeightedMembers(size));
    for (const std::string& key : Keys(40)) {
      const std::vector<std::uint32_t> all = Ranked(*placement, key, size);
      for (std::size_t wanted = 0; wanted <= all.size(); wanted += wanted < 8 ? 1 : 23) {
        const std::vector<std::uint32_t> some = Ranked(*placement, key, wanted);
        ASSERT_EQ(some.size(), wanted);
        EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin())) << key;
      }
    }
  }
}

TEST_P(PlacementContractTest, WhoIsSecondIsSpreadOverTheOthers) {
  const auto placement = Make(Members(10));
  std::vector<int> seconds(10);
  int keys_of_first = 0;
  for (const std::string& key : Keys(40000)) {
    const std::vector<std::uint32_t> ranked = Ranked(*placement, key, 2);
    if (ranked[0] != 4) continue;
    ++keys_of_first;
    ++seconds[ranked[1]];
  }
  EXPECT_EQ(seconds[4], 0);
  for (std::size_t slot = 0; slot < seconds.size(); ++slot) {
    // An even share is a ninth. A slot's points on ketama's circle lie unevenly among the others'.
    if (slot == 4) continue;
    EXPECT_GT(seconds[slot], keys_of_first / 9 / 3) << slot;
  }
}

TEST_P(PlacementContractTest, EveryMemberOfEqualWeightGetsItsShare) {
  const auto placement = Make(Members(10));
  std::vector<int> counts(10);
  const std::vector<std::string> keys = Keys(40000);
  for (const std::string& key : keys) ++counts[placement->Locate(key)];
  for (const int count : counts) {
    // Ketama's 160 points spread with a deviation of 8 %; the others only by chance, 1.5 %.
    EXPECT_NEAR(count, keys.size() / 10, GetParam().kind == PlacementKind::kKetama ? 1200 : 300);
  }
}

TEST_P(PlacementContractTest, AWeightCountsWhereTheRowSaysSo) {
  const std::vector<Member> members = {{.host = "small", .weight = 10},
                                       {.host = "medium", .weight = 30},
                                       {.host = "large", .weight = 60}};
  const auto placement = Make(members);
  std::vector<int> counts(3);
  const std::vector<std::string> keys = Keys(40000);
  for (const std::string& key : keys) ++counts[placement->Locate(key)];
  for (std::size_t slot = 0; slot < members.size(); ++slot) {
    const double share = GetParam().weighted ? members[slot].weight / 100.0 : 1.0 / 3;
    EXPECT_NEAR(counts[slot] / static_cast<double>(keys.size()), share, 0.03) << slot;
  }
}

TEST_P(PlacementContractTest, ArcsCutTheWholeSpaceAmongAllSlots) {
  for (const std::size_t size : kSizes) {
    const KeySpace space = Make(Members(size))->Arcs();
    if (space.arcs.empty()) {
      EXPECT_EQ(space.size, 0u);
      continue;
    }
    EXPECT_EQ(space.arcs.back().end, space.size);
    std::uint64_t start = 0;
    std::set<std::uint32_t> owners;
    for (const KeySpace::Arc& arc : space.arcs) {
      EXPECT_GT(arc.end, start);
      start = arc.end;
      owners.insert(arc.slot);
    }
    EXPECT_EQ(owners.size(), size);
    EXPECT_LT(*owners.rbegin(), size);
  }
}

TEST_P(PlacementContractTest, NamesCountUnlessSlotsAreNumbers) {
  std::vector<Member> renamed = Members(10);
  for (Member& member : renamed) member.host = "other-" + member.host;
  const auto placement = Make(Members(10));
  const auto other = Make(renamed);
  int same = 0;
  for (const std::string& key : Keys(1000)) same += placement->Locate(key) == other->Locate(key);
  if (GetParam().by_index) {
    EXPECT_EQ(same, 1000);
  } else {
    EXPECT_LT(same, 300);
  }
}

INSTANTIATE_TEST_SUITE_P(EveryKind, PlacementContractTest, testing::ValuesIn(kPlacements),
                         [](const testing::TestParamInfo<PlacementRow>& info) {
                           return std::string(info.param.name);
                         });

}  // namespace
}  // namespace ringcache::hashring
