// Who is in the pool, given one answer after another: the rules of joining, vanishing and leaving.
// Knows neither DNS nor clocks.
//
//   unknown ──in an answer──> present ──not in a complete answer──> vanished ──grace──> gone
//                                ^─────────in an answer again──────────┘
//
// A member leaves with a complete answer that does not name it, never by time alone: while nobody
// answers, nobody leaves.
//
// Thread safety: none. Its snapshots are immutable.

#ifndef RINGCACHE_DISCOVERY_MEMBERSHIP_H_
#define RINGCACHE_DISCOVERY_MEMBERSHIP_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "discovery/pool_source.h"
#include "discovery/watcher.h"

namespace ringcache::discovery {

class Membership {
 public:
  enum class Order {
    // As in the answer, where a person chose it, and where a member's place may be its identity:
    // so one without an address has its place as well, vanished until the address is known.
    kAsGiven,
    // Of the names; whoever has no address yet, does not join yet.
    kNatural,
  };
  struct Options {
    Order order = Order::kNatural;
    absl::Duration grace = absl::Seconds(60);
    // Given to every member.
    std::string tls_name = {};
    std::string credentials = {};
  };
  // Members that have vanished and may still come back; those that vanished first leave early for
  // those that vanish past it. Pods without stable names, replaced again and again within a grace
  // time, would else add up.
  static constexpr std::size_t kMaxVanished = 10000;

  explicit Membership(Options options);

  // Takes an answer of `now`. A new snapshot if it changes anything, else null. An answer without
  // any address is no answer and changes nothing, so that a snapshot always has a member to connect
  // to. Candidates of the same name and port are one. With `incomplete` nobody vanishes, and nobody
  // leaves.
  std::shared_ptr<const Snapshot> Update(const std::vector<Candidate>& candidates, bool incomplete,
                                         absl::Duration now);

  // When the next vanished member may leave; infinite if none has vanished.
  absl::Duration next_leave() const;
  // Null before the first.
  const std::shared_ptr<const Snapshot>& current() const { return current_; }

 private:
  using Identity = std::pair<std::string, std::uint16_t>;
  struct Entry {
    Member member;
    // Infinite while it is in the answers.
    absl::Duration vanished_at = absl::InfiniteDuration();
  };

  Entry MakeEntry(const Candidate& candidate, const Entry* before) const;
  // The answer's members, one for each identity.
  std::vector<Entry> EntriesOf(const std::vector<Candidate>& candidates) const;
  // Whom of the old members the answer does not name, and who stays nevertheless.
  void KeepAbsent(bool incomplete, absl::Duration now, std::vector<Entry>* entries) const;
  std::shared_ptr<const Snapshot> PublishIfChanged();

  const Options options_;
  std::vector<Entry> entries_;
  std::map<Identity, std::size_t> places_;  // in entries_
  std::shared_ptr<const Snapshot> current_;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_MEMBERSHIP_H_
