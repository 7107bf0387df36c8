// The keys that a cache server holds, by `lru_crawler metadump all`: of this project's server and
// of memcached from 1.4.31 on. It walks what is stored while it serves; a key that moves meanwhile
// may come twice or not at all.
//
// Thread safety: a function of the loop's thread.

#ifndef RINGCACHE_TOOLS_SWEEP_KEY_DUMP_H_
#define RINGCACHE_TOOLS_SWEEP_KEY_DUMP_H_

#include <cstddef>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "net/event_loop.h"
#include "net/socket_address.h"

namespace ringcache::sweep {

// A line with a key of which every byte is encoded has less than this.
inline constexpr std::size_t kMaxDumpLineBytes = 4096;

// Runs the loop until all keys have come; each is shown to `on_key` once, and is good during the
// call. Fails with
//   kUnavailable         if the server cannot be reached, ends, or is silent for `patience`,
//   kAborted             if it is busy with another dump: again later,
//   kFailedPrecondition  if it answers with anything else.
absl::Status DumpKeys(net::EventLoop* loop, const net::SocketAddress& address,
                      absl::Duration patience, absl::FunctionRef<void(absl::string_view)> on_key);

}  // namespace ringcache::sweep

#endif  // RINGCACHE_TOOLS_SWEEP_KEY_DUMP_H_
