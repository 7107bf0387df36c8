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

}  // namespace
}  // namespace ringcache::hashring
