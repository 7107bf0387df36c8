#include "hashring/hash/murmur.h"

#include "hashring/hash/little_endian.h"

namespace ringcache::hashring {
namespace {

constexpr std::uint64_t kMultiplier64 = 0xc6a4a7935bd1e995;

std::uint64_t Add64(std::uint64_t hash, std::uint64_t word) {
  word *= kMultiplier64;
  word ^= word >> 47;
  word *= kMultiplier64;
  return (hash ^ word) * kMultiplier64;
}

std::uint64_t Finish64(std::uint64_t hash) {
  hash ^= hash >> 47;
  hash *= kMultiplier64;
  return hash ^ (hash >> 47);
}

std::uint32_t Scramble3(std::uint32_t word) {
  return std::rotl(word * 0xcc9e2d51, 15) * 0x1b873593;
}

std::uint32_t Add3(std::uint32_t hash, std::uint32_t word) {
  return std::rotl(hash ^ Scramble3(word), 13) * 5 + 0xe6546b64;
}

// `tail` holds what was left of the text after its whole words; zero adds nothing.
std::uint32_t Finish3(std::uint32_t hash, std::uint32_t tail, std::uint32_t length) {
  hash ^= Scramble3(tail) ^ length;
  hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
  return hash ^ (hash >> 16);
}

}  // namespace

std::uint32_t Murmur2(absl::string_view key) {
  constexpr std::uint32_t kMultiplier = 0x5bd1e995;
  const auto length = static_cast<std::uint32_t>(key.size());
  std::uint32_t hash = (0xdeadbeef * length) ^ length;
  const char* at = key.data();
  std::size_t left = key.size();
  for (; left >= 4; left -= 4, at += 4) {
    std::uint32_t word = LoadWord32(at) * kMultiplier;
    word ^= word >> 24;
    hash = (hash * kMultiplier) ^ (word * kMultiplier);
  }
  if (left > 0) {
    hash = (hash ^ static_cast<std::uint32_t>(LoadPartialWord(at, left))) * kMultiplier;
  }
  hash = (hash ^ (hash >> 13)) * kMultiplier;
  return hash ^ (hash >> 15);
}

std::uint64_t Murmur64A(absl::string_view key, std::uint64_t seed) {
  std::uint64_t hash = seed ^ (key.size() * kMultiplier64);
  const char* at = key.data();
  std::size_t left = key.size();
  for (; left >= 8; left -= 8, at += 8) hash = Add64(hash, LoadWord64(at));
  if (left > 0) hash = (hash ^ LoadPartialWord(at, left)) * kMultiplier64;
  return Finish64(hash);
}

std::uint64_t Murmur64AOfWord(std::uint64_t word, std::uint64_t seed) {
  return Finish64(Add64(seed ^ (sizeof(word) * kMultiplier64), word));
}

std::uint32_t Murmur3_32(absl::string_view key, std::uint32_t seed) {
  return Murmur3Prefix({}, seed).HashWith(key);
}

Murmur3Prefix::Murmur3Prefix(absl::string_view prefix, std::uint32_t seed)
    : state_(seed),
      tail_bits_(8 * (prefix.size() % 4)),
      length_(static_cast<std::uint32_t>(prefix.size())) {
  const char* at = prefix.data();
  for (std::size_t words = prefix.size() / 4; words > 0; --words, at += 4) {
    state_ = Add3(state_, LoadWord32(at));
  }
  tail_ = static_cast<std::uint32_t>(LoadPartialWord(at, prefix.size() % 4));
}

std::uint32_t Murmur3Prefix::HashWith(absl::string_view rest) const {
  std::uint32_t hash = state_;
  // The low tail_bits_ are what the next word begins with.
  std::uint64_t window = tail_;
  const char* at = rest.data();
  std::size_t left = rest.size();
  for (; left >= 4; left -= 4, at += 4) {
    window |= std::uint64_t{LoadWord32(at)} << tail_bits_;
    hash = Add3(hash, static_cast<std::uint32_t>(window));
    window >>= 32;
  }
  window |= LoadPartialWord(at, left) << tail_bits_;
  if (tail_bits_ + 8 * left >= 32) {
    hash = Add3(hash, static_cast<std::uint32_t>(window));
    window >>= 32;
  }
  return Finish3(hash, static_cast<std::uint32_t>(window),
                 length_ + static_cast<std::uint32_t>(rest.size()));
}

}  // namespace ringcache::hashring
