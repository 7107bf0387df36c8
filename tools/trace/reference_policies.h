// What a cache of a given number of items would hit, by simulation: lines to compare a target's
// eviction with, as its memory efficiency is left out. All items count alike; lifetimes are left
// out, and so is what a store costs.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_TRACE_REFERENCE_POLICIES_H_
#define RINGCACHE_TOOLS_TRACE_REFERENCE_POLICIES_H_

#include <cstdint>

#include "tools/trace/hit_counts.h"
#include "tools/trace/trace_census.h"

namespace ringcache::trace {

// Least recently used, read through: reads that miss store. Exact, O(1) a request.
// REQUIRES: capacity >= 1.
HitCounts SimulateLru(const TraceCensus& census, std::uint64_t capacity);

// The static optimum: the `capacity` keys with the most reads in the whole trace are there from the
// start and stay. It knows the trace beforehand and has no first misses, so no cache can be
// expected to reach it; where popularity does not change, a cache that never evicts the wrong key
// comes near.
HitCounts StaticOptimum(const TraceCensus& census, std::uint64_t capacity);

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_REFERENCE_POLICIES_H_
