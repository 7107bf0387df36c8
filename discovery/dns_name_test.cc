#include "discovery/dns_name.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::discovery {
namespace {

using ::testing::ElementsAre;

TEST(DnsNameTest, CanonicalNamesHaveNoCaseAndNoTrailingDot) {
  EXPECT_EQ(CanonicalName("Cache-0.Example.COM."), "cache-0.example.com");
  EXPECT_EQ(CanonicalName("cache"), "cache");
  EXPECT_EQ(CanonicalName("."), "");
}

TEST(DnsNameTest, HostNamesHaveLabelsOfLettersDigitsDashesAndUnderscores) {
  for (const char* name : {"a", "a.b", "cache-0.x.", "_memcached._tcp.cache", "10-0-0-1.x"}) {
    EXPECT_TRUE(IsHostName(name)) << name;
  }
  for (const char* name : {"", ".", "a..b", ".a", "a b", "a\\032b", "a*"}) {
    EXPECT_FALSE(IsHostName(name)) << name;
  }
  EXPECT_TRUE(IsHostName(std::string(63, 'a')));
  EXPECT_FALSE(IsHostName(std::string(64, 'a')));
  std::string longest(253, 'a');
  for (std::size_t i = 50; i < 253; i += 51) longest[i] = '.';
  EXPECT_TRUE(IsHostName(longest));
  EXPECT_FALSE(IsHostName("b" + longest));
}

TEST(DnsNameTest, BelowADomainMeansWholeLabelsMore) {
  EXPECT_TRUE(IsBelow("a.cache.svc", "cache.svc"));
  EXPECT_FALSE(IsBelow("cache.svc", "cache.svc"));
  EXPECT_FALSE(IsBelow(".cache.svc", "cache.svc"));
  EXPECT_FALSE(IsBelow("xcache.svc", "cache.svc"));
  EXPECT_FALSE(IsBelow("a.other.svc", "cache.svc"));
  EXPECT_FALSE(IsBelow("a.b", ""));
}

TEST(DnsNameTest, EndpointsWithoutAHostnameAreNamedByTheirAddress) {
  for (const char* name : {"10-1-2-3.cache.svc", "10-1-2-3", "2001-db8--1.cache.svc"}) {
    EXPECT_TRUE(IsNamedByAddress(name)) << name;
  }
  for (const char* name : {"cache-0.svc", "10-1-2.svc", "10-1-2-256.x", "a.b", "a-b", ""}) {
    EXPECT_FALSE(IsNamedByAddress(name)) << name;
  }
}

// What a pod of the namespace `default` has in its resolv.conf.
SearchPath PodSearchPath() {
  return {{"default.svc.cluster.local", "svc.cluster.local", "cluster.local"}, 5};
}

TEST(DnsNameTest, ShortNamesGoThroughTheSearchDomainsFirst) {
  EXPECT_THAT(SearchNames("Cache.default.svc", PodSearchPath()),
              ElementsAre("cache.default.svc.default.svc.cluster.local",
                          "cache.default.svc.svc.cluster.local", "cache.default.svc.cluster.local",
                          "cache.default.svc"));
}

TEST(DnsNameTest, NamesWithEnoughDotsGoFirstAsTheyAre) {
  EXPECT_THAT(SearchNames("a.b.c.d.e.f", {{"x"}, 5}), ElementsAre("a.b.c.d.e.f", "a.b.c.d.e.f.x"));
  EXPECT_THAT(SearchNames("a.b.c.d.e", {{"x"}, 5}), ElementsAre("a.b.c.d.e.x", "a.b.c.d.e"));
  EXPECT_THAT(SearchNames("a", {{"x"}, 0}), ElementsAre("a", "a.x"));
}

TEST(DnsNameTest, ATrailingDotEndsTheSearch) {
  EXPECT_THAT(SearchNames("cache.", PodSearchPath()), ElementsAre("cache"));
}

TEST(DnsNameTest, SearchedNamesAreNeverTooLongAndTheirNumberIsBounded) {
  SearchPath path{{std::string(250, 'd'), "", "."}, 5};
  EXPECT_THAT(SearchNames("cache", path), ElementsAre("cache"));
  path.domains.assign(kMaxSearchDomains + 10, "d");
  EXPECT_EQ(SearchNames("cache", path).size(), kMaxSearchDomains + 1);
}

TEST(DnsNameTest, NaturalOrderComparesDigitsAsNumbers) {
  const std::vector<std::string> sorted = {"",        "cache-0",  "cache-00",   "cache-1",
                                           "cache-9", "cache-10", "cache-10.a", "cache-a"};
  std::vector<std::string> names(sorted.rbegin(), sorted.rend());
  std::sort(names.begin(), names.end(), NaturalLess);
  EXPECT_EQ(names, sorted);
  for (const std::string& a : sorted) {
    for (const std::string& b : sorted) {
      EXPECT_EQ(NaturalLess(a, b) + NaturalLess(b, a), a != b) << a << " and " << b;
    }
  }
}

}  // namespace
}  // namespace ringcache::discovery
