// A pool's ring as an admin sees it: who owns what, who owns a key, what a change would move.
//
// Thread safety: immutable; any thread.

#ifndef RINGCACHE_ADMIN_BACKEND_RING_VIEW_H_
#define RINGCACHE_ADMIN_BACKEND_RING_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ringcache::admin {

enum class MemberState : std::uint8_t {
  kUnknown,  // nobody here talks to it
  kUp,
  kDown,      // does not answer
  kVanished,  // discovery does not name it any more, it keeps its place for a while
};

struct RingMember {
  std::string name;
  std::string address;
  double weight = 1;
  MemberState state = MemberState::kUnknown;
  // Of all keys: what it owns, and what it should.
  double share = 0;
  double fair_share = 0;
};

struct RingInfo {
  std::string pool;
  std::string placement;  // as `--placement` names it
  std::string key_hash;
  // Rises with each change of the members.
  std::uint64_t version = 0;
  // The number of keys that shares were measured on; 0: they are exact.
  std::uint64_t measured_keys = 0;
  std::vector<RingMember> members;
};

// Members that come and go. `count`, unless 0, comes first: the pool is scaled to so many, as a
// StatefulSet is, whose members have numbers.
struct MembershipChange {
  std::uint32_t count = 0;
  std::vector<std::string> add = {};  // "host:port"
  std::vector<std::string> remove = {};
};

struct RingPlan {
  struct Move {
    std::string from;
    std::string to;
    double share = 0;
  };
  // Shares of all keys: what changes its owner, what would at least have to, and what moves between
  // members that stay.
  double moved = 0;
  double optimum = 0;
  double moved_between_stayers = 0;
  std::uint64_t measured_keys = 0;
  std::vector<Move> moves;  // the largest first
  RingInfo before;
  RingInfo after;
};

class RingView {
 public:
  static constexpr std::uint32_t kMaxMembers = 10'000;  // that a plan may scale to

  virtual ~RingView() = default;
  virtual const RingInfo& info() const = 0;
  // The key's owner first, then who stands in: at most `count`, as indices into info().members.
  virtual std::vector<std::uint32_t> Locate(absl::string_view key, std::size_t count) const = 0;
  // Fails with what is wrong with the change.
  virtual absl::StatusOr<RingPlan> Plan(const MembershipChange& change) const = 0;
};

// Where rings come from. Any thread; a call takes milliseconds at most, shares are computed once a
// version.
class RingSource {
 public:
  virtual ~RingSource() = default;
  // One for each pool. FAILED_PRECONDITION, naming the flags, if none is observed; UNAVAILABLE
  // until the first members are known.
  virtual absl::StatusOr<std::vector<std::shared_ptr<const RingView>>> Rings() = 0;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_BACKEND_RING_VIEW_H_
