// A watcher of tests: it publishes what it is told.
//
// Thread safety: belongs to its loop's thread.

#ifndef RINGCACHE_CLIENT_MANUAL_WATCHER_H_
#define RINGCACHE_CLIENT_MANUAL_WATCHER_H_

#include <memory>
#include <utility>
#include <vector>

#include "discovery/watcher.h"

namespace ringcache::client {

class ManualWatcher final : public discovery::Watcher {
 public:
  void Start(Listener listener) override { listener_ = std::move(listener); }
  void RefreshSoon() override { ++refreshes_asked; }
  std::shared_ptr<const discovery::Snapshot> current() const override { return current_; }
  discovery::WatcherStats stats() const override { return {}; }

  void Publish(std::vector<discovery::Member> members) {
    auto snapshot = std::make_shared<discovery::Snapshot>();
    snapshot->version = current_ == nullptr ? 1 : current_->version + 1;
    snapshot->members = std::move(members);
    current_ = std::move(snapshot);
    listener_(current_);
  }

  int refreshes_asked = 0;

 private:
  Listener listener_;
  std::shared_ptr<const discovery::Snapshot> current_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_MANUAL_WATCHER_H_
