#include "router/replay/spool_gate.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace ringcache::router {

using client::MemberAccess;

SpoolGate::SpoolGate(Spool* spool, std::string member, std::function<void(SpoolGate*)> on_kept)
    : MemberGate(&access_),
      spool_(*spool),
      member_(std::move(member)),
      id_(spool->IdOf(member_)),
      on_kept_(std::move(on_kept)),
      access_(MemberAccess::kAll) {
  const SpoolState found = spool_.StateOf(id_);
  const net::MutexLock lock(&mutex_);
  acknowledged_ = found.acknowledged;
  // Their keys are on disk, and what made them so may be of a moment ago.
  shut_until_ = found.acknowledged + found.pending;
  must_flush_ = found.must_flush;
  maybe_sent_ = true;
  SetAccess();
}

bool SpoolGate::Bars(absl::string_view key) const {
  const net::MutexLock lock(&mutex_);
  return barred_.contains(key);
}

// The key is barred before its delete can be replayed, and at least until it was.
void SpoolGate::Keep(absl::string_view key, bool maybe_sent, client::MemberGate* stand_in) {
  SpoolGate* other_copy = nullptr;
  bool was_barred = false;
  {
    const net::MutexLock lock(&mutex_);
    maybe_sent_ = maybe_sent_ || maybe_sent;
    was_barred = Bar(key, static_cast<SpoolGate*>(stand_in), &other_copy);
    SetAccess();
  }
  std::uint64_t until = 0;
  const Spool::Kept kept = spool_.Append(id_, key, absl::ToUnixSeconds(absl::Now()), &until);
  if (NoteKept(key, was_barred, kept, until)) on_kept_(this);
  // Nobody will remember it as a stand-in.
  if (other_copy != nullptr) other_copy->Keep(key, false, nullptr);
}

bool SpoolGate::Bar(absl::string_view key, SpoolGate* stand_in, SpoolGate** other_copy) {
  const bool has_room = barred_.size() < kMaxBarredKeys;
  const auto bar = has_room ? barred_.try_emplace(key).first : barred_.find(key);
  if (bar == barred_.end()) {
    ++unlisted_;
    return false;
  }
  ++bar->second.being_kept;
  if (stand_in != nullptr && bar->second.stand_in != stand_in) {
    *other_copy = std::exchange(bar->second.stand_in, stand_in);
  }
  return true;
}

bool SpoolGate::NoteKept(absl::string_view key, bool was_barred, Spool::Kept kept,
                         std::uint64_t until) {
  const net::MutexLock lock(&mutex_);
  if (kept == Spool::Kept::kOverflowed) {
    must_flush_ = true;
    ++generation_;
  }
  if (was_barred) {
    const auto bar = barred_.find(key);
    --bar->second.being_kept;
    bar->second.until = std::max(bar->second.until, until);
    if (IsFree(bar->second)) barred_.erase(bar);
  } else {
    --unlisted_;
    shut_until_ = std::max(shut_until_, until);
  }
  SetAccess();
  return !std::exchange(told_, true);
}

// What is kept after told_ was reset is told anew; what was kept before, the spool's answer has.
std::uint64_t SpoolGate::BeginRefresh() {
  const net::MutexLock lock(&mutex_);
  told_ = false;
  return generation_;
}

SpoolState SpoolGate::Refresh(absl::Span<const SpooledDelete> keys) {
  const std::uint64_t generation = BeginRefresh();
  const SpoolState state = spool_.StateOf(id_);
  const net::MutexLock lock(&mutex_);
  Take(state, generation);
  for (const SpooledDelete& deleted : keys) {
    const auto bar = barred_.find(deleted.key);
    if (bar != barred_.end() && IsFree(bar->second)) barred_.erase(bar);
  }
  SetAccess();
  return state;
}

SpoolState SpoolGate::RefreshAll() {
  const std::uint64_t generation = BeginRefresh();
  const SpoolState state = spool_.StateOf(id_);
  const net::MutexLock lock(&mutex_);
  Take(state, generation);
  absl::erase_if(barred_, [this](const auto& bar)
                              ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return IsFree(bar.second); });
  SetAccess();
  return state;
}

void SpoolGate::Take(const SpoolState& state, std::uint64_t generation) {
  acknowledged_ = std::max(acknowledged_, state.acknowledged);
  if (state.must_flush) {
    must_flush_ = true;
  } else if (generation == generation_) {
    must_flush_ = false;
  }
}

// Release: see MemberGate::access.
void SpoolGate::SetAccess() {
  const bool shut = must_flush_ || unlisted_ > 0 || acknowledged_ < shut_until_;
  access_.store(shut              ? MemberAccess::kNone
                : barred_.empty() ? MemberAccess::kAll
                                  : MemberAccess::kSomeKeys,
                std::memory_order_release);
}

bool SpoolGate::TakeMaybeSent() {
  const net::MutexLock lock(&mutex_);
  return std::exchange(maybe_sent_, false);
}

SpoolGate* SpoolGate::StandInOf(absl::string_view key) const {
  const net::MutexLock lock(&mutex_);
  const auto bar = barred_.find(key);
  return bar == barred_.end() ? nullptr : bar->second.stand_in;
}

std::size_t SpoolGate::barred_keys() const {
  const net::MutexLock lock(&mutex_);
  return barred_.size();
}

}  // namespace ringcache::router
