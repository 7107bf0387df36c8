// A client of a whole pool: discovery, ring and a pipelining connection to each member, on one
// event loop. Calls are answered by callbacks, in any order between members.
//
//   auto client = ClusterClient::Create(&loop, *std::move(watcher), options);
//   (*client)->Set("key", OutgoingValue::Owned("value"), {}, [](Result result) { ... });
//
// Every call ends within its time, with the server's reply or a failure. Programs without a loop
// use blocking_client.h.
//
// Thread safety: belongs to the loop's thread. A callback is called once, from the loop, never from
// within the call, and may make calls but not destroy the client.

#ifndef RINGCACHE_CLIENT_CLUSTER_CLIENT_H_
#define RINGCACHE_CLIENT_CLUSTER_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/call_context.h"
#include "client/cluster_options.h"
#include "client/connection_resources.h"
#include "client/fan_out_call.h"
#include "client/key_requests.h"
#include "client/multi_get_call.h"
#include "client/outgoing_value.h"
#include "client/pool.h"
#include "client/result.h"
#include "client/single_call.h"
#include "discovery/watcher.h"
#include "net/dialer.h"
#include "net/event_loop.h"
#include "protocol/request.h"

namespace ringcache::client {

class ClusterClient {
 public:
  using Callback = SingleCall::Callback;
  using MultiCallback = MultiGetCall::Callback;
  using FanOutCallback = FanOutCall::Callback;

  // Begins to follow the pool. Until its members are known, calls fail with kNoMembers: see
  // set_on_ready. `loop` and `dialer` outlive the client; without a dialer, it connects to sockets.
  // Fails on options that are not valid.
  static absl::StatusOr<std::unique_ptr<ClusterClient>> Create(
      net::EventLoop* loop, std::unique_ptr<discovery::Watcher> watcher,
      const ClusterOptions& options, net::Dialer* dialer = nullptr);
  // Fails what is pending with kClosed.
  ~ClusterClient();

  // `on_ready` is called once, when members are known (in the next wake-up if they are).
  void set_on_ready(std::function<void()> on_ready);
  bool ready() const { return pool_.ring() != nullptr; }

  // Retrieval. `Gets` gives a CAS id, too; the two others set the time to live.
  void Get(absl::string_view key, Callback callback);
  void Gets(absl::string_view key, Callback callback);
  void GetAndTouch(absl::string_view key, std::int64_t exptime_s, Callback callback);
  // kGet, kGets, kGat or kGats of many keys.
  void MultiGet(protocol::Operation operation, absl::Span<const absl::string_view> keys,
                std::int64_t exptime_s, MultiCallback callback) {
    MultiGet(operation, keys, exptime_s, options_.timeout, std::move(callback));
  }
  // With a time of its own.
  void MultiGet(protocol::Operation operation, absl::Span<const absl::string_view> keys,
                std::int64_t exptime_s, absl::Duration timeout, MultiCallback callback);

  void Set(absl::string_view key, OutgoingValue value, StoreOptions options, Callback callback);
  void Add(absl::string_view key, OutgoingValue value, StoreOptions options, Callback callback);
  void Replace(absl::string_view key, OutgoingValue value, StoreOptions options, Callback callback);
  void Append(absl::string_view key, OutgoingValue value, Callback callback);
  void Prepend(absl::string_view key, OutgoingValue value, Callback callback);
  // Stores if the item still has this CAS id.
  void CompareAndSet(absl::string_view key, OutgoingValue value, std::uint64_t cas,
                     StoreOptions options, Callback callback);

  void Delete(absl::string_view key, Callback callback);
  void Increment(absl::string_view key, std::uint64_t delta, Callback callback);
  void Decrement(absl::string_view key, std::uint64_t delta, Callback callback);
  void Touch(absl::string_view key, std::int64_t exptime_s, Callback callback);

  // Any command with one key, classic or meta, such as key_requests.h makes. Its views may end with
  // this call. REQUIRES: the request is not quiet.
  void Execute(const protocol::Request& request, OutgoingValue value, Callback callback) {
    Execute(request, std::move(value), options_.timeout, std::move(callback));
  }
  // With a time of its own.
  void Execute(const protocol::Request& request, OutgoingValue value, absl::Duration timeout,
               Callback callback);

  // To every member. `delay_s` 0: at once. `group`: "" for the general ones, "items", "slabs", ...
  void FlushAll(std::int64_t delay_s, FanOutCallback callback);
  void Version(FanOutCallback callback);
  void Verbosity(std::uint32_t level, FanOutCallback callback);
  void Stats(absl::string_view group, FanOutCallback callback);

  // Sends now what was queued, which else leaves in the next wake-up.
  void Flush() { resources_.flush_queue.FlushAll(); }

  // Members and ring as they are now.
  const Pool& pool() const { return pool_; }
  const discovery::Watcher& watcher() const { return *watcher_; }
  // Why the last change of members could not be taken up; OK if it was.
  const absl::Status& pool_status() const { return pool_status_; }

 private:
  ClusterClient(net::EventLoop* loop, std::unique_ptr<discovery::Watcher> watcher,
                const ClusterOptions& options, net::Dialer* dialer);

  void OnSnapshot(const discovery::Snapshot& snapshot);
  void FanOut(const protocol::Request& request, FanOutCallback callback);

  const ClusterOptions options_;
  ConnectionResources resources_;
  std::unique_ptr<discovery::Watcher> watcher_;
  std::function<void()> on_ready_;
  net::EventLoop::TimerId ready_timer_ = 0;
  absl::Status pool_status_;
  // The pool goes first and fails what is pending: calls outlive it.
  CallContext context_;
  CallPool<SingleCall> single_calls_;
  CallPool<MultiGetCall> multi_get_calls_;
  CallPool<FanOutCall> fan_out_calls_;
  Pool pool_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_CLUSTER_CLIENT_H_
