#include "router/hot_keys/worker_hot_keys.h"

#include <vector>

#include "metrics/hot_keys.h"
#include "router/config/routing_prefix.h"

namespace ringcache::router {
namespace {

bool HasRoutingPrefix(absl::string_view key) {
  return !key.empty() && key.front() == '/' && RoutingPrefixBytes(key) > 0;
}

}  // namespace

bool ChangesItem(const protocol::Request& request) {
  using protocol::Operation;
  switch (request.operation) {
    case Operation::kGet:
    case Operation::kGets:
    case Operation::kMetaDebug:
      return false;
    case Operation::kMetaGet:
      // A time to live may be one that has passed; N makes an item of a miss.
      return request.meta.has.Has('T') || request.meta.has.Has('N');
    default:
      return true;
  }
}

WorkerHotKeys::WorkerHotKeys(net::EventLoop* loop, const LocalCacheOptions& options,
                             std::uint64_t seed)
    : loop_(*loop), sketch_(seed, loop->MonotonicNow()), cache_(options) {
  DecayLater();
  if (caches()) AdmitLater();
}

WorkerHotKeys::~WorkerHotKeys() {
  loop_.CancelTimer(decay_timer_);
  loop_.CancelTimer(admit_timer_);
}

void WorkerHotKeys::DecayLater() {
  decay_timer_ = loop_.RunAfter(kDecayInterval, [this] {
    sketch_.Decay(loop_.MonotonicNow());
    DecayLater();
  });
}

void WorkerHotKeys::AdmitLater() {
  admit_timer_ = loop_.RunAfter(kAdmitInterval, [this] {
    Admit();
    AdmitLater();
  });
}

void WorkerHotKeys::Admit() {
  const absl::Duration now = loop_.MonotonicNow();
  const metrics::HotKeyRates rates = sketch_.Rates(now);
  std::vector<absl::string_view> keys;
  for (const metrics::HotKey& key : rates.reads.keys) {
    const bool is_hot = key.requests - key.error >= 1000 * kLeastReadsPerSecond;
    if (is_hot && !HasRoutingPrefix(key.key)) keys.push_back(key.key);
  }
  cache_.Admit(keys, now);
}

}  // namespace ringcache::router
