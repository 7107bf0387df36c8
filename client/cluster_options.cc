#include "client/cluster_options.h"

#include "absl/strings/str_cat.h"

namespace ringcache::client {

absl::Status ClusterOptions::Validate() const {
  if (const absl::Status status = ring.Validate(); !status.ok()) return status;
  if (const absl::Status status = member.Validate(); !status.ok()) return status;
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
