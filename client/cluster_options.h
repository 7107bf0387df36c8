// How a client uses a pool.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_CLIENT_CLUSTER_OPTIONS_H_
#define RINGCACHE_CLIENT_CLUSTER_OPTIONS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/down_marks.h"
#include "client/member_client.h"
#include "hashring/ring_options.h"

namespace ringcache::client {

// What the ring hashes of a member (docs/routing.md tells what each costs).
enum class Identity : std::uint8_t {
  kName,     // its stable name: a pod that comes back with another address moves no key
  kAddress,  // the IP address, to agree with clients that hash the addresses they resolved
};

// What a call does whose member is down, cannot be reached, or does not answer.
enum class DeadMemberPolicy : std::uint8_t {
  kFail,         // the result is kFailed
  kMiss,         // the result is kMiss: a cache that is not there is an empty cache
  kNextReplica,  // the key's next member is asked, if nothing was sent or the call only reads
};

struct ClusterOptions {
  hashring::RingOptions ring;
  Identity identity = Identity::kName;
  MemberOptions member;
  // When more members than this share of the pool, or than this number, are marked down, the marks
  // are ignored.
  double max_down_share = 1;
  std::size_t max_down_members = DownMarks::kNoLimit;
  // A call without a time of its own gets no reply after this.
  absl::Duration timeout = absl::Seconds(1);
  DeadMemberPolicy dead_member = DeadMemberPolicy::kFail;
  // kNextReplica: members that are asked besides the owner.
  std::size_t max_failovers = 2;

  static constexpr std::size_t kMaxFailovers = 7;

  // Says which value is wrong and what would be right.
  absl::Status Validate() const;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_CLUSTER_OPTIONS_H_
