// The memcached beside a sidecar: asked over one connection, and by a thread of its own four times
// a second whether it is there.
//
// Thread safety: any thread.

#ifndef RINGCACHE_ADMIN_SIDECAR_STOCK_MEMCACHED_H_
#define RINGCACHE_ADMIN_SIDECAR_STOCK_MEMCACHED_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/blocking_client.h"
#include "client/result.h"
#include "net/epoll_event_loop.h"
#include "net/mutex.h"

namespace ringcache::admin {

class StockMemcached {
 public:
  // How often it is looked for, and how long a reply may take.
  static constexpr absl::Duration kPeriod = absl::Milliseconds(250);
  static constexpr absl::Duration kTimeout = absl::Milliseconds(500);
  // Statistics are at most so old: many who ask are one for the memcached.
  static constexpr absl::Duration kMaxAge = absl::Milliseconds(500);

  // How it answered when it was looked for.
  struct Sign {
    bool answers = false;
    bool answered_once = false;
    // Since it answered, or since the start.
    absl::Duration silent_for;
    std::string problem;  // empty if it answers
    std::string version;  // what it said last
  };

  // `address`: "127.0.0.1:11211", "unix:/run/memcached.sock". It need not be there yet.
  static absl::StatusOr<std::unique_ptr<StockMemcached>> Follow(const std::string& address);
  ~StockMemcached();

  Sign LastSign() const;
  // The reply to `stats <group>`; UNAVAILABLE with what is wrong.
  absl::StatusOr<std::string> Stats(const std::string& group);
  absl::Status ResetStats();
  absl::Status SetVerbosity(std::uint32_t level);
  absl::Status Flush(absl::Duration delay);

 private:
  struct Kept {
    absl::Time taken;
    std::string reply;
  };

  StockMemcached(std::string address, std::unique_ptr<client::BlockingClient> client,
                 std::unique_ptr<net::EpollEventLoop> loop);

  void Look();
  absl::Status StatusOf(const std::vector<client::MemberResult>& results) const;

  const std::string address_;
  const std::unique_ptr<client::BlockingClient> client_;
  const std::unique_ptr<net::EpollEventLoop> loop_;  // of the thread that looks
  mutable net::Mutex mutex_;
  Sign sign_ ABSL_GUARDED_BY(mutex_);
  absl::Time answered_at_ ABSL_GUARDED_BY(mutex_);
  net::Mutex kept_mutex_;
  std::map<std::string, Kept> kept_ ABSL_GUARDED_BY(kept_mutex_);  // by group; of four
  std::thread thread_;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SIDECAR_STOCK_MEMCACHED_H_
