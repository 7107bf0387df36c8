#include "discovery/refreshing_watcher.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "discovery/discovery_address.h"

namespace ringcache::discovery {

RefreshingWatcher::RefreshingWatcher(net::EventLoop* loop, std::unique_ptr<PoolSource> source,
                                     const Options& options)
    : loop_(loop),
      membership_(options.membership),
      schedule_(options.refresh, options.seed),
      source_(std::move(source)) {}

RefreshingWatcher::~RefreshingWatcher() {
  if (timer_ != 0) loop_->CancelTimer(timer_);
}

void RefreshingWatcher::Start(Listener listener) {
  *listener_ = std::move(listener);
  started_ = true;
  source_->NotifyOfChanges([this] { RefreshSoon(); });
  SetTimer();
}

void RefreshingWatcher::RefreshSoon() {
  if (!started_) return;
  schedule_.Hurry();
  // A question that is under way may have been answered before what the caller knows of happened:
  // another follows it.
  if (!asking_) SetTimer();
}

void RefreshingWatcher::SetTimer() {
  if (timer_ != 0) loop_->CancelTimer(timer_);
  const absl::Duration wait = schedule_.due() - loop_->MonotonicNow();
  timer_ = loop_->RunAfter(std::max(wait, absl::ZeroDuration()), [this] {
    timer_ = 0;
    Ask();
  });
}

void RefreshingWatcher::Ask() {
  asking_ = true;
  schedule_.Asked(loop_->MonotonicNow());
  timer_ = loop_->RunAfter(kMaxQuestion, [this] {
    timer_ = 0;
    GiveUp();
  });
  source_->Ask([this](const PoolAnswer& answer) { Take(answer); });
}

void RefreshingWatcher::GiveUp() {
  source_->Cancel();
  PoolAnswer answer;
  answer.outcome = PoolOutcome::kError;
  answer.problem = absl::StrCat("no whole answer within ", absl::FormatDuration(kMaxQuestion));
  Take(answer);
}

void RefreshingWatcher::Take(const PoolAnswer& answer) {
  asking_ = false;
  stats_.truncated += static_cast<std::uint64_t>(answer.truncated);
  stats_.last_error = answer.problem;
  switch (answer.outcome) {
    case PoolOutcome::kMembers:
      Use(answer);
      break;
    case PoolOutcome::kNotFound:
      ++stats_.not_found;
      schedule_.Failed(loop_->MonotonicNow());
      break;
    case PoolOutcome::kEmpty:
      ++stats_.empty;
      schedule_.Failed(loop_->MonotonicNow());
      break;
    case PoolOutcome::kError:
      ++stats_.errors;
      schedule_.Failed(loop_->MonotonicNow());
      break;
  }
  SetTimer();
}

void RefreshingWatcher::Use(const PoolAnswer& answer) {
  const absl::Duration now = loop_->MonotonicNow();
  if (answer.candidates.size() > kMaxMembers) {
    ++stats_.errors;
    stats_.last_error = absl::StrCat("the answer has ", answer.candidates.size(),
                                     " members; a pool has at most ", kMaxMembers);
    return schedule_.Failed(now);
  }
  ++stats_.refreshes;
  if (!answer.problem.empty()) ++stats_.errors;
  stats_.warning = answer.warning;
  refreshed_at_ = now;
  if (auto snapshot = membership_.Update(answer.candidates, answer.incomplete, now)) {
    Publish(std::move(snapshot));
  }
  schedule_.Answered(now, answer.ttl, membership_.next_leave());
}

void RefreshingWatcher::Publish(std::shared_ptr<const Snapshot> snapshot) {
  ++stats_.changes;
  const std::weak_ptr<Listener> weak = listener_;
  loop_->Post([weak, snapshot = std::move(snapshot)] {
    const std::shared_ptr<Listener> listener = weak.lock();
    if (listener != nullptr && *listener != nullptr) (*listener)(snapshot);
  });
}

WatcherStats RefreshingWatcher::stats() const {
  WatcherStats stats = stats_;
  stats.since_refresh = loop_->MonotonicNow() - refreshed_at_;
  return stats;
}

}  // namespace ringcache::discovery
