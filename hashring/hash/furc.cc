#include "hashring/hash/furc.h"

#include <bit>

namespace ringcache::hashring {
namespace {

// Draws that fall outside the slots before the first slot is given.
constexpr int kMaxTries = 32;

// The row of bits that a hash begins, made as far as it is asked for: a key that stops early, as
// half of them do on each level, needs a few words only.
class BitRow {
 public:
  explicit BitRow(std::uint64_t first) : words_{first} {}

  bool operator[](std::uint32_t index) {
    const std::uint32_t word = index / 64;
    while (made_ <= word) {
      words_[made_] = Murmur64AOfWord(words_[made_ - 1], kFurcSeed);
      ++made_;
    }
    return (words_[word] >> (index % 64)) & 1;
  }

 private:
  // Each try draws at most kFurcShift bits, kFurcShift apart, after falling from the tree's top.
  static constexpr std::uint32_t kWords = (kMaxTries * kFurcShift + 1) * kFurcShift / 64 + 2;

  std::uint64_t words_[kWords];
  std::uint32_t made_ = 1;
};

}  // namespace

std::uint32_t Furc(std::uint64_t furc_hash, std::uint32_t slots) {
  if (slots <= 1) return 0;
  BitRow bits(furc_hash);
  // Level d of the tree holds the slots 2^(d-1) .. 2^d - 1. The bit of a level says whether the key
  // stops there; the bits after it say where in the level.
  std::uint32_t level = static_cast<std::uint32_t>(std::bit_width(slots - 1));
  std::uint32_t at = level;
  for (int tries = 0; tries < kMaxTries; ++tries) {
    while (!bits[at]) {
      if (--level == 0) return 0;
      at = level;
    }
    at += kFurcShift;
    std::uint32_t slot = 1;
    for (std::uint32_t i = 1; i < level; ++i, at += kFurcShift) slot = slot << 1 | bits[at];
    if (slot < slots) return slot;
  }
  return 0;
}

}  // namespace ringcache::hashring
