#include "hashring/placement/placement_kind.h"

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

TEST(PlacementKindTest, EveryPlacementIsFoundByItsName) {
  for (const PlacementRow& row : kPlacements) {
    const absl::StatusOr<PlacementKind> kind = PlacementOfName(row.name);
    ASSERT_TRUE(kind.ok()) << kind.status();
    EXPECT_EQ(*kind, row.kind);
    EXPECT_EQ(RowOf(*kind).name, row.name);
  }
}

TEST(PlacementKindTest, EveryKeyHashIsFoundByItsName) {
  for (int i = 0; i <= static_cast<int>(KeyHash::kJenkins); ++i) {
    const auto hash = static_cast<KeyHash>(i);
    const absl::StatusOr<KeyHash> found = KeyHashOfName(NameOf(hash));
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(*found, hash);
  }
  EXPECT_EQ(NameOf(KeyHash::kFnv1a_64), "fnv1a_64");
}

TEST(PlacementKindTest, AnUnknownNameIsAnsweredWithTheKnownOnes) {
  EXPECT_EQ(PlacementOfName("ketchup").status().message(),
            "no placement is named 'ketchup'; there are ketama, rendezvous, ch3, weighted_ch3, "
            "crc32, mcrouter_rendezvous, modulo, jump, maglev");
  EXPECT_EQ(KeyHashOfName("MD5").status().message(),
            "no key hash is named 'MD5'; there are default, md5, one_at_a_time, crc32, crc32a, "
            "crc16, fnv1_64, fnv1a_64, fnv1_32, fnv1a_32, hsieh, murmur, jenkins");
}

}  // namespace
}  // namespace ringcache::hashring
