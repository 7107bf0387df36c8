// One process that is asked: a connection without TLS, and what is wrong with a call in words.
//
// Thread safety: belongs to one thread.

#ifndef RINGCACHE_TOOLS_RINGCTL_ADMIN_CONNECTION_H_
#define RINGCACHE_TOOLS_RINGCTL_ADMIN_CONNECTION_H_

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "admin/proto/admin.grpc.pb.h"
#include "tools/ringctl/exit_status.h"

namespace ringcache::ringctl {

class AdminConnection {
 public:
  using Stub = admin::v1::Admin::Stub;

  // `address`: "host:port" or "unix:/path". Connects with the first call; `timeout` is of each.
  AdminConnection(std::string address, absl::Duration timeout);

  const std::string& address() const { return address_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  Stub* stub() const { return stub_.get(); }

  // Until when a call that begins now is to be answered.
  std::chrono::system_clock::time_point Deadline() const;

  // Calls a method of the stub: Call(&Stub::GetRing, request, &rings).
  template <typename Request, typename Reply>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                    const Request& request, Reply* reply) {
    grpc::ClientContext context;
    context.set_deadline(Deadline());
    return (stub_.get()->*method)(&context, request, reply);
  }

  // REQUIRES: !status.ok().
  Problem Explain(const grpc::Status& status) const;

 private:
  const std::string address_;
  const absl::Duration timeout_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<Stub> stub_;
};

// Keeps gRPC from writing to standard error, unless GRPC_VERBOSITY asks for it. Before the first
// connection, and while there is one thread.
void SilenceGrpc();

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_ADMIN_CONNECTION_H_
