// What a pool of caches promises its users, measured for every placement: a key has one owner
// wherever it is asked for, the keys are spread evenly, and few move when the pool is scaled. The
// tables it prints are those of docs/routing.md.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "hashring/ownership.h"
#include "hashring/placement/placement_kind.h"
#include "hashring/ring.h"
#include "hashring/ring_diff.h"
#include "hashring/sample_keys.h"
#include "hashring/spread.h"

namespace ringcache::hashring {
namespace {

// Optimised builds measure; those that look for errors, 50 times slower, only go all ways.
#ifdef NDEBUG
constexpr std::uint64_t kSpreadKeys = 1'000'000;
constexpr std::uint64_t kMovedKeys = 200'000;
// Rendezvous asks every member for every key.
constexpr std::uint64_t kScores = 200'000'000;
#else
constexpr std::uint64_t kSpreadKeys = 20'000;
constexpr std::uint64_t kMovedKeys = 4'000;
constexpr std::uint64_t kScores = 1'000'000;
#endif

using RingPointer = std::shared_ptr<const Ring>;

// The pods 0 to count - 1, without the one of ordinal `without`.
std::vector<Member> Pods(std::size_t count, std::size_t without = ~std::size_t{0}) {
  std::vector<Member> pods;
  for (std::size_t i = 0; i < count; ++i) {
    if (i == without) continue;
    pods.push_back({.host = absl::StrCat("mycache-memcached-", i,
                                         ".mycache-memcached.default.svc.cluster.local")});
  }
  return pods;
}

RingPointer Build(PlacementKind placement, const std::vector<Member>& members,
                  Ordering ordering = Ordering::kOrdinal) {
  absl::StatusOr<RingPointer> ring =
      Ring::Create(RingOptions{.placement = placement, .ordering = ordering}, members);
  EXPECT_TRUE(ring.ok()) << ring.status();
  return *ring;
}

std::uint64_t KeysFor(PlacementKind placement, std::uint64_t keys, std::size_t members) {
  const bool asks_all =
      placement == PlacementKind::kRendezvous || placement == PlacementKind::kMcrouterRendezvous;
  return asks_all ? std::min<std::uint64_t>(keys, kScores / members) : keys;
}

void PrintRow(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) absl::StrAppend(&row, " ", cell, " |");
  std::printf("%s\n", row.c_str());
}

void PrintHead(const std::vector<std::string>& cells) {
  PrintRow(cells);
  PrintRow(std::vector<std::string>(cells.size(), "---"));
}

// FNV-1a over the names of the owners of 10,000 keys.
std::uint64_t OwnersDigest(const Ring& ring) {
  std::uint64_t digest = 14695981039346656037u;
  SampleKey key;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    for (const unsigned char byte : ring.members()[ring.MemberOf(key.Text(i))].host) {
      digest = (digest ^ byte) * 1099511628211u;
    }
  }
  return digest;
}

// First guarantee: a key goes to the same member in every process, in every release. A digest that
// changes would be a flush of every pool in use at the next release.
TEST(GuaranteesTest, AKeyHasTheSameOwnerEverywhere) {
  struct Expected {
    PlacementKind placement;
    std::uint64_t equal;     // digest with equal weights
    std::uint64_t weighted;  // with the weights 1, 2, 3, 1, 2, ...
  };
  constexpr std::array<Expected, kPlacements.size()> kExpected = {{
      {PlacementKind::kKetama, 0x7a8fd3e3065b24de, 0x8c769edca80a3961},
      {PlacementKind::kRendezvous, 0xa355db11c0a793ca, 0xa355db11c0a793ca},
      {PlacementKind::kCh3, 0xa2621d59fc072e6e, 0xa2621d59fc072e6e},
      {PlacementKind::kWeightedCh3, 0xa2621d59fc072e6e, 0xebc49847983b78bc},
      {PlacementKind::kCrc32, 0xea6f419b8863f231, 0xea6f419b8863f231},
      {PlacementKind::kMcrouterRendezvous, 0x443beaa861cf06ce, 0x443beaa861cf06ce},
      {PlacementKind::kModulo, 0x7201fe61330635ef, 0x7201fe61330635ef},
      {PlacementKind::kJump, 0xfa2b10b5952f7b57, 0xfa2b10b5952f7b57},
      {PlacementKind::kMaglev, 0x44e3407405e2e570, 0xceaccd3948fb9193},
  }};
  std::vector<Member> weighted = Pods(10);
  for (std::size_t i = 0; i < weighted.size(); ++i) weighted[i].weight = 1 + i % 3;
  for (const Expected& expected : kExpected) {
    const auto digest = [&](const std::vector<Member>& members) {
      return absl::StrFormat("%#x", OwnersDigest(*Build(expected.placement, members)));
    };
    EXPECT_EQ(digest(Pods(10)), absl::StrFormat("%#x", expected.equal))
        << RowOf(expected.placement).name;
    EXPECT_EQ(digest(weighted), absl::StrFormat("%#x", expected.weighted))
        << RowOf(expected.placement).name;
  }
}

// The deviation of loads that remains where each key falls on any member alike.
double Chance(std::size_t members, std::uint64_t keys) {
  return std::sqrt(static_cast<double>(members - 1) / static_cast<double>(keys));
}

// The highest multiple of its fair share that a member may own.
double MostAllowed(PlacementKind placement, std::size_t members, std::uint64_t keys) {
  // Of a thousand members the fullest is within four deviations of chance, but there are nine times
  // four rows.
  const double chance = 5 * Chance(members, keys);
  // 160 points give a deviation of 1 / sqrt(160), or 8 %.
  if (placement == PlacementKind::kKetama) return 1 + 5 / std::sqrt(160.0) + chance;
  return 1.01 + chance;
}

// Second guarantee: the keys are spread evenly.
TEST(GuaranteesTest, KeysAreSpreadEvenly) {
  PrintHead({"placement", "members", "keys", "most", "least", "deviation", "by chance"});
  for (const PlacementRow& row : kPlacements) {
    for (const std::size_t members : {3, 10, 100, 1000}) {
      const RingPointer ring = Build(row.kind, Pods(members));
      const std::uint64_t keys = KeysFor(row.kind, kSpreadKeys, members);
      // Not OwnershipOf(), which where it can computes what is to be seen here.
      std::vector<double> shares(members);
      SampleKey key;
      for (std::uint64_t i = 0; i < keys; ++i) ++shares[ring->MemberOf(key.Text(i))];
      for (double& share : shares) share /= static_cast<double>(keys);
      const Spread spread = SpreadOf(shares, FairShares(*ring));
      PrintRow({std::string(row.name), absl::StrCat(members), absl::StrCat(keys),
                absl::StrFormat("%.3f", spread.most), absl::StrFormat("%.3f", spread.least),
                absl::StrFormat("%.3f", spread.deviation),
                absl::StrFormat("%.3f", Chance(members, keys))});
      EXPECT_LT(spread.most, MostAllowed(row.kind, members, keys)) << row.name << " " << members;
    }
  }
}

// What a change of a pool moves, and whether it had to.
class MovementTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  static std::size_t members() { return GetParam(); }

  RingDiff Change(const RingPointer& from, const RingPointer& to) {
    return Diff(*from, *to, KeysFor(from->options().placement, kMovedKeys, members()));
  }
  RingDiff LastJoins(PlacementKind placement) {
    return Change(Build(placement, Pods(members())), Build(placement, Pods(members() + 1)));
  }
  RingDiff LastLeaves(PlacementKind placement) {
    return Change(Build(placement, Pods(members())), Build(placement, Pods(members() - 1)));
  }
  RingDiff MiddleLeaves(PlacementKind placement, Ordering ordering = Ordering::kOrdinal) {
    return Change(Build(placement, Pods(members()), ordering),
                  Build(placement, Pods(members(), members() / 2), ordering));
  }
};

INSTANTIATE_TEST_SUITE_P(Members, MovementTest, ::testing::Values(10, 100),
                         ::testing::PrintToStringParamName());

std::string Shown(const RingDiff& diff) {
  return absl::StrFormat("%.2f %% (%.2f %%)", 100 * diff.moved, 100 * diff.moved_between_stayers);
}

// What moves without need, as a share of all keys.
double Excess(const RingDiff& diff) { return diff.moved_between_stayers; }

// Third guarantee: few keys move when a member joins or leaves.
TEST_P(MovementTest, IsSmallWhereThePlacementPromisesIt) {
  PrintHead({"placement", "members", "least", "last joins", "last leaves", "middle leaves",
             "middle leaves, as listed"});
  for (const PlacementRow& row : kPlacements) {
    const RingDiff joins = LastJoins(row.kind), leaves = LastLeaves(row.kind),
                   middle = MiddleLeaves(row.kind);
    PrintRow({std::string(row.name), absl::StrCat(members()),
              absl::StrFormat("%.2f %%", 100 * leaves.optimum), Shown(joins), Shown(leaves),
              Shown(middle),
              row.by_index ? Shown(MiddleLeaves(row.kind, Ordering::kListed)) : "the same"});
    EXPECT_NEAR(joins.optimum, 1.0 / static_cast<double>(members() + 1), 1e-9);
    EXPECT_NEAR(leaves.optimum, 1.0 / static_cast<double>(members()), 1e-9);
    switch (row.kind) {
      case PlacementKind::kRendezvous:
      case PlacementKind::kMcrouterRendezvous:
      case PlacementKind::kCh3:
      case PlacementKind::kWeightedCh3:
      case PlacementKind::kJump:
        EXPECT_EQ(Excess(joins), 0) << row.name;
        EXPECT_EQ(Excess(leaves), 0) << row.name;
        EXPECT_EQ(Excess(middle), 0) << row.name;
        break;
      case PlacementKind::kKetama:
        for (const RingDiff& diff : {joins, leaves, middle}) EXPECT_LT(Excess(diff), 0.04);
        break;
      case PlacementKind::kMaglev:
        // A member that leaves frees entries in the rounds of all others.
        for (const RingDiff& diff : {joins, leaves, middle}) EXPECT_LT(Excess(diff), 0.02);
        break;
      case PlacementKind::kCrc32:
      case PlacementKind::kModulo:
        // A gap shifts nobody; another number of slots moves nearly all.
        EXPECT_EQ(Excess(middle), 0) << row.name;
        EXPECT_GT(joins.moved, 0.8) << row.name;
        EXPECT_GT(leaves.moved, 0.8) << row.name;
        break;
    }
  }
}

// Ketama's number of points for a member of equal weight is computed in floats and mostly 160, but
// 156 for some numbers of members. Between pools with one number of points nothing moves without
// need, between others some does.
TEST(GuaranteesTest, KetamaMovesKeysOfStayersOnlyWhereItsFloatsRoundDown) {
  std::vector<std::size_t> uneven;
  double most = 0;
  RingPointer ring = Build(PlacementKind::kKetama, Pods(1));
  for (std::size_t members = 2; members <= 128; ++members) {
    const RingPointer next = Build(PlacementKind::kKetama, Pods(members));
    const double excess = Excess(Diff(*ring, *next));
    if (excess > 0) uneven.push_back(members);
    most = std::max(most, excess);
    ring = next;
  }
  std::printf("%zu of 127 steps, at most %.2f %%: %s\n", uneven.size(), 100 * most,
              absl::StrJoin(uneven, " ").c_str());
  EXPECT_LT(most, 0.04);
  EXPECT_EQ(uneven.size(), 24u);
}

}  // namespace
}  // namespace ringcache::hashring
