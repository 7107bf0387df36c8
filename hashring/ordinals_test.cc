#include "hashring/ordinals.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hashring/placement/placement_factory.h"

namespace ringcache::hashring {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<Member> Hosts(std::initializer_list<const char*> hosts) {
  std::vector<Member> members;
  for (const char* const host : hosts) members.push_back({.host = host});
  return members;
}

TEST(OrdinalsTest, AreReadFromTheFirstLabel) {
  EXPECT_THAT(OrdinalsOf(Hosts({"cache-2.cache.ns1", "cache-0.cache.ns1", "cache-10.cache.ns1"})),
              ElementsAre(2, 0, 10));
  EXPECT_THAT(OrdinalsOf(Hosts({"my-2-cache-7"})), ElementsAre(7));
  EXPECT_THAT(OrdinalsOf(Hosts({"mc1.example.org", "mc3.example.org"})), ElementsAre(1, 3));
}

TEST(OrdinalsTest, AreNotReadFromAddressesAndPaths) {
  EXPECT_THAT(OrdinalsOf(Hosts({"10.0.0.1", "11.0.0.1"})), IsEmpty());
  EXPECT_THAT(OrdinalsOf(Hosts({"fd00::1", "fd00::2"})), IsEmpty());
  EXPECT_THAT(OrdinalsOf(Hosts({"/run/cache-0", "/run/cache-1"})), IsEmpty());
}

TEST(OrdinalsTest, NeedNamesThatDifferInNothingElse) {
  EXPECT_THAT(OrdinalsOf(Hosts({"cache-0", "cache-a"})), IsEmpty());
  EXPECT_THAT(OrdinalsOf(Hosts({"cache-0", "other-1"})), IsEmpty());
  EXPECT_THAT(OrdinalsOf(Hosts({"cache-0.east", "cache-1.west"})), IsEmpty());
  EXPECT_THAT(OrdinalsOf(Hosts({"cache-1", "cache-01"})), IsEmpty());
}

TEST(OrdinalsTest, MustBeDistinct) {
  std::vector<Member> two_ports = Hosts({"cache-0", "cache-0"});
  two_ports[1].port = 11212;
  EXPECT_THAT(OrdinalsOf(two_ports), IsEmpty());
}

TEST(OrdinalsTest, OfFewMembersStayBelowAFixedBound) {
  EXPECT_THAT(OrdinalsOf(Hosts({"cache-63"})), ElementsAre(63));
  EXPECT_THAT(OrdinalsOf(Hosts({"cache-64"})), IsEmpty());
  EXPECT_THAT(OrdinalsOf(Hosts({"cache-99999999999"})), IsEmpty());
}

TEST(OrdinalsTest, OfManyMembersStayBelowAMultipleOfTheirNumber) {
  std::vector<Member> members;
  for (int i = 0; i < 99; ++i) members.push_back({.host = absl::StrCat("cache-", i)});
  members.push_back({.host = "cache-799"});
  EXPECT_EQ(OrdinalsOf(members).back(), 799u);
  members.back().host = "cache-800";
  EXPECT_THAT(OrdinalsOf(members), IsEmpty());
}

TEST(OrdinalsTest, StayBelowWhatAPlacementCanHold) {
  std::vector<Member> members;
  for (std::size_t i = 0; i < kMaxMembers / 2; ++i) {
    members.push_back({.host = absl::StrCat("cache-", i)});
  }
  members.back().host = absl::StrCat("cache-", kMaxMembers - 1);
  EXPECT_EQ(OrdinalsOf(members).back(), kMaxMembers - 1);
  members.back().host = absl::StrCat("cache-", kMaxMembers);
  EXPECT_THAT(OrdinalsOf(members), IsEmpty());
}

}  // namespace
}  // namespace ringcache::hashring
