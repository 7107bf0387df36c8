// gRPC's server with the walls around it: what it listens on, what one client may cost, how it
// ends.
//
// Everything is bounded: a message and a header in bytes, calls of a connection, threads, and
// memory as a whole, past which gRPC refuses connections and reads more slowly.
//
// Thread safety: one thread; it is started and destroyed on a quiet one (quiet_thread.h), whose
// priority and signal mask gRPC's threads inherit.

#ifndef RINGCACHE_ADMIN_SERVICE_GRPC_SERVER_H_
#define RINGCACHE_ADMIN_SERVICE_GRPC_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "grpcpp/grpcpp.h"

namespace ringcache::admin {

class GrpcServer {
 public:
  // A LocateKeys of 1000 keys of 250 bytes has 253 KB; a PlanChange that names 10,000 members is
  // about as long.
  static constexpr int kMaxRequestBytes = 512 * 1024;
  // All connections and calls together.
  static constexpr std::size_t kMaxMemoryBytes = 8 << 20;
  // Of a connection; one that wants more waits.
  static constexpr int kMaxCallsAtATime = 100;
  // Calls that still run get so long when the server ends, then they are cancelled.
  static constexpr absl::Duration kFarewell = absl::Milliseconds(100);

  // Listens on each of `addresses`, as gRPC writes them, and offers `services` and reflection. The
  // services outlive the server.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(
      const std::vector<std::string>& addresses, absl::Span<grpc::Service* const> services);
  ~GrpcServer();

  // In the order of the addresses.
  const std::vector<int>& ports() const { return ports_; }

 private:
  GrpcServer() = default;

  std::vector<int> ports_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_GRPC_SERVER_H_
