// The hottest keys of one worker's commands: those that read (get, gets, gat, gats, mg), and those
// that change an item. Rates are means of the last 5 to 10 seconds. One batch of commands of eight
// is looked at, chosen by chance, and of its keys the sketch samples some: all others cost a
// decrement a batch.
//
// Ownership: the loop outlives this. Thread safety: belongs to the worker; Rates from any thread.

#ifndef RINGCACHE_SERVER_HOT_KEYS_WORKER_HOT_KEYS_H_
#define RINGCACHE_SERVER_HOT_KEYS_WORKER_HOT_KEYS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "metrics/hot_key_sketch.h"
#include "net/event_loop.h"
#include "protocol/command_class.h"
#include "protocol/operation.h"

namespace ringcache::server {

class WorkerHotKeys {
 public:
  static constexpr absl::Duration kDecayInterval = absl::Seconds(5);
  static constexpr std::uint32_t kBatchOneOf = 8;

  // `seed`: workers get different ones.
  WorkerHotKeys(net::EventLoop* loop, std::uint64_t seed);
  ~WorkerHotKeys();
  WorkerHotKeys(const WorkerHotKeys&) = delete;
  WorkerHotKeys& operator=(const WorkerHotKeys&) = delete;

  // Once for each batch: whether its keys are to be recorded.
  bool LooksAtBatch() {
    if (--until_batch_ > 0) [[likely]] {
      return false;
    }
    until_batch_ = NextGap();
    return true;
  }
  // For each key of each command of such a batch; `me`, which debugs, does not count.
  void Record(protocol::Operation operation, absl::string_view key) {
    const protocol::CommandClass command_class = protocol::CommandClassOf(operation);
    if (command_class == protocol::CommandClass::kGet) [[likely]] {
      sketch_.RecordRead(key);
    } else if (command_class != protocol::CommandClass::kOther) {
      sketch_.RecordWrite(key);
    }
  }

  // `now`: of the monotonic clock.
  metrics::HotKeyRates Rates(absl::Duration now) const { return sketch_.Rates(now); }

 private:
  void DecayLater();
  // From 1 to 2 kBatchOneOf - 1, all as often.
  std::uint32_t NextGap();

  net::EventLoop& loop_;
  std::uint64_t random_;
  std::uint32_t until_batch_;
  metrics::HotKeySketch sketch_;
  net::EventLoop::TimerId decay_timer_ = 0;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_HOT_KEYS_WORKER_HOT_KEYS_H_
