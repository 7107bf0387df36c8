// The keys of a workload. Key number `rank` is
//
//   <prefix> <'0' padding> <8 hexadecimal digits of a bijective scrambling of rank>
//
// so that keys next to each other in popularity share nothing but what all keys share, and a key is
// written by storing 8 bytes into a template: no table of keys that would cost a cache miss each.
// Keys do not depend on the seed: runs with different seeds meet the same stored keys.
//
// Thread safety: immutable.

#ifndef RINGCACHE_TOOLS_LOADGEN_KEY_SPACE_H_
#define RINGCACHE_TOOLS_LOADGEN_KEY_SPACE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <string>

#include "tools/loadgen/random_source.h"

namespace ringcache::loadgen {

class KeySpace {
 public:
  static constexpr std::size_t kDigits = 8;

  // REQUIRES: count >= 1, key_bytes >= prefix.size() + kDigits.
  KeySpace(std::uint32_t count, std::size_t key_bytes, const std::string& prefix)
      : count_(count), template_(prefix) {
    template_.resize(key_bytes, '0');
    prefill_step_ = static_cast<std::uint32_t>(count * 0.6180339887);  // far jumps: golden section
    while (std::gcd(prefill_step_, count) != 1) ++prefill_step_;
  }

  std::uint32_t count() const { return count_; }
  std::size_t key_bytes() const { return template_.size(); }
  // A key whose last kDigits bytes are to be replaced.
  const std::string& key_template() const { return template_; }

  static void WriteDigits(std::uint32_t rank, char* out) {
    std::uint64_t x = Mix32(rank);
    x = (x | x << 16) & 0x0000ffff0000ffff;  // one nibble per byte, in three steps
    x = (x | x << 8) & 0x00ff00ff00ff00ff;
    x = (x | x << 4) & 0x0f0f0f0f0f0f0f0f;
    const std::uint64_t above_nine = ((x + 0x0606060606060606) >> 4) & 0x0101010101010101;
    x += 0x3030303030303030 + above_nine * ('a' - '9' - 1);
    std::memcpy(out, &x, kDigits);
  }

  std::string KeyOf(std::uint32_t rank) const {
    std::string key = template_;
    WriteDigits(rank, key.data() + key.size() - kDigits);
    return key;
  }

  // The i-th key to store: a permutation of the ranks, so that popular keys do not lie together in
  // the server's memory because they were stored one after another.
  std::uint32_t PrefillRank(std::uint32_t i) const {
    return static_cast<std::uint32_t>(std::uint64_t{i} * prefill_step_ % count_);
  }

 private:
  std::uint32_t count_;
  std::uint32_t prefill_step_;
  std::string template_;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_KEY_SPACE_H_
