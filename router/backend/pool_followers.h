// Follows the pools of a configuration on the main loop, one watcher a pool whatever the number of
// workers, and tells of every change of members. A new configuration is staged first: its pools are
// looked for while the old ones are still in use.
//
// Thread safety: belongs to the main loop's thread.

#ifndef RINGCACHE_ROUTER_BACKEND_POOL_FOLLOWERS_H_
#define RINGCACHE_ROUTER_BACKEND_POOL_FOLLOWERS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "discovery/watcher.h"
#include "discovery/watcher_factory.h"
#include "net/event_loop.h"
#include "router/config/pool_config.h"

namespace ringcache::router {

class PoolFollowers {
 public:
  using Snapshot = std::shared_ptr<const discovery::Snapshot>;
  // A pool in use has these members from now on.
  using OnMembers = std::function<void(const PoolConfig& pool, const Snapshot& members)>;
  using Pools = std::map<std::string, PoolConfig>;

  // `loop` outlives this.
  PoolFollowers(net::EventLoop* loop, discovery::WatcherOptions options, OnMembers on_members);
  ~PoolFollowers();
  PoolFollowers(const PoolFollowers&) = delete;
  PoolFollowers& operator=(const PoolFollowers&) = delete;

  // Begins to follow those of `pools` that are not followed yet, and calls `on_known` from the loop
  // when the members of all are known, or after `patience`. An earlier stage that is not in use yet
  // is forgotten. Fails if an address cannot be followed, and then changes nothing.
  absl::Status Stage(const Pools& pools, absl::Duration patience, std::function<void()> on_known);
  // Takes the staged pools into use: tells of their members, as far as they are known, and forgets
  // all others.
  void UseStaged();

  // Those in use that have no members yet.
  std::size_t unknown() const;
  // Asks discovery of all pools in use anew.
  void RefreshSoon();
  // In the order of names.
  void ForEach(absl::FunctionRef<void(const PoolConfig&, const discovery::Watcher&)> visit) const;

 private:
  struct Follower {
    PoolConfig config;
    std::unique_ptr<discovery::Watcher> watcher;
    bool in_use = false;
  };
  using Followers = std::map<std::string, std::shared_ptr<Follower>>;

  static bool AllKnown(const Followers& followers);
  absl::Status Begin(Follower* follower);
  void OnSnapshot(Follower* follower, const Snapshot& snapshot);
  void TellAfter(absl::Duration delay);
  void StopWaiting();

  net::EventLoop& loop_;
  const discovery::WatcherOptions options_;
  const OnMembers on_members_;
  Followers used_;
  Followers staged_;
  std::function<void()> on_known_;  // null: nobody waits
  net::EventLoop::TimerId patience_timer_ = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_BACKEND_POOL_FOLLOWERS_H_
