// A pool for a program that waits: it runs the event loop until what was asked has come. Many calls
// at once are pipelined.
//
// Thread safety: belongs to one thread.

#ifndef RINGCACHE_TOOLS_CLI_POOL_SESSION_H_
#define RINGCACHE_TOOLS_CLI_POOL_SESSION_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/cluster_client.h"
#include "client/outgoing_value.h"
#include "client/result.h"
#include "net/epoll_event_loop.h"
#include "protocol/operation.h"
#include "protocol/request.h"

namespace ringcache::cli {

class PoolSession {
 public:
  struct Call {
    protocol::Request request;  // its views outlive Execute
    client::OutgoingValue value;
  };

  // `servers` as discovery_address.h has it. Returns once the members are known. Fails with
  // kInvalidArgument if something cannot be as it was asked for, else with what discovery met.
  static absl::StatusOr<std::unique_ptr<PoolSession>> Connect(
      const std::string& servers, const client::ClusterOptions& options);

  // A result for each call or key, in their order.
  std::vector<client::Result> Execute(absl::Span<const Call> calls);
  std::vector<client::Result> MultiGet(protocol::Operation operation,
                                       absl::Span<const absl::string_view> keys);

  // A result for each member that the pool had then, by the name that tables give it:
  // "cache-0.cache:11211".
  std::vector<client::MemberResult> FlushAll(std::int64_t delay_s);
  std::vector<client::MemberResult> Version();
  std::vector<client::MemberResult> Stats(absl::string_view group);

  // Serves the connections for this long.
  void Wait(absl::Duration duration);

  const client::Pool& pool() const { return client_->pool(); }
  const client::ClusterClient& client() const { return *client_; }
  // For calls that this class does not know; what waits for them runs it.
  net::EpollEventLoop* loop() const { return loop_.get(); }

  // What is wrong with the key's result, as a sentence that says what to look at.
  std::string Explain(absl::string_view key, const client::Result& result) const;
  // The same of what a member was asked.
  std::string ExplainMember(const client::MemberResult& result) const;
  // The name of the member `index` of pool(), as tables have it. The pool may be another one after
  // each call that waits.
  std::string MemberName(std::size_t index) const;

 private:
  PoolSession(std::unique_ptr<net::EpollEventLoop> loop, const client::ClusterOptions& options);

  absl::Status WaitForMembers(const std::string& servers);
  std::string ExplainFailure(const client::MemberClient& member, client::CallFailure failure) const;
  std::vector<client::MemberResult> AskAll(
      absl::FunctionRef<void(client::ClusterClient::FanOutCallback)> ask);

  const std::unique_ptr<net::EpollEventLoop> loop_;
  const client::ClusterOptions options_;
  std::unique_ptr<client::ClusterClient> client_;
};

}  // namespace ringcache::cli

#endif  // RINGCACHE_TOOLS_CLI_POOL_SESSION_H_
