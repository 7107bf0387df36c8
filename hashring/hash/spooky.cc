#include "hashring/hash/spooky.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#include "hashring/hash/little_endian.h"

namespace ringcache::hashring {
namespace {

// Odd and without a pattern; the paper's.
constexpr std::uint64_t kConstant = 0xdeadbeefdeadbeef;

// Texts from here on are mixed in blocks of twelve words.
constexpr std::size_t kWords = 12;
constexpr std::size_t kBlock = kWords * sizeof(std::uint64_t);
constexpr std::size_t kLong = 2 * kBlock;

using ShortState = std::array<std::uint64_t, 4>;
using LongState = std::array<std::uint64_t, kWords>;

// Twelve steps, each on the next word in turn, by so many bits.
constexpr int kShortMixTurns[12] = {50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36};
constexpr int kShortEndTurns[11] = {15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63};
constexpr int kLongMixTurns[kWords] = {11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46};
constexpr int kLongEndTurns[kWords] = {44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54};

void ShortMix(ShortState& h) {
#pragma GCC unroll 12
  for (int i = 0; i < 12; ++i) {
    std::uint64_t& x = h[(i + 2) % 4];
    x = std::rotl(x, kShortMixTurns[i]) + h[(i + 3) % 4];
    h[i % 4] ^= x;
  }
}

void ShortEnd(ShortState& h) {
#pragma GCC unroll 11
  for (int i = 0; i < 11; ++i) {
    std::uint64_t& x = h[(i + 2) % 4];
    std::uint64_t& y = h[(i + 3) % 4];
    y ^= x;
    x = std::rotl(x, kShortEndTurns[i]);
    y += x;
  }
}

std::uint64_t HashShort(absl::string_view text, std::uint64_t seed) {
  ShortState h = {seed, seed, kConstant, kConstant};
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 32; left -= 32, at += 32) {
    h[2] += LoadWord64(at);
    h[3] += LoadWord64(at + 8);
    ShortMix(h);
    h[0] += LoadWord64(at + 16);
    h[1] += LoadWord64(at + 24);
  }
  if (left >= 16) {
    h[2] += LoadWord64(at);
    h[3] += LoadWord64(at + 8);
    ShortMix(h);
    left -= 16;
    at += 16;
  }
  h[3] += std::uint64_t{text.size()} << 56;
  if (left == 0) {
    h[2] += kConstant;
    h[3] += kConstant;
  } else {
    const std::size_t low = left < 8 ? left : 8;
    h[2] += LoadPartialWord(at, low);
    h[3] += LoadPartialWord(at + low, left - low);
  }
  ShortEnd(h);
  return h[0];
}

void LongMix(const char* block, LongState& s) {
#pragma GCC unroll 12
  for (std::size_t i = 0; i < kWords; ++i) {
    std::uint64_t& last = s[(i + kWords - 1) % kWords];
    s[i] += LoadWord64(block + 8 * i);
    s[(i + 2) % kWords] ^= s[(i + kWords - 2) % kWords];
    last ^= s[i];
    s[i] = std::rotl(s[i], kLongMixTurns[i]);
    last += s[(i + 1) % kWords];
  }
}

void LongEnd(const char* block, LongState& h) {
  for (std::size_t i = 0; i < kWords; ++i) h[i] += LoadWord64(block + 8 * i);
  for (int round = 0; round < 3; ++round) {
#pragma GCC unroll 12
    for (std::size_t i = 0; i < kWords; ++i) {
      std::uint64_t& last = h[(i + kWords - 1) % kWords];
      std::uint64_t& next = h[(i + 1) % kWords];
      last += next;
      h[(i + 2) % kWords] ^= last;
      next = std::rotl(next, kLongEndTurns[i]);
    }
  }
}

std::uint64_t HashLong(absl::string_view text, std::uint64_t seed) {
  LongState h;
  for (std::size_t i = 0; i < kWords; ++i) h[i] = i % 3 == 2 ? kConstant : seed;
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= kBlock; left -= kBlock, at += kBlock) LongMix(at, h);
  char last[kBlock] = {};
  std::memcpy(last, at, left);
  last[kBlock - 1] = static_cast<char>(left);
  LongEnd(last, h);
  return h[0];
}

}  // namespace

std::uint32_t Spooky32(absl::string_view key, std::uint32_t seed) {
  return static_cast<std::uint32_t>(key.size() < kLong ? HashShort(key, seed)
                                                       : HashLong(key, seed));
}

}  // namespace ringcache::hashring
