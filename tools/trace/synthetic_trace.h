// A trace drawn from a model: Zipf's law over a key space, to which one-hit wonders, scans and a
// popularity that shifts can be added. The same options give the same trace everywhere.
//
// Thread safety: a trace belongs to one thread.

#ifndef RINGCACHE_TOOLS_TRACE_SYNTHETIC_TRACE_H_
#define RINGCACHE_TOOLS_TRACE_SYNTHETIC_TRACE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/loadgen/key_distribution.h"
#include "tools/loadgen/key_space.h"
#include "tools/loadgen/random_source.h"
#include "tools/loadgen/value_model.h"
#include "tools/trace/trace_request.h"

namespace ringcache::trace {

// "0": items live for ever. "60": that many seconds. "60-3600": uniform, drawn once for each key.
struct Lifetimes {
  std::uint32_t min_s = 0;
  std::uint32_t max_s = 0;

  static absl::StatusOr<Lifetimes> Parse(absl::string_view text);
  std::string ToString() const;
  // The lifetime of the key whose identity hashes to `hash`.
  std::uint32_t Of(std::uint64_t hash) const {
    return min_s + static_cast<std::uint32_t>(hash % (std::uint64_t{max_s} - min_s + 1));
  }
};

struct SyntheticOptions {
  std::uint64_t requests = 1'000'000;
  std::uint32_t keys = 1'000'000;
  double zipf_exponent = 1;  // 0: all keys alike
  std::uint32_t key_bytes = 32;
  loadgen::ValueSizes value_sizes;
  Lifetimes lifetimes;
  // Share of the requests outside of scans that ask for a key that never comes again.
  double one_hit_share = 0;
  // After so many requests `scan_keys` keys are read, each once; the next scan goes on with the key
  // after. 0: no scans.
  std::uint64_t scan_every = 0;
  std::uint32_t scan_keys = 10'000;
  // After so many requests the `shift_keys` most popular keys become the least popular, and all
  // others move up. 0: popularity stays.
  std::uint64_t shift_every = 0;
  std::uint32_t shift_keys = 1'000;
  // Requests in a second of the trace's own time.
  double rate_per_s = 10'000;
  std::uint64_t seed = 1;

  // Says what is wrong and what would be right.
  absl::Status Validate() const;
};

class SyntheticTrace final : public TraceSource {
 public:
  // REQUIRES: options.Validate() is OK.
  explicit SyntheticTrace(const SyntheticOptions& options);

  bool Next(TraceRequest* request) override;

 private:
  std::uint32_t NextRank();
  std::uint32_t NextPopular();

  const SyntheticOptions options_;
  const loadgen::KeySpace keys_;
  const loadgen::ZipfDistribution popularity_;
  const loadgen::ValueModel values_;
  loadgen::RandomSource random_;
  std::uint64_t issued_ = 0;
  std::uint64_t unscanned_ = 0;  // requests since the last scan
  std::uint32_t scan_left_ = 0;  // keys that the scan under way still reads
  std::uint32_t scan_position_ = 0;
  std::uint64_t popular_drawn_ = 0;
  std::uint32_t shifted_by_ = 0;  // the rank that is most popular now
  std::uint32_t one_hits_ = 0;
};

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_SYNTHETIC_TRACE_H_
