// What a router keeps for members that are away, for whoever asks.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_ROUTER_REPLAY_DELETE_SPOOL_FIGURES_H_
#define RINGCACHE_ROUTER_REPLAY_DELETE_SPOOL_FIGURES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "router/spool/spool.h"

namespace ringcache::router {

struct DeleteSpoolFigures {
  struct Member {
    std::string name;
    std::uint64_t pending = 0;
    bool must_flush = false;
  };

  SpoolStats spool;
  std::uint64_t max_bytes = 0;
  // Since the start: deletes that members confirmed; those of them at who had stood in; members
  // that were flushed; attempts that were not finished.
  std::uint64_t replayed = 0;
  std::uint64_t copies = 0;
  std::uint64_t flushes = 0;
  std::uint64_t failures = 0;
  // Those that have deletes to come, or are to be flushed.
  std::vector<Member> waiting;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_REPLAY_DELETE_SPOOL_FIGURES_H_
