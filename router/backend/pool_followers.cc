#include "router/backend/pool_followers.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/watcher_factory.h"
#include "router/backend/pool_members.h"

namespace ringcache::router {

PoolFollowers::PoolFollowers(net::EventLoop* loop, discovery::WatcherOptions options,
                             OnMembers on_members)
    : loop_(*loop), options_(std::move(options)), on_members_(std::move(on_members)) {}

PoolFollowers::~PoolFollowers() { StopWaiting(); }

absl::Status PoolFollowers::Stage(const Pools& pools, absl::Duration patience,
                                  std::function<void()> on_known) {
  Followers staged;
  for (const auto& [name, config] : pools) {
    const auto used = used_.find(name);
    if (used != used_.end() && used->second->config == config) {
      staged.insert(*used);
      continue;
    }
    auto follower = std::make_shared<Follower>();
    follower->config = config;
    if (const absl::Status status = Begin(follower.get()); !status.ok()) return status;
    staged.emplace(name, std::move(follower));
  }
  StopWaiting();
  staged_ = std::move(staged);
  on_known_ = std::move(on_known);
  TellAfter(AllKnown(staged_) ? absl::ZeroDuration() : patience);
  return absl::OkStatus();
}

absl::Status PoolFollowers::Begin(Follower* follower) {
  auto watcher = client::MakeWatcher(&loop_, follower->config.address.ToString(), options_);
  if (!watcher.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("pool ", follower->config.name, ": ", watcher.status().message()));
  }
  follower->watcher = *std::move(watcher);
  follower->watcher->Start(
      [this, follower](const Snapshot& snapshot) { OnSnapshot(follower, snapshot); });
  return absl::OkStatus();
}

void PoolFollowers::OnSnapshot(Follower* follower, const Snapshot& snapshot) {
  if (follower->in_use) on_members_(follower->config, MembersOf(follower->config, snapshot));
  // Not from within the watcher's call: it may be forgotten.
  if (on_known_ && AllKnown(staged_)) TellAfter(absl::ZeroDuration());
}

void PoolFollowers::TellAfter(absl::Duration delay) {
  if (patience_timer_ != 0) loop_.CancelTimer(patience_timer_);
  patience_timer_ = loop_.RunAfter(delay, [this] {
    patience_timer_ = 0;
    std::exchange(on_known_, nullptr)();
  });
}

bool PoolFollowers::AllKnown(const Followers& followers) {
  return std::all_of(followers.begin(), followers.end(), [](const auto& follower) {
    return follower.second->watcher->current() != nullptr;
  });
}

void PoolFollowers::StopWaiting() {
  if (patience_timer_ != 0) loop_.CancelTimer(std::exchange(patience_timer_, 0));
  on_known_ = nullptr;
}

void PoolFollowers::UseStaged() {
  StopWaiting();
  for (const auto& [name, follower] : used_) follower->in_use = false;
  used_ = std::exchange(staged_, {});
  for (const auto& [name, follower] : used_) {
    follower->in_use = true;
    const Snapshot snapshot = follower->watcher->current();
    if (snapshot != nullptr) on_members_(follower->config, MembersOf(follower->config, snapshot));
  }
}

std::size_t PoolFollowers::unknown() const {
  return static_cast<std::size_t>(std::count_if(
      used_.begin(), used_.end(),
      [](const auto& follower) { return follower.second->watcher->current() == nullptr; }));
}

void PoolFollowers::RefreshSoon() {
  for (const auto& [name, follower] : used_) follower->watcher->RefreshSoon();
}

void PoolFollowers::ForEach(
    absl::FunctionRef<void(const PoolConfig&, const discovery::Watcher&)> visit) const {
  for (const auto& [name, follower] : used_) visit(follower->config, *follower->watcher);
}

}  // namespace ringcache::router
