// Finds the end of a word: the one loop in which a parser of short lines spends its time.
//
// Thread safety: functions only.

#ifndef RINGCACHE_PROTOCOL_WORD_END_H_
#define RINGCACHE_PROTOCOL_WORD_END_H_

#include <cstdint>
#include <cstring>

#include "absl/base/config.h"
#include "absl/numeric/bits.h"

namespace ringcache::protocol {

// A byte of the result is nonzero where `bytes` holds a space; the lowest such byte is exact, those
// above it may be false. (Subtracting one from every byte of `bytes` xor spaces borrows at a zero.)
constexpr std::uint64_t MarkSpaces(std::uint64_t bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  const std::uint64_t spaces = bytes ^ (kOnes * ' ');
  return (spaces - kOnes) & ~spaces & (kOnes << 7);
}

// The first space in [begin, end), or `end`. Eight bytes at a time: keys of 20 to 40 bytes are too
// short for a call of memchr to pay and too long for a byte at a time.
inline const char* WordEnd(const char* begin, const char* end) {
#ifdef ABSL_IS_LITTLE_ENDIAN
  while (end - begin >= 8) {
    std::uint64_t bytes;
    std::memcpy(&bytes, begin, 8);
    const std::uint64_t marks = MarkSpaces(bytes);
    if (marks != 0) return begin + absl::countr_zero(marks) / 8;
    begin += 8;
  }
#endif
  while (begin != end && *begin != ' ') ++begin;
  return begin;
}

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_WORD_END_H_
