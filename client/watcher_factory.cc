#include "client/watcher_factory.h"

#include "client/config/config_source.h"
#include "discovery/discovery_address.h"
#include "discovery/dns_resolver.h"
#include "discovery/pool_source.h"

namespace ringcache::client {

absl::StatusOr<std::unique_ptr<discovery::Watcher>> MakeWatcher(
    net::EventLoop* loop, absl::string_view address, const discovery::WatcherOptions& options) {
  const auto parsed = discovery::DiscoveryAddress::Parse(address);
  if (!parsed.ok()) return parsed.status();
  if (parsed->kind != discovery::DiscoveryKind::kConfig) {
    return discovery::MakeWatcher(loop, *parsed, options);
  }
  return discovery::MakeWatcher(
      loop,
      [loop, &parsed](discovery::DnsResolver* resolver) -> std::unique_ptr<discovery::PoolSource> {
        return std::make_unique<ConfigSource>(loop, resolver, *parsed);
      },
      options);
}

}  // namespace ringcache::client
