#include "client/cluster_options.h"

#include "absl/strings/str_cat.h"

namespace ringcache::client {

absl::Status ClusterOptions::Validate() const {
  if (const absl::Status status = ring.Validate(); !status.ok()) return status;
  if (const absl::Status status = member.Validate(); !status.ok()) return status;
  if (!(max_down_share >= 0 && max_down_share <= 1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_down_share is ", max_down_share, "; it is a share, from 0 to 1"));
  }
  if (timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("timeout is ", absl::FormatDuration(timeout), "; it must be above zero"));
  }
  if (max_failovers > kMaxFailovers) {
    return absl::InvalidArgumentError(absl::StrCat("max_failovers is ", max_failovers, "; at most ",
                                                   kMaxFailovers,
                                                   " members are asked besides the owner"));
  }
  return absl::OkStatus();
}

}  // namespace ringcache::client
