// Has a loop's thread do something, and waits for how it went: for threads that are no loop's.
//
// Thread safety: any thread but the loop's own.

#ifndef RINGCACHE_PROCESS_LOOP_CALL_H_
#define RINGCACHE_PROCESS_LOOP_CALL_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "net/event_loop.h"

namespace ringcache::process {

// Fails with DEADLINE_EXCEEDED after `patience`: then `call` is not begun any more, but may have
// been, so it owns what it writes to.
absl::Status CallOnLoop(net::EventLoop* loop, absl::Duration patience,
                        std::function<absl::Status()> call);

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_LOOP_CALL_H_
