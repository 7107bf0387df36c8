// The values of a workload. Size and contents follow from the key's rank alone, so that a value
// read back can be checked to the byte whoever stored it, and nothing is remembered per key: a
// value is a window into one block of random letters, at an offset that the rank decides.
//
// Thread safety: immutable.

#ifndef RINGCACHE_TOOLS_LOADGEN_VALUE_MODEL_H_
#define RINGCACHE_TOOLS_LOADGEN_VALUE_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/loadgen/random_source.h"

namespace ringcache::loadgen {

// Largest value that can be asked for: as large as a server's largest item may be configured.
inline constexpr std::uint32_t kMaxValueBytes = 128u << 20;

// "100": all values alike. "10-4000": uniform between both. "lognormal:300:1.2" with an optional
// ":MAX": median, sigma of the logarithm, and a bound, 1 MiB less 1 KiB unless given.
struct ValueSizes {
  enum class Kind : std::uint8_t { kFixed, kUniform, kLogNormal };
  Kind kind = Kind::kFixed;
  std::uint32_t min_bytes = 100;  // kFixed: the size
  std::uint32_t max_bytes = 100;
  double median_bytes = 0;
  double sigma = 0;

  static absl::StatusOr<ValueSizes> Parse(absl::string_view text);
  std::string ToString() const;
};

class ValueModel {
 public:
  explicit ValueModel(const ValueSizes& sizes);

  bool fixed() const { return quantiles_.empty(); }
  std::uint32_t max_bytes() const { return max_bytes_; }

  std::uint32_t SizeOf(std::uint32_t rank) const {
    if (fixed()) return max_bytes_;
    return quantiles_[HashOf(rank) >> (64 - kQuantileBits)];
  }
  // The value's SizeOf(rank) bytes. They stay where they are as long as the model does.
  const char* BytesOf(std::uint32_t rank) const {
    return letters_.data() + (HashOf(rank) & (kOffsets - 1));
  }

 private:
  // The inverse distribution function at this many equal steps stands for it: drawing a size is
  // one look-up in 16 KiB.
  static constexpr int kQuantileBits = 12;
  // Few enough that windows of small values stay in the L1 cache. Two keys have the same contents
  // by chance once in this many.
  static constexpr std::uint64_t kOffsets = 4096;

  static std::uint64_t HashOf(std::uint32_t rank) { return Mix64(rank + 0x9e3779b97f4a7c15); }

  std::uint32_t max_bytes_;
  std::vector<std::uint32_t> quantiles_;  // empty: all values have max_bytes_
  std::string letters_;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_VALUE_MODEL_H_
