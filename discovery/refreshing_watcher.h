// The Watcher for all sources: asks the source when the schedule says so, lets the membership
// decide what an answer means, and hands snapshots to the listener.
//
// Thread safety: as watcher.h says.

#ifndef RINGCACHE_DISCOVERY_REFRESHING_WATCHER_H_
#define RINGCACHE_DISCOVERY_REFRESHING_WATCHER_H_

#include <cstdint>
#include <memory>

#include "absl/time/time.h"
#include "discovery/membership.h"
#include "discovery/pool_source.h"
#include "discovery/refresh_schedule.h"
#include "discovery/watcher.h"
#include "net/event_loop.h"

namespace ringcache::discovery {

class RefreshingWatcher final : public Watcher {
 public:
  struct Options {
    RefreshSchedule::Options refresh = {};
    Membership::Options membership = {};
    std::uint64_t seed = 0;
  };
  // A question that takes longer is given up, and counts as an error. Names that are asked for one
  // after another could else take minutes while name servers are silent.
  static constexpr absl::Duration kMaxQuestion = absl::Seconds(30);

  // `loop` is not owned.
  RefreshingWatcher(net::EventLoop* loop, std::unique_ptr<PoolSource> source,
                    const Options& options);
  ~RefreshingWatcher() override;

  void Start(Listener listener) override;
  void RefreshSoon() override;
  std::shared_ptr<const Snapshot> current() const override { return membership_.current(); }
  WatcherStats stats() const override;

 private:
  void SetTimer();
  void Ask();
  void GiveUp();
  void Take(const PoolAnswer& answer);
  void Use(const PoolAnswer& answer);
  void Publish(std::shared_ptr<const Snapshot> snapshot);

  net::EventLoop* const loop_;
  // Shared with what was posted, so that a listener may destroy the watcher that calls it.
  const std::shared_ptr<Listener> listener_ = std::make_shared<Listener>();
  Membership membership_;
  RefreshSchedule schedule_;
  WatcherStats stats_;
  absl::Duration refreshed_at_ = -absl::InfiniteDuration();
  bool started_ = false;
  bool asking_ = false;
  net::EventLoop::TimerId timer_ = 0;
  // Last, so that it is gone before what its callback uses.
  const std::unique_ptr<PoolSource> source_;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_REFRESHING_WATCHER_H_
