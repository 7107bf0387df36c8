// One answer to `stats items` and its kin made of the answers of many members:
//
//   what adds up is summed           STAT items:1:number 30         of 10 and 20
//   what all agree on is told once   STAT maxbytes 67108864
//   all else is told for each        STAT items:1:age@a:11211 3     STAT items:1:age@b:11211 9
//   a member that did not answer     STAT failed@c:11211 timed out
//
// Names come in the order in which they were first told. Thread safety: none.

#ifndef RINGCACHE_ROUTER_STATS_POOL_STATS_H_
#define RINGCACHE_ROUTER_STATS_POOL_STATS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace ringcache::router {

class PoolStats {
 public:
  // Of all members together; past it what a member tells is dropped and the member has failed.
  static constexpr std::size_t kMaxBytes = std::size_t{4} << 20;

  // `group`: what was asked for. "items", "slabs" and "sizes" have figures that add up.
  explicit PoolStats(absl::string_view group);

  // `member` is an index that AddMember gave.
  std::size_t AddMember(std::string name);
  // False if it is too much.
  bool Add(std::size_t member, absl::string_view name, absl::string_view value);
  void Fail(std::size_t member, absl::string_view problem);
  // With the END; SERVER_ERROR if no member answered.
  std::string Reply() const;

 private:
  struct Value {
    std::size_t member;
    std::string text;
  };
  struct Row {
    std::string name;
    std::vector<Value> values;
  };

  bool AddsUp(const Row& row, std::uint64_t* sum) const;
  bool AllAgree(const Row& row) const;

  const bool sums_;
  std::size_t bytes_ = 0;
  std::vector<std::string> members_;
  std::vector<std::string> problems_;  // by member; empty: it answered
  std::vector<Row> rows_;
  absl::flat_hash_map<std::string, std::size_t> index_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_STATS_POOL_STATS_H_
