#include "client/watcher_factory.h"

#include "discovery/discovery_address.h"

namespace ringcache::client {

absl::StatusOr<std::unique_ptr<discovery::Watcher>> MakeWatcher(
    net::EventLoop* loop, absl::string_view address, const discovery::WatcherOptions& options) {
  const auto parsed = discovery::DiscoveryAddress::Parse(address);
  if (!parsed.ok()) return parsed.status();
  return discovery::MakeWatcher(loop, *parsed, options);
}

}  // namespace ringcache::client
