// A thread that does what a store needs beside its operations (Store::Maintain): it removes expired
// items, moves pages between size classes and gives memory back. For that it takes at most a tenth
// of a core. It also fetches memory for what comes (Store::PopulateAhead).
//
// Thread safety: Start and Stop on one thread.

#ifndef RINGCACHE_STORAGE_MAINTAINER_H_
#define RINGCACHE_STORAGE_MAINTAINER_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "storage/store.h"

namespace ringcache::storage {

class Maintainer {
 public:
  // `now` is asked on the maintainer's thread. The store outlives the maintainer.
  Maintainer(Store* store, std::function<UnixSeconds()> now)
      : store_(*store), now_(std::move(now)) {}
  // Stops.
  ~Maintainer();

  // REQUIRES: it was not started before.
  void Start();
  // Returns when the thread has ended. Nothing happens if it does not run.
  void Stop();

 private:
  static constexpr std::chrono::nanoseconds kRest = std::chrono::milliseconds(100);
  static constexpr std::chrono::nanoseconds kRestWhileGrowing = std::chrono::milliseconds(5);
  // Times what a step took: the share of a core.
  static constexpr int kPausePerStep = 9;

  void Run();
  // False when it is time to end.
  bool Pause(std::chrono::nanoseconds time);

  Store& store_;
  const std::function<UnixSeconds()> now_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;  // guarded by mutex_
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_MAINTAINER_H_
