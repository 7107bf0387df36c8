#include "hashring/placement/crc32.h"

#include <algorithm>
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

// Of mcrouter's Crc32HashTest.
TEST(Crc32PlacementTest, IsMcrouters) {
  EXPECT_EQ(Owners(Crc32Placement(100), {"sample", ""}), (std::vector<std::uint32_t>{7, 0}));
  EXPECT_EQ(Owners(Crc32Placement(1), {"sample", ""}), (std::vector<std::uint32_t>{0, 0}));
  EXPECT_EQ(Owners(Crc32Placement((1u << 30) - 1), {"", "sample"}),
            (std::vector<std::uint32_t>{0, 822834884}));
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes.push_back(static_cast<char>(i - 128));
  EXPECT_EQ(Crc32Placement(99999).Locate(all_bytes), 11697u);
  std::reverse(all_bytes.begin(), all_bytes.end());
  EXPECT_EQ(Crc32Placement(99999).Locate(all_bytes), 97630u);
}

}  // namespace
}  // namespace ringcache::hashring
