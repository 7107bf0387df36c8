#include "router/route/route_types.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace ringcache::router {
namespace {

TEST(RouteTypesTest, EachTypeIsThereOnceAndCanBeMade) {
  std::set<std::string> names;
  for (const RouteType& type : RouteTypes()) {
    EXPECT_TRUE(names.insert(std::string(type.name)).second) << type.name;
    EXPECT_NE(type.make, nullptr) << type.name;
  }
  EXPECT_EQ(names.count("PoolRoute"), 1u);
}

TEST(RouteTypesTest, SaysWhyThereIsNoneOfMcrouters) {
  EXPECT_EQ(WhyNoRouteType("LoadBalancerRoute"), "memcached does not tell its load");
  EXPECT_EQ(WhyNoRouteType("PoolRoute"), "");
  EXPECT_EQ(WhyNoRouteType("poolroute"), "");
}

}  // namespace
}  // namespace ringcache::router
