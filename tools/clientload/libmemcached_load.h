// The load by libmemcached, as its documentation has it used.
//
// Thread safety: none.

#ifndef RINGCACHE_TOOLS_CLIENTLOAD_LIBMEMCACHED_LOAD_H_
#define RINGCACHE_TOOLS_CLIENTLOAD_LIBMEMCACHED_LOAD_H_

#include "absl/status/statusor.h"
#include "tools/clientload/load.h"

namespace ringcache::clientload {

// Fails if the server cannot be reached.
absl::StatusOr<LoadResult> RunLibmemcached(const LoadOptions& options);

}  // namespace ringcache::clientload

#endif  // RINGCACHE_TOOLS_CLIENTLOAD_LIBMEMCACHED_LOAD_H_
