#include "hashring/placement/ketama.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "hashring/placement/ketama_vectors.h"

namespace ringcache::hashring {
namespace {

// The pool of libmemcached's own test of weighted ketama.
std::vector<Member> LibmemcachedPool() {
  std::vector<Member> members;
  for (const std::uint32_t weight : {600, 300, 200, 350, 1000, 800, 950, 100}) {
    members.push_back({.host = absl::StrCat("10.0.1.", members.size() + 1), .weight = weight});
  }
  return members;
}

std::vector<Member> Pods(std::size_t count, std::uint16_t port) {
  std::vector<Member> members;
  for (std::size_t i = 0; i < count; ++i) {
    members.push_back({.host = absl::StrCat("mycache-memcached-", i,
                                            ".mycache-memcached.default.svc.cluster.local"),
                       .port = port});
  }
  return members;
}

std::vector<std::uint32_t> Owners(const Placement& placement,
                                  const std::vector<std::string>& keys) {
  std::vector<std::uint32_t> owners;
  for (const std::string& key : keys) owners.push_back(placement.Locate(key));
  return owners;
}

TEST(KetamaTest, IsLibmemcachedsForItsWeightedPool) {
  const Ketama ketama(LibmemcachedPool(), KeyHash::kDefault);
  EXPECT_EQ(ketama.points(), 1264u);
  for (const KetamaVector& vector : kKetamaVectors) {
    EXPECT_EQ(ketama.HashKey(vector.key), vector.hash) << vector.key;
    EXPECT_EQ(ketama.Locate(vector.key), vector.server - 1u) << vector.key;
    // The point that was met: what lies at it belongs to it.
    EXPECT_EQ(ketama.LocateHash(vector.point), vector.server - 1u) << vector.key;
  }
  // Past the last point: the first one's.
  EXPECT_EQ(ketama.Locate("VDEAAAAA"), ketama.LocateHash(0));
}

// Of spymemcached's KetamaNodeLocatorTest, which has four or five nodes from port 10000 on.
TEST(KetamaTest, IsSpymemcachedsAndLibketamas) {
  const auto nodes = [](int count) {
    std::vector<Member> members;
    for (int i = 0; i < count; ++i) {
      members.push_back({.host = "127.0.0.1", .port = static_cast<std::uint16_t>(10000 + i)});
    }
    return members;
  };
  const Ketama four(nodes(4), KeyHash::kMd5);
  EXPECT_EQ(Owners(four, {"dustin", "noelani", "some other key"}),
            (std::vector<std::uint32_t>{0, 2, 0}));
  EXPECT_EQ(Owners(four, {"V5XS8C8N", "8KR2DKR2", "L9KH6X4X"}),
            (std::vector<std::uint32_t>{3, 3, 3}));
  const KeySpace space = four.Arcs();
  // The highest point; what is above it belongs to the first.
  EXPECT_EQ(space.arcs[space.arcs.size() - 2].end, 4294887009u + 1);
  const Ketama five(nodes(5), KeyHash::kMd5);
  EXPECT_EQ(Owners(five, {"dustin", "noelani", "some other key"}),
            (std::vector<std::uint32_t>{0, 2, 4}));
  EXPECT_EQ(Owners(five, {"36", "10037", "22051", "49044"}),
            (std::vector<std::uint32_t>{2, 3, 1, 4}));
}

// The names that pods have; the default port is no part of what is hashed.
TEST(KetamaTest, PlacesKeysOnPods) {
  const std::vector<std::string> keys = {"mykey", "key0",      "key1",          "key2",
                                         "foo",   "user:1001", "session:abcdef"};
  const Ketama default_port(Pods(3, 11211), KeyHash::kDefault);
  EXPECT_EQ(default_port.points(), 480u);
  EXPECT_EQ(Owners(default_port, keys), (std::vector<std::uint32_t>{0, 0, 2, 2, 2, 2, 1}));
  const Ketama other_port(Pods(3, 11212), KeyHash::kDefault);
  EXPECT_EQ(Owners(other_port, keys), (std::vector<std::uint32_t>{1, 1, 1, 0, 1, 0, 1}));
}

// As a member's share of 25, 47 or 50 comes out a little low in 32 bits, it loses a digest. Of 31
// or 41 it would by 64 bits.
TEST(KetamaTest, RoundsAsLibmemcachedDoes) {
  EXPECT_EQ(Ketama(Pods(24, 11211), KeyHash::kDefault).points(), 24 * 160u);
  EXPECT_EQ(Ketama(Pods(25, 11211), KeyHash::kDefault).points(), 25 * 156u);
  EXPECT_EQ(Ketama(Pods(31, 11211), KeyHash::kDefault).points(), 31 * 160u);
  EXPECT_EQ(Ketama(Pods(41, 11211), KeyHash::kDefault).points(), 41 * 160u);
  EXPECT_EQ(Ketama(Pods(47, 11211), KeyHash::kDefault).points(), 47 * 156u);
  EXPECT_EQ(Ketama(Pods(50, 11211), KeyHash::kDefault).points(), 50 * 156u);
}

TEST(KetamaTest, AMemberOfLittleWeightHasNoPointAndIsNotRanked) {
  const Ketama ketama({Member{.host = "a", .weight = 1}, Member{.host = "b", .weight = 1000},
                       Member{.host = "c", .weight = 1000}},
                      KeyHash::kDefault);
  std::vector<std::uint32_t> ranked(3);
  EXPECT_EQ(ketama.Rank("key", absl::MakeSpan(ranked)), 2u);
  ranked.resize(2);
  std::sort(ranked.begin(), ranked.end());
  EXPECT_EQ(ranked, (std::vector<std::uint32_t>{1, 2}));
}

// The circle written down: every point, with the lower slot where two are the same.
std::map<std::uint32_t, std::uint32_t> Circle(const Ketama& ketama) {
  std::map<std::uint32_t, std::uint32_t> circle;
  for (const KeySpace::Arc& arc : ketama.Arcs().arcs) {
    circle[static_cast<std::uint32_t>(arc.end - 1)] = arc.slot;
  }
  return circle;
}

TEST(KetamaTest, TheArcsAreWhatHashesAreLocatedBy) {
  for (const std::size_t count : {1, 2, 3, 10, 100, 1000}) {
    const Ketama ketama(Pods(count, 11211), KeyHash::kDefault);
    const std::map<std::uint32_t, std::uint32_t> circle = Circle(ketama);
    std::vector<std::uint32_t> hashes = {0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
    std::mt19937 random(1);
    for (int i = 0; i < 2000; ++i) hashes.push_back(static_cast<std::uint32_t>(random()));
    for (const auto& [end, slot] : circle) {
      hashes.insert(hashes.end(), {end, end + 1, end - 1});
      if (hashes.size() > 20000) break;
    }
    for (const std::uint32_t hash : hashes) {
      EXPECT_EQ(ketama.LocateHash(hash), circle.lower_bound(hash)->second) << hash;
    }
  }
}

TEST(KetamaTest, WhoIsSecondOwnsTheKeyWhenTheFirstLeaves) {
  const std::vector<Member> all = Pods(10, 11211);
  const Ketama ketama(all, KeyHash::kDefault);
  for (int i = 0; i < 500; ++i) {
    const std::string key = absl::StrCat("key:", i);
    std::uint32_t ranked[2];
    ASSERT_EQ(ketama.Rank(key, ranked), 2u);
    std::vector<Member> rest = all;
    rest.erase(rest.begin() + ranked[0]);
    // Both lists give each member 160 points: see points().
    const Ketama without(rest, KeyHash::kDefault);
    ASSERT_EQ(without.points(), 9 * 160u);
    EXPECT_EQ(rest[without.Locate(key)], all[ranked[1]]) << key;
  }
}

TEST(KetamaTest, TakesTwemproxysKeyHash) {
  const Ketama ketama(Pods(3, 11211), KeyHash::kFnv1a_64);
  EXPECT_EQ(ketama.HashKey("a"), 0x8601ec8cu);
}

}  // namespace
}  // namespace ringcache::hashring
