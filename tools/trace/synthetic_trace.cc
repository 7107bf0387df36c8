#include "tools/trace/synthetic_trace.h"

#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ringcache::trace {

using absl::InvalidArgumentError;
using absl::StrCat;

absl::StatusOr<Lifetimes> Lifetimes::Parse(absl::string_view text) {
  Lifetimes lifetimes;
  const std::pair<absl::string_view, absl::string_view> ends =
      absl::StrSplit(text, absl::MaxSplits('-', 1));
  const bool range = absl::StrContains(text, '-');
  if (!absl::SimpleAtoi(ends.first, &lifetimes.min_s) ||
      !absl::SimpleAtoi(range ? ends.second : ends.first, &lifetimes.max_s) ||
      lifetimes.min_s > lifetimes.max_s || (range && lifetimes.min_s == 0)) {
    return InvalidArgumentError(
        StrCat("'", text, "' is no lifetime in seconds such as 0 (for ever), 60 or 60-3600"));
  }
  return lifetimes;
}

std::string Lifetimes::ToString() const {
  return min_s == max_s ? StrCat(min_s) : StrCat(min_s, "-", max_s);
}

absl::Status SyntheticOptions::Validate() const {
  if (requests == 0) return InvalidArgumentError("--requests must be at least 1");
  if (keys == 0) return InvalidArgumentError("--keys must be at least 1");
  if (zipf_exponent > loadgen::ZipfDistribution::kMaxExponent) {
    return InvalidArgumentError(StrCat("--zipf-exponent=", zipf_exponent, " is above ",
                                       loadgen::ZipfDistribution::kMaxExponent));
  }
  if (key_bytes < loadgen::KeySpace::kDigits || key_bytes > kMaxKeyBytes) {
    return InvalidArgumentError(StrCat("--key-size=", key_bytes, " is not within ",
                                       loadgen::KeySpace::kDigits, " and ", kMaxKeyBytes));
  }
  if (one_hit_share > 1) {
    return InvalidArgumentError(
        StrCat("--one-hit-share=", one_hit_share, " is no share between 0 and 1"));
  }
  // Keys are numbered with 32 bits, and each one-hit wonder may be a number of its own.
  if (one_hit_share > 0 && keys + requests > std::numeric_limits<std::uint32_t>::max()) {
    return InvalidArgumentError("--keys and --requests add up to 2^32 or more");
  }
  if (scan_every > 0 && (scan_keys == 0 || scan_keys > keys)) {
    return InvalidArgumentError(
        StrCat("--scan-keys=", scan_keys, " is not within 1 and --keys=", keys));
  }
  if (shift_every > 0 && (shift_keys == 0 || shift_keys > keys)) {
    return InvalidArgumentError(
        StrCat("--shift-keys=", shift_keys, " is not within 1 and --keys=", keys));
  }
  if (rate_per_s <= 0) return InvalidArgumentError("--rate must be above 0");
  if (static_cast<double>(requests) / rate_per_s > 1e9) {
    return InvalidArgumentError("--requests at this --rate last longer than 10^9 seconds");
  }
  return absl::OkStatus();
}

SyntheticTrace::SyntheticTrace(const SyntheticOptions& options)
    : options_(options),
      keys_(options.keys, options.key_bytes, ""),
      popularity_(options.keys, options.zipf_exponent),
      values_(options.value_sizes),
      random_(loadgen::RandomSource::SeedFor(options.seed, 0)) {}

bool SyntheticTrace::Next(TraceRequest* request) {
  if (issued_ == options_.requests) return false;
  request->time_s = static_cast<std::uint32_t>(static_cast<double>(issued_) / options_.rate_per_s);
  ++issued_;
  const std::uint32_t rank = NextRank();
  request->key = keys_.key_template();
  const std::size_t digits_at = request->key.size() - loadgen::KeySpace::kDigits;
  loadgen::KeySpace::WriteDigits(rank, &request->key[digits_at]);
  request->value_bytes = values_.SizeOf(rank);
  request->ttl_s = options_.lifetimes.Of(loadgen::Mix64(rank));
  request->operation = TraceOperation::kRead;
  return true;
}

std::uint32_t SyntheticTrace::NextRank() {
  if (scan_left_ == 0 && options_.scan_every > 0 && unscanned_ == options_.scan_every) {
    scan_left_ = options_.scan_keys;
    unscanned_ = 0;
  }
  if (scan_left_ > 0) {
    --scan_left_;
    const std::uint32_t rank = keys_.PrefillRank(scan_position_);
    scan_position_ = scan_position_ + 1 == options_.keys ? 0 : scan_position_ + 1;
    return rank;
  }
  ++unscanned_;
  // Nothing is drawn without one-hit wonders, so that their share alone tells two traces apart.
  if (options_.one_hit_share > 0 && random_.NextUnit() < options_.one_hit_share) {
    return options_.keys + one_hits_++;
  }
  return NextPopular();
}

std::uint32_t SyntheticTrace::NextPopular() {
  if (options_.shift_every > 0 && popular_drawn_ > 0 &&
      popular_drawn_ % options_.shift_every == 0) {
    shifted_by_ = static_cast<std::uint32_t>((std::uint64_t{shifted_by_} + options_.shift_keys) %
                                             options_.keys);
  }
  ++popular_drawn_;
  const std::uint64_t rank = std::uint64_t{popularity_.Next(&random_)} + shifted_by_;
  return static_cast<std::uint32_t>(rank % options_.keys);
}

}  // namespace ringcache::trace
