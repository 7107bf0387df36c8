#include "hashring/hash/md5.h"

#include <bit>
#include <cstddef>
#include <cstring>

#include "hashring/hash/little_endian.h"

namespace ringcache::hashring {
namespace {

constexpr std::size_t kBlock = 64;

// The integer part of 2^32 * |sin(i + 1)|.
constexpr std::array<std::uint32_t, 64> kSines = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

// What distinguishes the four rounds: the word that step i takes, and how far it turns.
constexpr std::array<int, 4> kWordFactors = {1, 5, 3, 7};
constexpr std::array<int, 4> kWordOffsets = {0, 1, 5, 0};
constexpr int kTurns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

template <int kRound>
std::uint32_t Choose(std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  if constexpr (kRound == 0) return d ^ (b & (c ^ d));
  if constexpr (kRound == 1) return c ^ (d & (b ^ c));
  if constexpr (kRound == 2) return b ^ c ^ d;
  return c ^ (b | ~d);
}

template <int kRound>
void MixRound(const std::uint32_t* words, Md5Words& state) {
  auto [a, b, c, d] = state;
  const auto step = [words](int i, std::uint32_t& w, std::uint32_t x, std::uint32_t y,
                            std::uint32_t z) {
    const int word = (kWordFactors[kRound] * i + kWordOffsets[kRound]) % 16;
    w += Choose<kRound>(x, y, z) + words[word] + kSines[16 * kRound + i];
    w = x + std::rotl(w, kTurns[kRound][i % 4]);
  };
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) {
    step(i, a, b, c, d);
    step(i + 1, d, a, b, c);
    step(i + 2, c, d, a, b);
    step(i + 3, b, c, d, a);
  }
  state = {a, b, c, d};
}

void MixBlock(const char* block, Md5Words& state) {
  std::uint32_t words[16];
  std::memcpy(words, block, sizeof(words));
  const Md5Words before = state;
  MixRound<0>(words, state);
  MixRound<1>(words, state);
  MixRound<2>(words, state);
  MixRound<3>(words, state);
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += before[i];
}

}  // namespace

Md5Words Md5(absl::string_view text) {
  Md5Words state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  std::size_t at = 0;
  for (; text.size() - at >= kBlock; at += kBlock) MixBlock(text.data() + at, state);

  // The rest, a bit that ends it, zeros, and the length in bits: one block, or two if it does not
  // fit.
  char last[2 * kBlock] = {};
  const std::size_t rest = text.size() - at;
  if (rest > 0) std::memcpy(last, text.data() + at, rest);
  last[rest] = static_cast<char>(0x80);
  const std::size_t end = rest + 1 + sizeof(std::uint64_t) <= kBlock ? kBlock : 2 * kBlock;
  const std::uint64_t bits = std::uint64_t{text.size()} * 8;
  std::memcpy(last + end - sizeof(bits), &bits, sizeof(bits));
  for (at = 0; at < end; at += kBlock) MixBlock(last + at, state);
  return state;
}

}  // namespace ringcache::hashring
