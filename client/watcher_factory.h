// The watcher for any address that discovery_address.h knows, config+ included.
//
// Thread safety: functions only; what they make belongs to the loop's thread.

#ifndef RINGCACHE_CLIENT_WATCHER_FACTORY_H_
#define RINGCACHE_CLIENT_WATCHER_FACTORY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "discovery/watcher.h"
#include "discovery/watcher_factory.h"
#include "net/event_loop.h"

namespace ringcache::client {

// Fails if `address` is none, naming what would be, or if the options are wrong. `loop` outlives
// the watcher.
absl::StatusOr<std::unique_ptr<discovery::Watcher>> MakeWatcher(
    net::EventLoop* loop, absl::string_view address, const discovery::WatcherOptions& options);

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_WATCHER_FACTORY_H_
