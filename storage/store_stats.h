// Numbers that a Store reports about itself.
//
// Thread safety: plain values.

#ifndef RINGCACHE_STORAGE_STORE_STATS_H_
#define RINGCACHE_STORAGE_STORE_STATS_H_

#include <cstddef>
#include <cstdint>

#include "storage/item.h"

namespace ringcache::storage {

// Events, counted since the start or the last ResetStats.
struct EvictionCounters {
  std::uint64_t evictions = 0;          // live items removed for space
  std::uint64_t evicted_nonzero = 0;    // of these, with an expiry set
  std::uint64_t evicted_unfetched = 0;  // of these, never read
  std::uint64_t evicted_active = 0;     // of these, read within the last minute
  std::uint64_t reclaimed = 0;          // chunks of dead items used again
  std::uint64_t expired_unfetched = 0;  // dead items that were never read
  std::uint64_t out_of_memory = 0;      // allocations that failed
  std::uint64_t moves_to_main = 0;      // survivors of the small queue
  std::uint64_t moves_within_main = 0;  // second chances in the main queue
  std::uint64_t direct_reclaims = 0;    // allocations that had to evict themselves
  std::uint64_t crawler_reclaimed = 0;  // expired items that Maintain removed
  UnixSeconds evicted_age_s = 0;        // seconds since the last access of the latest evicted item;
                                        // not added up

  EvictionCounters& operator+=(const EvictionCounters& other) {
    evictions += other.evictions;
    evicted_nonzero += other.evicted_nonzero;
    evicted_unfetched += other.evicted_unfetched;
    evicted_active += other.evicted_active;
    reclaimed += other.reclaimed;
    expired_unfetched += other.expired_unfetched;
    out_of_memory += other.out_of_memory;
    moves_to_main += other.moves_to_main;
    moves_within_main += other.moves_within_main;
    direct_reclaims += other.direct_reclaims;
    crawler_reclaimed += other.crawler_reclaimed;
    return *this;
  }
};

struct SizeClassStats {
  std::size_t chunk_bytes = 0;
  std::size_t chunks_per_page = 0;
  std::size_t pages = 0;
  std::size_t used_chunks = 0;
  std::size_t free_chunks = 0;
  std::size_t items = 0;          // linked
  std::size_t pieces = 0;         // chunks that continue an item of the last class
  std::size_t items_small = 0;    // of these, in the probation queue
  std::size_t items_main = 0;     // of these, in the main queue
  std::size_t item_bytes = 0;     // what items and pieces use of the chunks
  std::uint64_t total_items = 0;  // ever linked; overwriting in place links none
  UnixSeconds idle_small_s = 0;   // since the last access of the next to leave each queue
  UnixSeconds idle_main_s = 0;
  EvictionCounters events;
};

struct StoreStats {
  std::size_t limit_bytes = 0;
  std::size_t page_bytes = 0;  // of pages handed to size classes
  std::size_t free_pages = 0;  // within the limit, not handed out
  std::size_t items = 0;
  std::size_t item_bytes = 0;
  std::uint64_t total_items = 0;  // ever linked; overwriting in place links none
  std::size_t index_bytes = 0;
  std::size_t policy_bytes = 0;       // queues and ghosts, as last seen
  std::uint64_t pages_moved = 0;      // from one size class to another
  std::uint64_t pages_returned = 0;   // to the system
  std::uint64_t items_relocated = 0;  // kept when their page moved
  std::uint64_t crawler_items_checked = 0;
  std::uint64_t crawler_laps = 0;  // begun
  bool crawl_running = false;      // a lap is under way
  bool page_move_running = false;
  int index_items_log2 = 0;  // power of two of items the index is laid out for
  EvictionCounters events;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_STORE_STATS_H_
