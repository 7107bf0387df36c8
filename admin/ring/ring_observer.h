// Follows the members of a pool that others serve, to show their ring. It has a thread of its own.
//
// Thread safety: any thread.

#ifndef RINGCACHE_ADMIN_RING_RING_OBSERVER_H_
#define RINGCACHE_ADMIN_RING_RING_OBSERVER_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "admin/backend/admin_options.h"
#include "admin/backend/backend.h"
#include "admin/ring/pool_ring.h"
#include "admin/ring/ring_display.h"
#include "discovery/watcher.h"
#include "hashring/ring_options.h"
#include "net/epoll_event_loop.h"
#include "net/mutex.h"

namespace ringcache::admin {

class RingObserver final : public RingSource {
 public:
  // Begins to follow the servers of `discovery` (docs/discovery.md), whose clients place keys by
  // `placement` and hash them with `key_hash` (empty: as is usual there). An error names the flag.
  static absl::StatusOr<std::unique_ptr<RingObserver>> Start(absl::string_view discovery,
                                                             absl::string_view placement,
                                                             absl::string_view key_hash);
  // The same, as a program's flags ask for it; null if they do not.
  static absl::StatusOr<std::unique_ptr<RingObserver>> StartIfAsked(const AdminOptions& options);
  ~RingObserver() override;

  // Of one pool, which is called like its address. UNAVAILABLE until members are known.
  absl::StatusOr<std::vector<std::shared_ptr<const RingView>>> Rings() override;

 private:
  RingObserver(std::string pool, const hashring::RingOptions& options,
               std::unique_ptr<net::EpollEventLoop> loop);

  void OnMembers(const discovery::Snapshot& snapshot);

  const std::string pool_;
  const hashring::RingOptions options_;
  const std::unique_ptr<net::EpollEventLoop> loop_;
  std::unique_ptr<discovery::Watcher> watcher_;  // the loop's
  RingDisplay display_;
  net::Mutex mutex_;
  // Why there is no ring; OK if there is one.
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  PoolRing ring_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_RING_RING_OBSERVER_H_
