// How many members of a pool are marked down, and how many marks count: when nearly all are down,
// the fault is likelier to be on this side, and asking is better than giving up.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_CLIENT_DOWN_MARKS_H_
#define RINGCACHE_CLIENT_DOWN_MARKS_H_

#include <cstddef>
#include <limits>

namespace ringcache::client {

class DownMarks {
 public:
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

  // More marks than this are ignored, all of them.
  void set_limit(std::size_t limit) { limit_ = limit; }
  void Add() { ++count_; }
  void Remove() { --count_; }

  std::size_t count() const { return count_; }
  bool are_ignored() const { return count_ > limit_; }

 private:
  std::size_t count_ = 0;
  std::size_t limit_ = kNoLimit;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_DOWN_MARKS_H_
