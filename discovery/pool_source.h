// Where the members of a pool come from: one question to a list, a file or DNS, answered once. What
// follows from many answers over time is decided elsewhere (membership.h, refresh_schedule.h).
//
// Thread safety: belongs to one loop's thread.

#ifndef RINGCACHE_DISCOVERY_POOL_SOURCE_H_
#define RINGCACHE_DISCOVERY_POOL_SOURCE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "net/socket_address.h"

namespace ringcache::discovery {

// A member as one answer shows it.
struct Candidate {
  std::string name = {};
  std::uint16_t port = 0;
  std::uint32_t weight = 1;
  // All that the answer has for it, in any order. Empty: it belongs to the pool, but where it is,
  // is not known from this answer.
  std::vector<net::SocketAddress> addresses = {};
};

enum class PoolOutcome {
  kMembers,   // at least one candidate with an address
  kNotFound,  // the name does not exist, or has no such record
  kEmpty,     // it exists, and nothing in it can be a member
  kError,
};

struct PoolAnswer {
  PoolOutcome outcome = PoolOutcome::kMembers;
  std::string problem = {};  // in words; may also be set for kMembers, if a part failed
  std::string warning = {};  // standing advice
  // kMembers: there may be more members than these.
  bool incomplete = false;
  std::vector<Candidate> candidates = {};
  absl::Duration ttl = absl::InfiniteDuration();
  int truncated = 0;
};

class PoolSource {
 public:
  using Callback = std::function<void(PoolAnswer answer)>;

  virtual ~PoolSource() = default;

  // Asks. `done` is called once, from the loop and never from within Ask, and may destroy the
  // source. REQUIRES: what was asked before was answered or cancelled.
  virtual void Ask(Callback done) = 0;
  // `done` will not be called.
  virtual void Cancel() = 0;
  // `changed` is called from the loop when the source knows that asking is worth it.
  virtual void NotifyOfChanges(std::function<void()> changed) = 0;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_POOL_SOURCE_H_
