#include "tools/ring/short_names.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::ring {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ShortNamesTest, LeaveOutTheCommonDomainAndPort) {
  const ShortNames pods = ShortNamesOf({{.host = "c-0.c.svc"}, {.host = "c-10.c.svc"}});
  EXPECT_THAT(pods.names, ElementsAre("c-0", "c-10"));
  EXPECT_EQ(pods.suffix, ".c.svc:11211");
  const ShortNames bare = ShortNamesOf({{.host = "a"}, {.host = "b"}});
  EXPECT_THAT(bare.names, ElementsAre("a", "b"));
  EXPECT_EQ(bare.suffix, ":11211");
}

TEST(ShortNamesTest, LeaveOutTheCommonPortOfAddresses) {
  const ShortNames four = ShortNamesOf({{.host = "10.0.0.1"}, {.host = "10.0.1.1"}});
  EXPECT_THAT(four.names, ElementsAre("10.0.0.1", "10.0.1.1"));
  EXPECT_EQ(four.suffix, ":11211");
  const ShortNames six = ShortNamesOf({{.host = "fd00::1"}, {.host = "fd00::2"}});
  EXPECT_THAT(six.names, ElementsAre("[fd00::1]", "[fd00::2]"));
}

TEST(ShortNamesTest, LeaveOutThePortAloneWhereDomainsDiffer) {
  const ShortNames mixed = ShortNamesOf({{.host = "a.east"}, {.host = "a.west"}, {.host = "b"}});
  EXPECT_THAT(mixed.names, ElementsAre("a.east", "a.west", "b"));
  EXPECT_EQ(mixed.suffix, ":11211");
}

TEST(ShortNamesTest, AreWholeWhereNothingIsCommon) {
  const ShortNames ports = ShortNamesOf({{.host = "a.b"}, {.host = "a.b", .port = 5}});
  EXPECT_THAT(ports.names, ElementsAre("a.b:11211", "a.b:5"));
  EXPECT_EQ(ports.suffix, "");
  const ShortNames paths = ShortNamesOf({{.host = "/a.sock", .port = 0}, {.host = "a.sock"}});
  EXPECT_THAT(paths.names, ElementsAre("/a.sock", "a.sock:11211"));
  EXPECT_THAT(ShortNamesOf({}).names, IsEmpty());
  EXPECT_THAT(Shorten({"a", "b"}).names, ElementsAre("a", "b"));
}

}  // namespace
}  // namespace ringcache::ring
