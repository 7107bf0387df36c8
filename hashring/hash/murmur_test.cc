#include "hashring/hash/murmur.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

struct Row {
  std::string key;
  std::uint32_t hash;
};

// SMHasher's proof of a hash: keys of 0 to 255 bytes that count up, each with its own seed, and the
// hash of all their hashes.
template <typename Hash>
std::uint32_t Verification(Hash hash) {
  std::string key, hashes;
  for (int i = 0; i < 256; ++i) {
    const auto value = hash(key, 256 - i);
    hashes.append(reinterpret_cast<const char*>(&value), sizeof(value));
    key.push_back(static_cast<char>(i));
  }
  return static_cast<std::uint32_t>(hash(hashes, 0));
}

TEST(MurmurTest, IsSmhashers) {
  EXPECT_EQ(Verification(Murmur64A), 0x1f0d3804u);
  EXPECT_EQ(Verification(Murmur3_32), 0xb0f57ee3u);
}

// Of Debian's libhashkit 1.1.4.
TEST(MurmurTest, Murmur2IsTheClients) {
  const Row kRows[] = {
      {"", 0x00000000},
      {"a", 0x4b41757c},
      {"ab", 0xe3b54dfb},
      {"abc", 0x7b0cc428},
      {"mykey", 0xd08ec625},
      {"user:1001", 0x4ca47a0b},
      {"twelve bytes", 0x3a2c84d5},
      {"session:abcdef", 0x97171306},
      {"\xff\x80\xe9", 0xd451734d},
      {"caf\xc3\xa9:1", 0x5122673d},
      {std::string(250, 'k'), 0xd8b0adcb},
  };
  for (const Row& row : kRows) EXPECT_EQ(Murmur2(row.key), row.hash) << row.key;
}

// Of pymemcache's test_rendezvous.py.
TEST(MurmurTest, Murmur3IsPymemcaches) {
  EXPECT_EQ(Murmur3_32("6666", 0), 1361238019u);
  EXPECT_EQ(Murmur3_32("6666", 10), 2981722772u);
}

TEST(MurmurTest, AWordIsItsBytes) {
  for (const std::uint64_t word : {std::uint64_t{0}, ~std::uint64_t{0}, 0x0123456789abcdefu}) {
    const absl::string_view bytes(reinterpret_cast<const char*>(&word), sizeof(word));
    EXPECT_EQ(Murmur64AOfWord(word, 4193360111), Murmur64A(bytes, 4193360111));
  }
}

TEST(MurmurTest, APrefixOfAnyLengthIsTheSameAsTheWhole) {
  const std::string text = "mycache-0.mycache:11211-user:1001\xff\xfe";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    for (std::size_t end = cut; end <= text.size(); ++end) {
      const Murmur3Prefix prefix(absl::string_view(text).substr(0, cut), 7);
      EXPECT_EQ(prefix.HashWith(absl::string_view(text).substr(cut, end - cut)),
                Murmur3_32(text.substr(0, end), 7))
          << cut << " to " << end;
    }
  }
}

}  // namespace
}  // namespace ringcache::hashring
