#include "router/config/routing_prefix.h"

#include "gtest/gtest.h"

namespace ringcache::router {
namespace {

TEST(RoutingPrefixTest, EndsWithTheThirdSlash) {
  EXPECT_EQ(RoutingPrefixBytes("/a/b/key"), 5u);
  EXPECT_EQ(RoutingPrefixBytes("/a/b/key/more"), 5u);
  EXPECT_EQ(RoutingPrefixBytes("/a/b/"), 5u);
  EXPECT_EQ(RoutingPrefixBytes("///"), 3u);
  EXPECT_EQ(RoutingPrefixBytes("/a/b"), 0u);
  EXPECT_EQ(RoutingPrefixBytes("/a"), 0u);
  EXPECT_EQ(RoutingPrefixBytes("/"), 0u);
}

TEST(RoutingPrefixTest, HasARegionAndACluster) {
  for (const char* const text : {"/a/b/", "/././", "/us-east_1/Z9/"}) {
    EXPECT_TRUE(CheckRoutingPrefix(text).ok()) << text;
  }
  for (const char* const text :
       {"", "/", "a/b/", "/a/b", "/a/", "//b/", "/a//", "/a/b/c/", "/*/*/", "/a b/c/", "/a/b/ "}) {
    EXPECT_FALSE(CheckRoutingPrefix(text).ok()) << text;
  }
  EXPECT_EQ(CheckRoutingPrefix("/a/b").message(),
            "\"/a/b\" is not a routing prefix; write /region/cluster/, each of letters, digits, "
            "_, - and .");
}

}  // namespace
}  // namespace ringcache::router
