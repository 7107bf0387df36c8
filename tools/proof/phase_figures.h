// What the clients of a load saw in one phase of it.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_TOOLS_PROOF_PHASE_FIGURES_H_
#define RINGCACHE_TOOLS_PROOF_PHASE_FIGURES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "metrics/latency_histogram.h"

namespace ringcache::proof {

struct PhaseFigures {
  std::uint64_t requests = 0;  // each has one reply; a retrieval's keys are one request
  std::uint64_t hits = 0;      // of keys
  std::uint64_t misses = 0;    // as they should be
  std::uint64_t lost = 0;      // misses of what was stored
  std::uint64_t stale = 0;
  std::uint64_t late = 0;
  std::uint64_t wrong = 0;          // another key's value, torn, or never written
  std::uint64_t out_of_step = 0;    // no reply to this request
  std::uint64_t doubled = 0;        // something behind the last reply
  std::uint64_t never_replied = 0;  // the connection was lost, or silent for too long
  std::uint64_t overdue = 0;        // replied to, and later than the limit
  std::map<std::string, std::uint64_t> errors;
  // Those that were lost or had an error.
  std::set<std::size_t> affected;
  std::set<std::size_t> stale_keys;
  metrics::LatencyHistogram latency;
  // Of the first reply that should not be.
  std::string example;

  void Add(const PhaseFigures& other);
  // One line.
  std::string ToJson(absl::string_view name, double seconds) const;
};

}  // namespace ringcache::proof

#endif  // RINGCACHE_TOOLS_PROOF_PHASE_FIGURES_H_
