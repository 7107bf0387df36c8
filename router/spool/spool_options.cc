#include "router/spool/spool_options.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ringcache::router {
namespace {

absl::Status Invalid(absl::string_view name, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("the spool's ", name, " ", what));
}

}  // namespace

absl::Status SpoolOptions::Validate() const {
  if (folder.empty()) return Invalid("folder", "is missing");
  if (segment_bytes < kMinSegmentBytes) {
    return Invalid("segment_bytes", absl::StrCat("is below ", kMinSegmentBytes));
  }
  if (max_queue_bytes < kMinSegmentBytes) {
    return Invalid("max_queue_bytes", absl::StrCat("is below ", kMinSegmentBytes));
  }
  if (max_member_bytes < segment_bytes) {
    return Invalid("max_member_bytes", "is below segment_bytes; a member needs one at least");
  }
  if (max_total_bytes < max_member_bytes) {
    return Invalid("max_total_bytes", "is below max_member_bytes");
  }
  if (sync_interval <= absl::ZeroDuration()) return Invalid("sync_interval", "is not above 0");
  return absl::OkStatus();
}

}  // namespace ringcache::router
