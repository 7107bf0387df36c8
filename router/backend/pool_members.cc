#include "router/backend/pool_members.h"

#include <cstddef>

#include "absl/strings/strip.h"

namespace ringcache::router {

std::shared_ptr<const discovery::Snapshot> MembersOf(
    const PoolConfig& config, std::shared_ptr<const discovery::Snapshot> snapshot) {
  // The members of a list keep their number and order; another list's are not to be named.
  if (config.hostnames.empty() || snapshot->members.size() != config.hostnames.size()) {
    return snapshot;
  }
  auto named = std::make_shared<discovery::Snapshot>(*snapshot);
  for (std::size_t i = 0; i < named->members.size(); ++i) {
    const discovery::WrittenMember& hostname = config.hostnames[i];
    named->members[i].name = std::string(absl::StripSuffix(hostname.host, "."));
    named->members[i].port = hostname.port;
  }
  return named;
}

}  // namespace ringcache::router
