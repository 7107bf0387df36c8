// A thread that wakes what waits for changes ten times a second, and sleeps while there is nothing
// of it. The number of those that wait is bounded.
//
// Thread safety: any thread; destroyed by one that is not the ticker's.

#ifndef RINGCACHE_ADMIN_SERVICE_TICKER_H_
#define RINGCACHE_ADMIN_SERVICE_TICKER_H_

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "net/mutex.h"

namespace ringcache::admin {

class Ticker {
 public:
  static constexpr absl::Duration kPeriod = absl::Milliseconds(100);

  class Sleeper {
   public:
    virtual ~Sleeper() = default;
    // Called by the ticker's thread; takes little time.
    virtual void Tick() = 0;
    // There will be no more ticks.
    virtual void Close() = 0;
  };

  explicit Ticker(std::size_t most);
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  // False if there are as many as may be, or after Close.
  [[nodiscard]] bool Add(std::shared_ptr<Sleeper> sleeper);
  // A Tick of it may still run when this returns. Not being there is no error.
  void Remove(const Sleeper* sleeper);
  // Closes all that are there. A Tick may still run when this returns.
  void Close();

 private:
  void Work();

  const std::size_t most_;
  net::Mutex mutex_;
  net::CondVar changed_;
  std::vector<std::shared_ptr<Sleeper>> all_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_TICKER_H_
