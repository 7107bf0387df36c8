#include "ring_flags/ring_flags.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "flags/flag_table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hashring/placement/placement_kind.h"
#include "hashring/ring_options.h"

namespace ringcache::ring_flags {
namespace {

using ::testing::HasSubstr;

struct Options {
  hashring::RingOptions ring;
};
using F = flags::Of<Options>;
using R = RingFlags<Options, &Options::ring>;
constexpr F::Row kRows[] = {R::Placement(), R::KeyHash(), R::Ordering(), R::HashStop(),
                            R::HashTag()};

absl::Status Parse(const std::vector<absl::string_view>& arguments, Options* options) {
  return F::Parse(kRows, arguments, options);
}

TEST(RingFlagsTest, EveryOptionOfARingCanBeSet) {
  Options options;
  ASSERT_TRUE(Parse({"--placement=modulo", "--key-hash=fnv1a_64", "--ordering=listed",
                     "--hash-stop=|#|", "--hash-tag={}"},
                    &options)
                  .ok());
  EXPECT_EQ(options.ring, (hashring::RingOptions{.placement = hashring::PlacementKind::kModulo,
                                                 .key_hash = hashring::KeyHash::kFnv1a_64,
                                                 .ordering = hashring::Ordering::kListed,
                                                 .hash_stop = "|#|",
                                                 .hash_tag = "{}"}));
}

TEST(RingFlagsTest, AWrongNameIsToldWithTheRightOnes) {
  Options options;
  EXPECT_THAT(std::string(Parse({"--placement=x"}, &options).message()), HasSubstr("rendezvous"));
  EXPECT_THAT(std::string(Parse({"--key-hash=x"}, &options).message()), HasSubstr("one_at_a_time"));
  EXPECT_THAT(std::string(Parse({"--ordering=x"}, &options).message()), HasSubstr("listed"));
}

TEST(RingFlagsTest, TheHelpNamesEveryPlacementAndTheDefaults) {
  const std::string help = F::Help("", kRows);
  for (const hashring::PlacementRow& row : hashring::kPlacements) {
    EXPECT_THAT(help, HasSubstr(std::string(row.name)));
  }
  EXPECT_THAT(help, HasSubstr("--placement=NAME  (ketama)"));
  EXPECT_THAT(help, HasSubstr("--key-hash=NAME  (default)"));
}

}  // namespace
}  // namespace ringcache::ring_flags
