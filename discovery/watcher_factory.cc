#include "discovery/watcher_factory.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "discovery/address_source.h"
#include "discovery/fallback_source.h"
#include "discovery/file_source.h"
#include "discovery/list_source.h"
#include "discovery/membership.h"
#include "discovery/pool_source.h"
#include "discovery/refreshing_watcher.h"
#include "discovery/service_source.h"

namespace ringcache::discovery {
namespace {

// What charts call the port: ours, and the two most used ones.
constexpr absl::string_view kPortNames[] = {"memcached", "memcache"};

// `cache.shop` as `cache.shop.svc`, which the search path of a pod completes with the cluster's
// domain; `cache` as it is, which the search path completes with the pod's own namespace.
std::string ServiceName(const std::string& name) {
  return name.find('.') == std::string::npos ? name : name + ".svc";
}

std::unique_ptr<PoolSource> KubernetesSource(net::EventLoop* loop, DnsResolver* resolver,
                                             const DiscoveryAddress& address) {
  const std::string service = ServiceName(address.name);
  std::vector<std::string> port_names(std::begin(kPortNames), std::end(kPortNames));
  if (!address.port_name.empty()) port_names = {address.port_name};
  if (address.port_is_written) port_names.clear();
  std::vector<std::unique_ptr<PoolSource>> sources;
  for (const std::string& name : port_names) {
    sources.push_back(
        std::make_unique<ServiceSource>(resolver, absl::StrCat("_", name, "._tcp.", service)));
  }
  // Which number a port's name stands for, only SRV records tell.
  if (address.port_name.empty()) {
    sources.push_back(std::make_unique<AddressSource>(loop, resolver, service, address.port));
  }
  return std::make_unique<FallbackSource>(std::move(sources));
}

std::unique_ptr<PoolSource> MakeSource(net::EventLoop* loop, DnsResolver* resolver,
                                       const DiscoveryAddress& address) {
  switch (address.kind) {
    case DiscoveryKind::kList:
      return std::make_unique<ListSource>(loop, resolver, address.members);
    case DiscoveryKind::kDns:
      return std::make_unique<AddressSource>(loop, resolver, address.name, address.port);
    case DiscoveryKind::kDnsSrv:
      return std::make_unique<ServiceSource>(resolver, address.name);
    case DiscoveryKind::kFile:
      return std::make_unique<FileSource>(loop, resolver, address.name);
    case DiscoveryKind::kKubernetes:
      return KubernetesSource(loop, resolver, address);
    case DiscoveryKind::kConfig:
      break;
  }
  return nullptr;
}

// A watcher and the resolver that is its own.
class OwningWatcher final : public Watcher {
 public:
  OwningWatcher(std::unique_ptr<DnsResolver> resolver, std::unique_ptr<Watcher> watcher)
      : resolver_(std::move(resolver)), watcher_(std::move(watcher)) {}

  void Start(Listener listener) override { watcher_->Start(std::move(listener)); }
  void RefreshSoon() override { watcher_->RefreshSoon(); }
  std::shared_ptr<const Snapshot> current() const override { return watcher_->current(); }
  WatcherStats stats() const override { return watcher_->stats(); }

 private:
  const std::unique_ptr<DnsResolver> resolver_;
  const std::unique_ptr<Watcher> watcher_;
};

absl::StatusOr<std::unique_ptr<Watcher>> MakeOrderedWatcher(
    net::EventLoop* loop, Membership::Order order,
    absl::FunctionRef<std::unique_ptr<PoolSource>(DnsResolver* resolver)> make_source,
    const WatcherOptions& options) {
  if (const absl::Status status = options.Validate(); !status.ok()) return status;
  std::unique_ptr<DnsResolver> own;
  if (options.resolver == nullptr) {
    absl::StatusOr<std::unique_ptr<CaresResolver>> created =
        CaresResolver::Create(loop, options.dns);
    if (!created.ok()) return created.status();
    own = *std::move(created);
  }
  RefreshingWatcher::Options settings;
  settings.refresh = {options.min_refresh, options.max_refresh};
  settings.membership = {order, options.grace, options.tls_name, options.credentials};
  settings.seed = options.seed != 0 ? options.seed : std::random_device()();
  DnsResolver* const resolver = own != nullptr ? own.get() : options.resolver;
  auto watcher = std::make_unique<RefreshingWatcher>(loop, make_source(resolver), settings);
  if (own == nullptr) return watcher;
  return std::make_unique<OwningWatcher>(std::move(own), std::move(watcher));
}

}  // namespace

absl::Status WatcherOptions::Validate() const {
  if (min_refresh < absl::Milliseconds(10) || max_refresh < min_refresh ||
      max_refresh > absl::Hours(24)) {
    return absl::InvalidArgumentError(
        absl::StrCat("members are to be refreshed every ", absl::FormatDuration(min_refresh),
                     " to ", absl::FormatDuration(max_refresh),
                     "; write at least 10ms, then as much or more, up to 24h"));
  }
  if (grace < absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the grace time is ", absl::FormatDuration(grace), "; write 0 or more"));
  }
  return dns.Validate();
}

absl::StatusOr<std::unique_ptr<Watcher>> MakeWatcher(net::EventLoop* loop,
                                                     const DiscoveryAddress& address,
                                                     const WatcherOptions& options) {
  if (address.kind == DiscoveryKind::kConfig) {
    return absl::UnimplementedError(
        absl::StrCat(address.ToString(),
                     " is asked of a memcached server, not of DNS: make it with the client"));
  }
  const bool is_written =
      address.kind == DiscoveryKind::kList || address.kind == DiscoveryKind::kFile;
  return MakeOrderedWatcher(
      loop, is_written ? Membership::Order::kAsGiven : Membership::Order::kNatural,
      [loop, &address](DnsResolver* resolver) { return MakeSource(loop, resolver, address); },
      options);
}

absl::StatusOr<std::unique_ptr<Watcher>> MakeWatcher(
    net::EventLoop* loop,
    absl::FunctionRef<std::unique_ptr<PoolSource>(DnsResolver* resolver)> make_source,
    const WatcherOptions& options) {
  return MakeOrderedWatcher(loop, Membership::Order::kNatural, make_source, options);
}

}  // namespace ringcache::discovery
