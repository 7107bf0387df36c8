#include "admin/ring/ring_observer.h"

#include <pthread.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "discovery/discovery_address.h"
#include "discovery/watcher_factory.h"
#include "hashring/placement/placement_kind.h"

namespace ringcache::admin {
namespace {

absl::Status OfFlag(absl::string_view flag, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat("--", flag, ": ", status.message()));
}

}  // namespace

RingObserver::RingObserver(std::string pool, const hashring::RingOptions& options,
                           std::unique_ptr<net::EpollEventLoop> loop)
    : pool_(std::move(pool)),
      options_(options),
      loop_(std::move(loop)),
      status_(absl::UnavailableError(
          absl::StrCat("the members of ", pool_, " are not known yet; ask again soon"))) {}

absl::StatusOr<std::unique_ptr<RingObserver>> RingObserver::Start(absl::string_view discovery,
                                                                  absl::string_view placement,
                                                                  absl::string_view key_hash) {
  const auto address = discovery::DiscoveryAddress::Parse(discovery);
  if (!address.ok()) return OfFlag("discovery", address.status());
  hashring::RingOptions options;
  const auto kind = hashring::PlacementOfName(placement);
  if (!kind.ok()) return OfFlag("placement", kind.status());
  options.placement = *kind;
  if (!key_hash.empty()) {
    const auto hash = hashring::KeyHashOfName(key_hash);
    if (!hash.ok()) return OfFlag("key-hash", hash.status());
    options.key_hash = *hash;
  }
  if (const absl::Status status = options.Validate(); !status.ok()) return status;
  auto loop = net::EpollEventLoop::Create();
  if (!loop.ok()) return loop.status();
  std::unique_ptr<RingObserver> observer(
      new RingObserver(std::string(discovery), options, *std::move(loop)));
  auto watcher = discovery::MakeWatcher(observer->loop_.get(), *address, {});
  if (!watcher.ok()) return OfFlag("discovery", watcher.status());
  observer->watcher_ = *std::move(watcher);
  observer->thread_ = std::thread([observer = observer.get()] {
    (void)pthread_setname_np(pthread_self(), "rc-ring");
    observer->watcher_->Start([observer](const std::shared_ptr<const discovery::Snapshot>& now) {
      observer->OnMembers(*now);
    });
    observer->loop_->Run();
    observer->watcher_.reset();
  });
  return observer;
}

absl::StatusOr<std::unique_ptr<RingObserver>> RingObserver::StartIfAsked(
    const AdminOptions& options) {
  if (options.discovery.empty()) return nullptr;
  return Start(options.discovery, options.placement, options.key_hash);
}

RingObserver::~RingObserver() {
  loop_->Stop();
  if (thread_.joinable()) thread_.join();
}

void RingObserver::OnMembers(const discovery::Snapshot& snapshot) {
  std::vector<hashring::Member> members;
  for (const discovery::Member& member : snapshot.members) {
    members.push_back({member.name, member.port, member.weight});
  }
  auto ring = hashring::Ring::Create(options_, std::move(members));
  net::MutexLock lock(&mutex_);
  status_ = ring.status();
  if (!ring.ok()) return;
  ring_ = PoolRing{.pool = pool_, .version = snapshot.version, .ring = *ring, .members = {}};
  ring_.members.resize((*ring)->members().size());
  for (const discovery::Member& member : snapshot.members) {
    const auto index = (*ring)->Find(member.name, member.port);
    if (!index.has_value()) continue;
    PoolRing::Member& shown = ring_.members[*index];
    shown.state = member.vanished ? MemberState::kVanished : MemberState::kUnknown;
    if (member.address != net::SocketAddress()) shown.address = member.address.ToString();
  }
}

absl::StatusOr<std::vector<std::shared_ptr<const RingView>>> RingObserver::Rings() {
  std::vector<PoolRing> pools;
  {
    net::MutexLock lock(&mutex_);
    if (!status_.ok()) return status_;
    pools.push_back(ring_);
  }
  return display_.Show(std::move(pools));
}

}  // namespace ringcache::admin
