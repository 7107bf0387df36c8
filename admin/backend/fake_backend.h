// A backend that tells what a test puts into it, and remembers what it was asked to do.
//
// At first it is a well server of which every figure is known, each another number, with a ring of
// three members in the pool "main".
//
// Thread safety: any thread.

#ifndef RINGCACHE_ADMIN_BACKEND_FAKE_BACKEND_H_
#define RINGCACHE_ADMIN_BACKEND_FAKE_BACKEND_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "admin/backend/backend.h"
#include "net/mutex.h"

namespace ringcache::admin {

class FakeBackend final : public Backend {
 public:
  struct State {
    ProgramInfo program;
    Health health;
    absl::StatusOr<Stats> stats;
    absl::StatusOr<std::vector<LatencySeries>> latencies;
    absl::StatusOr<std::vector<Setting>> settings;
    absl::StatusOr<std::vector<HotKey>> hot_keys;
    absl::StatusOr<std::vector<std::shared_ptr<const RingView>>> rings;
    DrainProgress drain;
    // What every wish is answered with; one that is not OK changes nothing.
    absl::Status wish;
    // "drain 5s", "verbosity 2": the wishes that were fulfilled.
    std::vector<std::string> wishes;
    // ReadStats that were begun.
    int stats_reads = 0;
  };

  FakeBackend();
  // REQUIRES: no call is held up.
  ~FakeBackend() override;

  void Change(absl::FunctionRef<void(State&)> change);
  State state() const;
  // From now on ReadStats does not return until Release.
  void HoldUp();
  void Release();
  // Returns once so many ReadStats were begun.
  void AwaitStatsReads(int count);

  ProgramInfo Program() override { return Copy(&State::program); }
  Health CheckHealth() override { return Copy(&State::health); }
  absl::StatusOr<Stats> ReadStats() override;
  absl::StatusOr<std::vector<LatencySeries>> Latencies() override {
    return Copy(&State::latencies);
  }
  absl::StatusOr<std::vector<Setting>> Settings() override { return Copy(&State::settings); }
  absl::StatusOr<std::vector<HotKey>> HotKeys(std::size_t count) override;
  absl::StatusOr<std::vector<std::shared_ptr<const RingView>>> Rings() override {
    return Copy(&State::rings);
  }
  DrainProgress Draining() override { return Copy(&State::drain); }
  absl::Status Drain(absl::Duration wait) override;
  absl::Status Undrain() override;
  absl::Status SetVerbosity(int level) override;
  absl::StatusOr<std::string> Reload() override;
  absl::Status ResetStats() override;
  absl::Status Flush(absl::Duration delay) override;

 private:
  template <typename T>
  T Copy(T State::*field) const {
    net::MutexLock lock(&mutex_);
    return state_.*field;
  }
  absl::Status Wish(std::string text, absl::FunctionRef<void(State&)> change);

  mutable net::Mutex mutex_;
  net::CondVar changed_;
  State state_ ABSL_GUARDED_BY(mutex_);
  bool held_up_ ABSL_GUARDED_BY(mutex_) = false;
};

// Every figure is known. `slabs`, `workers` and `members` say how many there are of each.
Stats FullStats(int slabs, int workers, int members);

// Members "a:11211", "b:11211" and so on, `count` of them, with equal shares, all up.
std::shared_ptr<const RingView> FakeRing(std::string pool, int count);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_BACKEND_FAKE_BACKEND_H_
