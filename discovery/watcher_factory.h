// Makes the Watcher that an address asks for.
//
// Thread safety: functions only; what they make belongs to the loop's thread.

#ifndef RINGCACHE_DISCOVERY_WATCHER_FACTORY_H_
#define RINGCACHE_DISCOVERY_WATCHER_FACTORY_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "discovery/cares_resolver.h"
#include "discovery/discovery_address.h"
#include "discovery/dns_resolver.h"
#include "discovery/pool_source.h"
#include "discovery/watcher.h"
#include "net/event_loop.h"

namespace ringcache::discovery {

struct WatcherOptions {
  // Between an answer and the next question: the TTL, within these.
  absl::Duration min_refresh = absl::Seconds(1);
  absl::Duration max_refresh = absl::Seconds(30);
  // How long who has vanished keeps its place. 0: leaves at once.
  absl::Duration grace = absl::Seconds(60);
  // Of the jitter; 0: a random one.
  std::uint64_t seed = 0;
  // Whom to ask. Not owned, and outlives the watcher; several watchers may share one. Null: the
  // watcher makes one of its own from `dns`.
  DnsResolver* resolver = nullptr;
  CaresOptions dns = {};
  // Given to every member.
  std::string tls_name = {};
  std::string credentials = {};

  absl::Status Validate() const;
};

// Fails if the options are wrong, or for an address of kind kConfig, which needs a memcached
// client. Nothing is asked and no file is read before Start(). `loop` is not owned and outlives the
// watcher.
absl::StatusOr<std::unique_ptr<Watcher>> MakeWatcher(net::EventLoop* loop,
                                                     const DiscoveryAddress& address,
                                                     const WatcherOptions& options);

// The same for a source that other packages have: `make_source`, called at most once and before
// this returns, makes it on the resolver to use, which outlives it. Members are in natural order of
// their names. Fails if the options are wrong.
absl::StatusOr<std::unique_ptr<Watcher>> MakeWatcher(
    net::EventLoop* loop,
    absl::FunctionRef<std::unique_ptr<PoolSource>(DnsResolver* resolver)> make_source,
    const WatcherOptions& options);

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_WATCHER_FACTORY_H_
