#include "client/connection_options.h"

#include "absl/strings/str_cat.h"

namespace ringcache::client {

absl::Status ConnectionOptions::Validate() const {
  if (connect_timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "connect_timeout is ", absl::FormatDuration(connect_timeout), "; it must be above zero"));
  }
  if (first_backoff <= absl::ZeroDuration() || max_backoff < first_backoff) {
    return absl::InvalidArgumentError(
        absl::StrCat("first_backoff is ", absl::FormatDuration(first_backoff), " and max_backoff ",
                     absl::FormatDuration(max_backoff),
                     "; the first must be above zero and the second not below the first"));
  }
  if (max_pending_calls == 0 || max_given_up_calls == 0 || max_queued_bytes == 0) {
    return absl::InvalidArgumentError(
        "max_pending_calls, max_given_up_calls and max_queued_bytes must be at least 1");
  }
  return absl::OkStatus();
}

}  // namespace ringcache::client
