// The load by client/cluster_client.h.
//
// Thread safety: none.

#ifndef RINGCACHE_TOOLS_CLIENTLOAD_RINGCACHE_LOAD_H_
#define RINGCACHE_TOOLS_CLIENTLOAD_RINGCACHE_LOAD_H_

#include "absl/status/statusor.h"
#include "tools/clientload/load.h"

namespace ringcache::clientload {

// Fails if the server cannot be found or reached.
absl::StatusOr<LoadResult> RunRingcache(const LoadOptions& options);

}  // namespace ringcache::clientload

#endif  // RINGCACHE_TOOLS_CLIENTLOAD_RINGCACHE_LOAD_H_
