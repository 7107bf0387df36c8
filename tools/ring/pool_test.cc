#include "tools/ring/pool.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hashring/member_name.h"

namespace ringcache::ring {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> Names(const std::vector<hashring::Member>& members) {
  std::vector<std::string> names;
  for (const hashring::Member& member : members) names.push_back(NameOf(member));
  return names;
}

std::string ComplaintOf(const std::string& server) {
  return std::string(MembersOfList({server}).status().message());
}

TEST(PoolTest, ReadsServersInEveryForm) {
  const auto members = MembersOfList({"a", "b:5000", "[::1]", "[::1]:5000", "/run/a:b.sock"});
  ASSERT_TRUE(members.ok()) << members.status();
  EXPECT_THAT(Names(*members),
              ElementsAre("a:11211", "b:5000", "[::1]:11211", "[::1]:5000", "/run/a:b.sock"));
  EXPECT_EQ((*members)[2].host, "::1");
}

TEST(PoolTest, SaysWhatIsWrongWithAServer) {
  EXPECT_THAT(ComplaintOf("::1"), HasSubstr("'::1' has more than one colon"));
  EXPECT_THAT(ComplaintOf("a:b:c"), HasSubstr("host:port or [ipv6]:port"));
  EXPECT_THAT(ComplaintOf("[::1"), HasSubstr("has no ]"));
  EXPECT_THAT(ComplaintOf("[::1]5000"), HasSubstr("has no port from 1 to 65535"));
  for (const char* const server : {"a:", "a:0", "a:65536", "a:x", "a:-1"}) {
    EXPECT_THAT(ComplaintOf(server), HasSubstr("has no port from 1 to 65535")) << server;
  }
  EXPECT_THAT(ComplaintOf(":11211"), HasSubstr("has no host"));
  EXPECT_THAT(ComplaintOf("[]:11211"), HasSubstr("has no host"));
}

TEST(PoolTest, NamesPodsAsKubernetesDoes) {
  StatefulSet set = *ParseStatefulSet("mycache-memcached.default");
  EXPECT_THAT(Names(MembersOfSet(set, 2)),
              ElementsAre("mycache-memcached-0.mycache-memcached.default.svc.cluster.local:11211",
                          "mycache-memcached-1.mycache-memcached.default.svc.cluster.local:11211"));
  set.port = 5000;
  EXPECT_THAT(Names(MembersOfSet(set, 1)),
              ElementsAre("mycache-memcached-0.mycache-memcached.default.svc.cluster.local:5000"));
}

TEST(PoolTest, KnowsServicesAndDomainsOfOtherNames) {
  EXPECT_EQ(ParseStatefulSet("cache.headless.prod")->domain, "headless.prod.svc.cluster.local");
  EXPECT_EQ(ParseStatefulSet("cache.prod.svc.my.zone")->domain, "cache.prod.svc.my.zone");
  EXPECT_EQ(ParseStatefulSet("cache.headless.prod.svc.my.zone")->domain,
            "headless.prod.svc.my.zone");
}

TEST(PoolTest, SaysWhatIsWrongWithASet) {
  EXPECT_THAT(ParseStatefulSet("cache").status().message(), HasSubstr("neither SET.NAMESPACE"));
  EXPECT_THAT(ParseStatefulSet("cache..a").status().message(), HasSubstr("neither"));
  EXPECT_THAT(ParseStatefulSet("a.b.c.d").status().message(), HasSubstr("has 4 labels"));
  EXPECT_THAT(ParseStatefulSet("a.svc.b").status().message(), HasSubstr("has 1 labels"));
}

TEST(PoolTest, GivesWeightsInOrder) {
  std::vector<hashring::Member> members = *MembersOfList({"a", "b", "c"});
  ASSERT_TRUE(SetWeights({"3", "2"}, &members).ok());
  EXPECT_EQ(members[0].weight, 3u);
  EXPECT_EQ(members[1].weight, 2u);
  EXPECT_EQ(members[2].weight, 1u);
  EXPECT_EQ(SetWeights({"1", "1", "1", "1"}, &members).message(), "4 weights for 3 members");
  for (const char* const weight : {"0", "x", "-1", "1.5"}) {
    EXPECT_THAT(SetWeights({weight}, &members).message(), HasSubstr("no whole number from 1"));
  }
}

}  // namespace
}  // namespace ringcache::ring
