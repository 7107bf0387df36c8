// Decimal integers to and from text, without allocation or locale.
//
// Thread safety: functions only.

#ifndef RINGCACHE_PROTOCOL_DECIMAL_H_
#define RINGCACHE_PROTOCOL_DECIMAL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "absl/strings/string_view.h"

namespace ringcache::protocol {

// Most bytes that WriteUint64 and WriteInt64 write.
inline constexpr std::size_t kMaxDecimalBytes = 20;

namespace decimal_internal {

// "000102...99": two digits per division halve the number of divisions.
inline constexpr std::array<char, 200> kDigitPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

constexpr int DigitCount(std::uint64_t value) {
  int digits = 1;
  for (;;) {
    if (value < 10) return digits;
    if (value < 100) return digits + 1;
    if (value < 1000) return digits + 2;
    if (value < 10000) return digits + 3;
    value /= 10000;
    digits += 4;
  }
}

}  // namespace decimal_internal

// Writes `value` at `out` and returns the end.
inline char* WriteUint64(char* out, std::uint64_t value) {
  if (value < 10) {
    *out = static_cast<char>('0' + value);
    return out + 1;
  }
  char* const end = out + decimal_internal::DigitCount(value);
  char* cursor = end;
  while (value >= 100) {
    cursor -= 2;
    std::memcpy(cursor, &decimal_internal::kDigitPairs[value % 100 * 2], 2);
    value /= 100;
  }
  if (value >= 10) {
    std::memcpy(cursor - 2, &decimal_internal::kDigitPairs[value * 2], 2);
  } else {
    cursor[-1] = static_cast<char>('0' + value);
  }
  return end;
}

inline char* WriteInt64(char* out, std::int64_t value) {
  if (value >= 0) return WriteUint64(out, static_cast<std::uint64_t>(value));
  *out = '-';
  return WriteUint64(out + 1, std::uint64_t{0} - static_cast<std::uint64_t>(value));
}

// Parses all of `text` as an unsigned number with an optional '+'. Returns false, and leaves
// `*value` unspecified, on anything else or above the type's range.
inline bool ParseUint64(absl::string_view text, std::uint64_t* value) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  if (text.empty()) return false;
  std::uint64_t result = 0;
  // Nineteen digits cannot overflow; only longer numbers pay for the check.
  const std::size_t unchecked = text.size() < 19 ? text.size() : 19;
  for (std::size_t i = 0; i < unchecked; ++i) {
    const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
    if (digit > 9) return false;
    result = result * 10 + digit;
  }
  for (std::size_t i = unchecked; i < text.size(); ++i) {
    const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
    if (digit > 9) return false;
    if (result > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) return false;
    result = result * 10 + digit;
  }
  *value = result;
  return true;
}

inline bool ParseUint32(absl::string_view text, std::uint32_t* value) {
  std::uint64_t wide = 0;
  if (!ParseUint64(text, &wide) || wide > std::numeric_limits<std::uint32_t>::max()) return false;
  *value = static_cast<std::uint32_t>(wide);
  return true;
}

// As ParseUint64, with an optional '+' or '-'.
inline bool ParseInt64(absl::string_view text, std::int64_t* value) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '+') return false;
  }
  std::uint64_t magnitude = 0;
  if (!ParseUint64(text, &magnitude)) return false;
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (magnitude > kMax + (negative ? 1 : 0)) return false;
  *value = static_cast<std::int64_t>(negative ? std::uint64_t{0} - magnitude : magnitude);
  return true;
}

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_DECIMAL_H_
