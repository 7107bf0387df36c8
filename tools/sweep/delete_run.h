// Deletes keys on one member: pipelined, and no more of them a second than asked for.
//
// Thread safety: a function of the loop's thread.

#ifndef RINGCACHE_TOOLS_SWEEP_DELETE_RUN_H_
#define RINGCACHE_TOOLS_SWEEP_DELETE_RUN_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "client/endpoint.h"
#include "net/event_loop.h"
#include "tools/sweep/key_list.h"

namespace ringcache::sweep {

struct DeleteOptions {
  static constexpr std::uint64_t kMaxRate = 1'000'000;

  std::uint64_t rate = 5000;  // deletes a second; 1 to kMaxRate
  absl::Duration timeout = absl::Seconds(5);
};

// Deletes that are sent and not answered, at most.
inline constexpr std::size_t kDeleteWindow = 512;

struct DeleteCounts {
  std::uint64_t deleted = 0;
  std::uint64_t gone = 0;     // the server had no such key any more
  std::uint64_t refused = 0;  // answered with an error, the first of which is in `refusal`
  std::string refusal;
  // Why the run ended before its last key, in words; empty if it did not. What is neither counted
  // above nor unanswered was not sent.
  std::string trouble;
};

// Runs the loop until every key of `keys` is taken and answered, the server has failed, or
// `may_go_on`, asked every few milliseconds, says no.
DeleteCounts DeleteKeys(net::EventLoop* loop, const client::Endpoint& endpoint,
                        const DeleteOptions& options, KeyList* keys,
                        absl::FunctionRef<bool()> may_go_on);

}  // namespace ringcache::sweep

#endif  // RINGCACHE_TOOLS_SWEEP_DELETE_RUN_H_
