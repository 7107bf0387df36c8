#include "hashring/ring_options.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string Complaint(const RingOptions& options) {
  return std::string(options.Validate().message());
}

TEST(RingOptionsTest, DefaultsAreValidForEveryPlacement) {
  for (const PlacementRow& row : kPlacements) {
    EXPECT_EQ(Complaint({.placement = row.kind}), "") << row.name;
  }
}

TEST(RingOptionsTest, TakeAKeyHashWhereThePlacementDoes) {
  for (const PlacementRow& row : kPlacements) {
    const RingOptions options{.placement = row.kind, .key_hash = KeyHash::kFnv1a_64};
    EXPECT_EQ(options.Validate().ok(), row.takes_key_hash) << row.name;
  }
  EXPECT_THAT(Complaint({.placement = PlacementKind::kCh3, .key_hash = KeyHash::kFnv1a_64}),
              AllOf(HasSubstr("ch3 has a key hash of its own"), HasSubstr("fnv1a_64"),
                    HasSubstr("ketama, modulo")));
}

TEST(RingOptionsTest, RefuseAStopThatNoKeyHas) {
  EXPECT_EQ(Complaint({.hash_stop = "|#|"}), "");
  EXPECT_THAT(Complaint({.hash_stop = "a b"}), HasSubstr("hash stop"));
  EXPECT_THAT(Complaint({.hash_stop = "\x7f"}), HasSubstr("hash stop"));
}

TEST(RingOptionsTest, RefuseATagThatIsNotAPair) {
  EXPECT_EQ(Complaint({.hash_tag = "{}"}), "");
  EXPECT_EQ(Complaint({.hash_tag = "$$"}), "");
  EXPECT_THAT(Complaint({.hash_tag = "{"}), HasSubstr("'{' is not two characters"));
  EXPECT_THAT(Complaint({.hash_tag = "{}{"}), HasSubstr("'{}{' is not two characters"));
  EXPECT_THAT(Complaint({.hash_tag = "{\n"}), HasSubstr("such as {}"));
}

TEST(RingOptionsTest, BoundTheSalt) {
  EXPECT_EQ(Complaint({.salt = std::string(RingOptions::kMaxSaltBytes, 's')}), "");
  EXPECT_EQ(Complaint({.salt = std::string(RingOptions::kMaxSaltBytes + 1, 's')}),
            "the salt has 251 bytes; at most 250 are hashed with every key");
}

TEST(RingOptionsTest, TakeWeightsByPlaceForTheListOfWeightedCh3) {
  const auto complaint = [](PlacementKind placement, Ordering ordering, double weight) {
    return Complaint({.placement = placement, .ordering = ordering, .weights = {0, weight}});
  };
  EXPECT_EQ(complaint(PlacementKind::kWeightedCh3, Ordering::kListed, 1), "");
  EXPECT_THAT(complaint(PlacementKind::kCh3, Ordering::kListed, 1),
              HasSubstr("weights by place are for weighted_ch3"));
  EXPECT_THAT(complaint(PlacementKind::kWeightedCh3, Ordering::kOrdinal, 1),
              HasSubstr("in the order of the list"));
  EXPECT_EQ(complaint(PlacementKind::kWeightedCh3, Ordering::kListed, 1.5),
            "the weight 1.5 is not from 0 to 1");
  EXPECT_EQ(complaint(PlacementKind::kWeightedCh3, Ordering::kListed, -0.5),
            "the weight -0.5 is not from 0 to 1");
}

}  // namespace
}  // namespace ringcache::hashring
