#include "hashring/placement/weighted_ch3.h"

#include <limits>

#include "absl/container/inlined_vector.h"
#include "hashring/hash/furc.h"
#include "hashring/hash/spooky.h"
#include "hashring/placement/salted_rank.h"

namespace ringcache::hashring {
namespace {

// mcrouter's: after so many refusals the last slot keeps the key.
constexpr std::uint32_t kTries = 32;
constexpr std::uint32_t kSecondSeed = 0xface2014;

// A key and the number at its end. The classic protocol's longest key needs no allocation.
class SaltedKey {
 public:
  explicit SaltedKey(absl::string_view key)
      : key_size_(key.size()), text_(key.begin(), key.end()) {}

  // The number's lowest digit comes first.
  absl::string_view With(std::uint32_t salt) {
    text_.resize(key_size_);
    do {
      text_.push_back(static_cast<char>('0' + salt % 10));
      salt /= 10;
    } while (salt > 0);
    return absl::string_view(text_.data(), text_.size());
  }

 private:
  static constexpr std::size_t kLongestClassicKey = 250;
  static constexpr std::size_t kDigits = 2;  // of numbers below kTries

  const std::size_t key_size_;
  absl::InlinedVector<char, kLongestClassicKey + kDigits> text_;
};

}  // namespace

WeightedCh3::WeightedCh3(absl::Span<const double> weights) {
  accepted_.reserve(weights.size());
  for (const double weight : weights) {
    accepted_.push_back(
        static_cast<std::uint32_t>(weight * std::numeric_limits<std::uint32_t>::max()));
  }
}

std::uint32_t WeightedCh3::Locate(absl::string_view key) const {
  std::uint32_t slot = Furc(FurcHash(key), slots());
  if (Spooky32(key, kSecondSeed) < accepted_[slot]) return slot;
  SaltedKey salted(key);
  for (std::uint32_t salt = 0; salt + 1 < kTries; ++salt) {
    const absl::string_view text = salted.With(salt);
    slot = Furc(FurcHash(text), slots());
    if (Spooky32(text, kSecondSeed) < accepted_[slot]) return slot;
  }
  return slot;
}

std::size_t WeightedCh3::Rank(absl::string_view key, absl::Span<std::uint32_t> ranked) const {
  const auto draw = [this](std::uint64_t hash) {
    std::uint32_t slot = 0;
    for (std::uint32_t tries = 0; tries < kTries; ++tries) {
      slot = Furc(hash, slots());
      hash = SaltedHash(hash, 1);
      if (static_cast<std::uint32_t>(hash) < accepted_[slot]) break;
    }
    return slot;
  };
  return RankBySalt(FurcHash(key), slots(), Locate(key), ranked, draw);
}

}  // namespace ringcache::hashring
