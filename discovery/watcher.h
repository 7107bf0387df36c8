// The contract of whatever follows the members of a pool: a fixed list, a file, DNS, or a server
// that is asked. Every change is published as an immutable snapshot; trouble never is: the last
// good members stay, and the trouble shows in stats().
//
// Thread safety: belongs to one loop's thread. Snapshots may be kept and read by any thread.

#ifndef RINGCACHE_DISCOVERY_WATCHER_H_
#define RINGCACHE_DISCOVERY_WATCHER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "discovery/member.h"

namespace ringcache::discovery {

struct Snapshot {
  // Rises by one with every change; the first is 1.
  std::uint64_t version = 0;
  // As written for a list, which is an order that a person chose; else in natural order of the name
  // (`-10` after `-9`), never as an answer happened to be ordered. Never empty once published,
  // and never without a member that is not `vanished`.
  std::vector<Member> members;
};

struct WatcherStats {
  std::uint64_t refreshes = 0;  // answers that were used, also those that changed nothing
  std::uint64_t changes = 0;    // snapshots published
  std::uint64_t errors = 0;     // timeouts, refusals, SERVFAIL, what could not be parsed
  std::uint64_t not_found = 0;  // NXDOMAIN, or no record of the type
  std::uint64_t empty = 0;      // an answer without a usable member
  std::uint64_t truncated = 0;  // asked again over TCP
  // The last trouble in words, empty after a good refresh; and standing advice, such as that
  // identities are addresses.
  std::string last_error;
  std::string warning;
  absl::Duration since_refresh = absl::InfiniteDuration();  // age of the last used answer
};

class Watcher {
 public:
  using Listener = std::function<void(const std::shared_ptr<const Snapshot>&)>;

  virtual ~Watcher() = default;

  // Begins to follow the pool. `listener` is called from the loop with every snapshot, also with
  // the first, and never from within Start or the destructor. REQUIRES: called once.
  virtual void Start(Listener listener) = 0;
  // Asks anew soon, whatever the TTL: a connection was refused, or an operator wants it. At most
  // one question a second leaves for it.
  virtual void RefreshSoon() = 0;
  // Null until the first snapshot.
  virtual std::shared_ptr<const Snapshot> current() const = 0;
  virtual WatcherStats stats() const = 0;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_WATCHER_H_
