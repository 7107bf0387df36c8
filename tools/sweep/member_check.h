// Whether the members of a pool are what a sweep takes them for. If two of them were one server,
// each key on it would be foreign to one of the two, and all of them would be deleted.
//
// Thread safety: a function of the loop's thread.

#ifndef RINGCACHE_TOOLS_SWEEP_MEMBER_CHECK_H_
#define RINGCACHE_TOOLS_SWEEP_MEMBER_CHECK_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tools/cli/pool_session.h"

namespace ringcache::sweep {

// Fails if there are not `expected` members (0: any number), if one of them has no place on the
// ring, or if two of them are one server: two addresses may lead to it, so a key of the sweep's own
// is set on each, read from each and deleted. Members that do not answer are passed over.
absl::Status CheckMembers(std::uint32_t expected, absl::Duration timeout,
                          cli::PoolSession* session);

}  // namespace ringcache::sweep

#endif  // RINGCACHE_TOOLS_SWEEP_MEMBER_CHECK_H_
