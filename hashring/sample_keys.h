// The keys on which shares are measured where a placement has no arcs: `key:0`, `key:1`, ...
// Numbered keys are what applications have, and what weak hashes are weak on.
//
// Thread safety: each thread has its own.

#ifndef RINGCACHE_HASHRING_SAMPLE_KEYS_H_
#define RINGCACHE_HASHRING_SAMPLE_KEYS_H_

#include <charconv>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::hashring {

// A million: the share of a member that should have 1/100 is off by about 1 % of it by chance.
inline constexpr std::uint64_t kSampleKeys = 1'000'000;

class SampleKey {
 public:
  // The text of key `number`, valid until the next call.
  absl::string_view Text(std::uint64_t number) {
    char* const end = std::to_chars(text_ + kPrefixBytes, text_ + sizeof(text_), number).ptr;
    return {text_, static_cast<std::size_t>(end - text_)};
  }

 private:
  static constexpr std::size_t kPrefixBytes = 4;
  // The longest number has 20 digits.
  char text_[kPrefixBytes + 20] = {'k', 'e', 'y', ':'};
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_SAMPLE_KEYS_H_
