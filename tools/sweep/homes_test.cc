#include "tools/sweep/homes.h"

#include <array>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hashring/ring.h"

namespace ringcache::sweep {
namespace {

constexpr std::uint32_t kMembers = 5;

std::shared_ptr<const hashring::Ring> MakeRing() {
  std::vector<hashring::Member> members;
  for (std::uint32_t i = 0; i < kMembers; ++i) members.push_back({absl::StrCat("cache-", i)});
  return *hashring::Ring::Create({}, members);
}

TEST(HomesTest, AKeyIsAtHomeOnItsOwnerOnly) {
  const auto ring = MakeRing();
  const Homes homes(ring, 1);
  for (int i = 0; i < 1000; ++i) {
    const std::string key = absl::StrCat("key:", i);
    for (std::uint32_t member = 0; member < kMembers; ++member) {
      EXPECT_EQ(homes.IsHome(key, member), member == ring->MemberOf(key));
    }
  }
}

TEST(HomesTest, ReplicasAreHomesInTheOrderOfFailover) {
  const auto ring = MakeRing();
  for (std::size_t replicas = 1; replicas <= Homes::kMaxReplicas; ++replicas) {
    const Homes homes(ring, replicas);
    std::array<std::uint32_t, kMembers> order;
    ASSERT_EQ(ring->Replicas("key", absl::MakeSpan(order)), kMembers);
    for (std::size_t place = 0; place < kMembers; ++place) {
      EXPECT_EQ(homes.IsHome("key", order[place]), place < replicas) << replicas;
    }
  }
}

TEST(HomesTest, AKeyThatTravelsInBase64IsAtHomeByEitherSpelling) {
  const auto ring = MakeRing();
  const Homes homes(ring, 1);
  int two_homes = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string key = absl::StrCat("a key ", i);
    const std::uint32_t bare = ring->MemberOf(key);
    const std::uint32_t spelled = ring->MemberOf(absl::Base64Escape(key));
    two_homes += bare != spelled;
    for (std::uint32_t member = 0; member < kMembers; ++member) {
      EXPECT_EQ(homes.IsHome(key, member), member == bare || member == spelled);
    }
  }
  EXPECT_GT(two_homes, 0);
}

}  // namespace
}  // namespace ringcache::sweep
