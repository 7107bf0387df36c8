#include "hashring/placement/ch3.h"

#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

std::vector<std::uint32_t> Owners(const Placement& placement,
                                  const std::vector<std::string>& keys) {
  std::vector<std::uint32_t> owners;
  for (const std::string& key : keys) owners.push_back(placement.Locate(key));
  return owners;
}

// furc_test has mcrouter's own vectors.
TEST(Ch3Test, PlacesKeysOnPods) {
  const std::vector<std::string> keys = {"mykey", "key0",      "key1",          "key2",
                                         "foo",   "user:1001", "session:abcdef"};
  EXPECT_EQ(Owners(Ch3(3), keys), (std::vector<std::uint32_t>{0, 0, 2, 0, 1, 0, 1}));
  EXPECT_EQ(Owners(Ch3(4), keys), (std::vector<std::uint32_t>{0, 0, 2, 3, 1, 0, 1}));
}

TEST(Ch3Test, HasAsManySlotsAsFurc) {
  const Ch3 ch3(8388608);
  EXPECT_EQ(ch3.slots(), 8388608u);
  EXPECT_EQ(Owners(ch3, {"", "sample", "key0"}),
            (std::vector<std::uint32_t>{6173600, 5167780, 4701525}));
}

// Each place in the order is the place of a consistent hash, so a slot more changes few.
TEST(Ch3Test, TheOrderKeepsMostOfItselfWhenASlotIsAdded) {
  const Ch3 before(20);
  const Ch3 after(21);
  int changed = 0;
  for (int i = 0; i < 2000; ++i) {
    std::uint32_t first[3], second[3];
    before.Rank(std::to_string(i), first);
    after.Rank(std::to_string(i), second);
    for (int place = 0; place < 3; ++place) changed += first[place] != second[place];
  }
  // The new slot takes 1 of 21 draws, and pushes back what comes after it: about 1 in 10.
  EXPECT_LT(changed, 6000 / 6);
  EXPECT_GT(changed, 6000 / 21);
}

}  // namespace
}  // namespace ringcache::hashring
