// A cluster client for programs without an event loop: each call waits for its result. A thread of
// its own follows the pool and talks to the servers.
//
//   auto cache = BlockingClient::Connect("dns+mycache-memcached.default:11211");
//   (*cache)->Set("greeting", "hello");
//   Result got = (*cache)->Get("greeting");
//
// Thread safety: any thread may call; calls of several threads are pipelined on the same
// connections.

#ifndef RINGCACHE_CLIENT_BLOCKING_CLIENT_H_
#define RINGCACHE_CLIENT_BLOCKING_CLIENT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/cluster_client.h"
#include "client/cluster_options.h"
#include "client/key_requests.h"
#include "client/result.h"
#include "discovery/watcher_factory.h"
#include "net/epoll_event_loop.h"
#include "protocol/request.h"

namespace ringcache::client {

struct BlockingOptions {
  ClusterOptions cluster;
  discovery::WatcherOptions discovery;
  // Connect waits this long for the members to be known.
  absl::Duration wait_for_members = absl::Seconds(5);
  // The client's thread looks for replies this long before it sleeps: calls are answered sooner,
  // and a core is kept busy. See EpollEventLoop::set_spin.
  absl::Duration spin = absl::ZeroDuration();
};

class BlockingClient {
 public:
  // `servers` is any address of discovery_address.h: "a:11211,b:11211", "dns+name:11211", ... Fails
  // if it is none, if the options are not valid, or if no members were found in time; then the
  // error says what discovery met.
  static absl::StatusOr<std::unique_ptr<BlockingClient>> Connect(
      absl::string_view servers, const BlockingOptions& options = {});
  ~BlockingClient();
  BlockingClient(const BlockingClient&) = delete;
  BlockingClient& operator=(const BlockingClient&) = delete;

  // As ClusterClient's.
  Result Get(absl::string_view key);
  Result Gets(absl::string_view key);
  Result GetAndTouch(absl::string_view key, std::int64_t exptime_s);
  // A result for each key, in their order.
  std::vector<Result> MultiGet(absl::Span<const absl::string_view> keys);

  Result Set(absl::string_view key, absl::string_view value, StoreOptions options = {});
  Result Add(absl::string_view key, absl::string_view value, StoreOptions options = {});
  Result Replace(absl::string_view key, absl::string_view value, StoreOptions options = {});
  Result Append(absl::string_view key, absl::string_view value);
  Result Prepend(absl::string_view key, absl::string_view value);
  Result CompareAndSet(absl::string_view key, absl::string_view value, std::uint64_t cas,
                       StoreOptions options = {});

  Result Delete(absl::string_view key);
  Result Increment(absl::string_view key, std::uint64_t delta);
  Result Decrement(absl::string_view key, std::uint64_t delta);
  Result Touch(absl::string_view key, std::int64_t exptime_s);
  // Any command with one key, such as key_requests.h makes, with a time of its own.
  Result Execute(const protocol::Request& request, absl::string_view value, absl::Duration timeout);

  std::vector<MemberResult> FlushAll(std::int64_t delay_s = 0);
  std::vector<MemberResult> Version();
  // How much servers log: the number of v's.
  std::vector<MemberResult> Verbosity(std::uint32_t level);
  std::vector<MemberResult> Stats(absl::string_view group = "");

  // Runs `look` on the client's thread, to look at pool() and watcher(), and waits for it.
  void Inspect(absl::FunctionRef<void(const ClusterClient&)> look);

 private:
  BlockingClient(std::unique_ptr<net::EpollEventLoop> loop, absl::Duration timeout);
  Result Execute(const protocol::Request& request, absl::string_view value) {
    return Execute(request, value, timeout_);
  }

  absl::Status Start(absl::string_view servers, const BlockingOptions& options);
  absl::Status NoMembersStatus(absl::string_view servers, absl::Duration waited) const;
  // Makes a call on the loop's thread, which is to pass on its callback, and waits for the outcome.
  template <typename Outcome>
  Outcome Await(absl::FunctionRef<void(ClusterClient&, absl::AnyInvocable<void(Outcome)>)> call);

  const std::unique_ptr<net::EpollEventLoop> loop_;
  const absl::Duration timeout_;
  std::unique_ptr<ClusterClient> client_;  // used on the loop's thread only, once it runs
  std::thread thread_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_BLOCKING_CLIENT_H_
