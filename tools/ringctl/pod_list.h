// The pods of a pool, and where each is asked: what discovery finds, at the admin port.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_RINGCTL_POD_LIST_H_
#define RINGCACHE_TOOLS_RINGCTL_POD_LIST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "discovery/member.h"

namespace ringcache::ringctl {

struct PodAddress {
  std::string name;
  std::string address;  // "10.0.0.1:11210"; empty if it cannot be asked
  std::string problem;  // why not
};

// `discovery` as discovery/discovery_address.h has it. Returns once the members are known, or fails
// with what discovery met. Blocks for ten seconds at most.
absl::StatusOr<std::vector<PodAddress>> FindPods(absl::string_view discovery,
                                                 std::uint16_t admin_port);

// The same of members that are known.
std::vector<PodAddress> PodsOf(absl::Span<const discovery::Member> members,
                               std::uint16_t admin_port);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_POD_LIST_H_
