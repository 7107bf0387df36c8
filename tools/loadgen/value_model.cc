#include "tools/loadgen/value_model.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ringcache::loadgen {
namespace {

constexpr std::uint32_t kDefaultLogNormalMax = (1u << 20) - 1024;

absl::Status Malformed(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(
      "'", text, "': ", why, "; write a size (100), a range (10-4000) or lognormal:MEDIAN:SIGMA",
      "[:MAX] (lognormal:300:1.2), up to ", kMaxValueBytes, " bytes"));
}

bool ParseSize(absl::string_view text, std::uint32_t* bytes) {
  return absl::SimpleAtoi(text, bytes) && *bytes <= kMaxValueBytes;
}

absl::StatusOr<ValueSizes> ParseLogNormal(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  ValueSizes sizes;
  sizes.kind = ValueSizes::Kind::kLogNormal;
  sizes.min_bytes = 1;
  sizes.max_bytes = kDefaultLogNormalMax;
  if (parts.size() < 3 || parts.size() > 4) return Malformed(text, "not three or four parts");
  if (!absl::SimpleAtod(parts[1], &sizes.median_bytes) || !(sizes.median_bytes >= 1) ||
      sizes.median_bytes > kMaxValueBytes) {
    return Malformed(text, "the median is no number of bytes from 1");
  }
  if (!absl::SimpleAtod(parts[2], &sizes.sigma) || !(sizes.sigma > 0) || sizes.sigma > 10) {
    return Malformed(text, "sigma is no number between 0 and 10");
  }
  if (parts.size() == 4 && (!ParseSize(parts[3], &sizes.max_bytes) || sizes.max_bytes == 0)) {
    return Malformed(text, "the bound is no number of bytes from 1");
  }
  return sizes;
}

// The standard normal distribution's inverse by bisection: run a few thousand times at start-up.
double NormalQuantile(double probability) {
  double low = -10, high = 10;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2.0)) / 2 < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::uint32_t Quantile(const ValueSizes& sizes, double probability) {
  const double span = static_cast<double>(sizes.max_bytes) - sizes.min_bytes + 1;
  const double bytes =
      sizes.kind == ValueSizes::Kind::kLogNormal
          ? std::round(sizes.median_bytes * std::exp(sizes.sigma * NormalQuantile(probability)))
          : sizes.min_bytes + std::floor(span * probability);
  return static_cast<std::uint32_t>(std::clamp<double>(bytes, sizes.min_bytes, sizes.max_bytes));
}

}  // namespace

absl::StatusOr<ValueSizes> ValueSizes::Parse(absl::string_view text) {
  if (text.substr(0, 10) == "lognormal:") return ParseLogNormal(text);
  ValueSizes sizes;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '-');
  if (parts.size() > 2 || !ParseSize(parts[0], &sizes.min_bytes) ||
      !ParseSize(parts.back(), &sizes.max_bytes)) {
    return Malformed(text, "not understood");
  }
  if (sizes.min_bytes > sizes.max_bytes) return Malformed(text, "the range is upside down");
  if (sizes.min_bytes < sizes.max_bytes) sizes.kind = Kind::kUniform;
  return sizes;
}

std::string ValueSizes::ToString() const {
  switch (kind) {
    case Kind::kFixed:
      return absl::StrCat(min_bytes);
    case Kind::kUniform:
      return absl::StrCat(min_bytes, "-", max_bytes);
    case Kind::kLogNormal:
      return absl::StrCat("lognormal:", median_bytes, ":", sigma, ":", max_bytes);
  }
  return "";
}

ValueModel::ValueModel(const ValueSizes& sizes) : max_bytes_(sizes.max_bytes) {
  if (sizes.kind != ValueSizes::Kind::kFixed) {
    constexpr int kSteps = 1 << kQuantileBits;
    quantiles_.reserve(kSteps);
    for (int i = 0; i < kSteps; ++i) quantiles_.push_back(Quantile(sizes, (i + 0.5) / kSteps));
    max_bytes_ = quantiles_.back();
  }
  constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/";
  static_assert(sizeof(kAlphabet) == 64 + 1);
  letters_.resize(kOffsets + max_bytes_);
  RandomSource random(0);
  for (char& letter : letters_) letter = kAlphabet[random.Next() >> 58];
}

}  // namespace ringcache::loadgen
