// How gRPC says what absl::Status says; the codes have the same numbers.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ADMIN_SERVICE_GRPC_STATUS_H_
#define RINGCACHE_ADMIN_SERVICE_GRPC_STATUS_H_

#include <cstddef>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace ringcache::admin {

// A message travels in a header, of which clients take 8 KiB; a longer one is cut here.
inline constexpr std::size_t kMaxStatusBytes = 2048;

grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_GRPC_STATUS_H_
