#include "hashring/placement/maglev.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "hashring/hash/murmur.h"

namespace ringcache::hashring {
namespace {

std::vector<Member> Members(std::size_t count) {
  std::vector<Member> members;
  for (std::size_t i = 0; i < count; ++i) members.push_back({.host = absl::StrCat("cache-", i)});
  return members;
}

std::vector<std::uint32_t> TableOf(const Maglev& maglev) {
  std::vector<std::uint32_t> table;
  for (const KeySpace::Arc& arc : maglev.Arcs().arcs) table.resize(arc.end, arc.slot);
  return table;
}

// The paper's algorithm as it is written there, in rounds over all members; a member whose share of
// the rounds so far does not reach another turn sits the round out.
std::vector<std::uint32_t> TableByRounds(const std::vector<Member>& members) {
  const std::uint64_t size = MaglevTableSize(members.size());
  std::uint64_t greatest = 0;
  for (const Member& member : members) greatest = std::max<std::uint64_t>(greatest, member.weight);
  const std::uint32_t free = static_cast<std::uint32_t>(members.size());
  std::vector<std::uint32_t> table(size, free);
  std::vector<std::uint64_t> next(members.size()), turns(members.size());
  std::uint64_t filled = 0;
  for (std::uint64_t round = 1;; ++round) {
    for (std::uint32_t slot = 0; slot < members.size(); ++slot) {
      if (round * members[slot].weight < (turns[slot] + 1) * greatest) continue;
      ++turns[slot];
      const std::string name = absl::StrCat(members[slot].host, ":", members[slot].port);
      const std::uint64_t offset = Murmur64A(name, 0) % size;
      const std::uint64_t skip = Murmur64A(name, 1) % (size - 1) + 1;
      while (table[(offset + next[slot] * skip) % size] != free) ++next[slot];
      table[(offset + next[slot] * skip) % size] = slot;
      if (++filled == size) return table;
    }
  }
}

TEST(MaglevTest, IsThePapers) {
  for (const std::size_t count : {1, 2, 3, 10, 100}) {
    EXPECT_EQ(TableOf(Maglev(Members(count), KeyHash::kDefault)), TableByRounds(Members(count)))
        << count;
  }
}

TEST(MaglevTest, WeightsAreSharesOfTheRounds) {
  for (const std::uint32_t scale : {1, 100000}) {
    std::vector<Member> members = Members(10);
    for (std::size_t i = 0; i < members.size(); ++i) members[i].weight = (1 + i * 7 % 10) * scale;
    EXPECT_EQ(TableOf(Maglev(members, KeyHash::kDefault)), TableByRounds(members)) << scale;
  }
}

TEST(MaglevTest, SharesOfTheTableDifferByOneEntry) {
  for (const std::size_t count : {3, 10, 655, 1000}) {
    std::vector<int> entries(count);
    for (const std::uint32_t slot : TableOf(Maglev(Members(count), KeyHash::kDefault))) {
      ++entries[slot];
    }
    const auto [least, most] = std::minmax_element(entries.begin(), entries.end());
    EXPECT_LE(*most - *least, 1) << count;
  }
}

TEST(MaglevTest, TheTableHasAHundredEntriesAMember) {
  EXPECT_EQ(MaglevTableSize(1), 65537u);
  EXPECT_EQ(MaglevTableSize(655), 65537u);
  EXPECT_EQ(MaglevTableSize(656), 131101u);
  EXPECT_EQ(MaglevTableSize(1311), 131101u);
  EXPECT_EQ(MaglevTableSize(1312), 262147u);
  EXPECT_EQ(MaglevTableSize(16384), 2097169u);
}

TEST(MaglevTest, AMemberThatLeavesMovesFewKeysOfTheOthers) {
  const std::vector<Member> all = Members(10);
  std::vector<Member> rest = all;
  rest.erase(rest.begin() + 4);
  const Maglev before(all, KeyHash::kDefault);
  const Maglev after(rest, KeyHash::kDefault);
  int moved = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string key = absl::StrCat("key:", i);
    const Member& owner = all[before.Locate(key)];
    moved += owner != all[4] && owner != rest[after.Locate(key)];
  }
  // The paper's figures are for a thousand: a few per cent.
  EXPECT_LT(moved, 20000 * 5 / 100);
}

TEST(MaglevTest, TheArcsAreWhatHashesAreLocatedBy) {
  const Maglev maglev(Members(10), KeyHash::kDefault);
  const std::vector<std::uint32_t> table = TableOf(maglev);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t hash = maglev.HashKey(std::to_string(i));
    ASSERT_LT(maglev.EntryOf(hash), table.size());
    EXPECT_EQ(maglev.LocateHash(hash), table[maglev.EntryOf(hash)]);
  }
}

// Hashes of 15, 16 and 32 bits reach every part of the table.
TEST(MaglevTest, HashesOfFewBitsSpreadAsWell) {
  for (const KeyHash hash : {KeyHash::kCrc32, KeyHash::kCrc16, KeyHash::kJenkins}) {
    const Maglev maglev(Members(10), hash);
    std::vector<int> counts(10);
    for (int i = 0; i < 20000; ++i) ++counts[maglev.Locate(absl::StrCat("key:", i))];
    for (const int count : counts) EXPECT_NEAR(count, 2000, 300) << NameOf(hash);
  }
}

TEST(MaglevTest, AMemberOfLittleWeightHasNoEntryAndIsNotRanked) {
  const Maglev maglev({Member{.host = "a"}, Member{.host = "b", .weight = 1u << 31}},
                      KeyHash::kDefault);
  std::uint32_t ranked[2];
  ASSERT_EQ(maglev.Rank("key", ranked), 1u);
  EXPECT_EQ(ranked[0], 1u);
}

}  // namespace
}  // namespace ringcache::hashring
