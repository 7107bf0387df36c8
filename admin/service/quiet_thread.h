// Runs something on a thread of its own whose threads disturb nobody: they have a low priority and
// take no signal.
//
// On Linux a thread gives its nice value, its scheduling policy and its signal mask to the threads
// that it starts, so whatever a library starts behind `function` is quiet, too.
//
// Thread safety: any thread.

#ifndef RINGCACHE_ADMIN_SERVICE_QUIET_THREAD_H_
#define RINGCACHE_ADMIN_SERVICE_QUIET_THREAD_H_

#include "absl/functional/function_ref.h"

namespace ringcache::admin {

// Of 19. Where workers want all of the processor's time, a thread with this value gets a tenth of
// what one of theirs gets, which is plenty for a probe.
inline constexpr int kQuietNiceness = 10;

// Returns once `function` has returned.
void RunQuietly(absl::FunctionRef<void()> function);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_QUIET_THREAD_H_
