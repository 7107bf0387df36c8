#include "server/hot_keys/worker_hot_keys.h"

namespace ringcache::server {

WorkerHotKeys::WorkerHotKeys(net::EventLoop* loop, std::uint64_t seed)
    : loop_(*loop),
      random_(seed),
      until_batch_(NextGap()),
      sketch_(seed, loop->MonotonicNow(), kBatchOneOf) {
  DecayLater();
}

WorkerHotKeys::~WorkerHotKeys() { loop_.CancelTimer(decay_timer_); }

// SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
std::uint32_t WorkerHotKeys::NextGap() {
  std::uint64_t mixed = random_ += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  mixed ^= mixed >> 31;
  return static_cast<std::uint32_t>(mixed % (2 * kBatchOneOf - 1)) + 1;
}

void WorkerHotKeys::DecayLater() {
  decay_timer_ = loop_.RunAfter(kDecayInterval, [this] {
    sketch_.Decay(loop_.MonotonicNow());
    DecayLater();
  });
}

}  // namespace ringcache::server
