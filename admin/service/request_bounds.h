// What a request may ask for: each check fails with INVALID_ARGUMENT and says what would be right.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ADMIN_SERVICE_REQUEST_BOUNDS_H_
#define RINGCACHE_ADMIN_SERVICE_REQUEST_BOUNDS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "admin/backend/ring_view.h"
#include "admin/proto/admin.pb.h"

namespace ringcache::admin {

struct DurationBounds {
  absl::string_view field;
  absl::Duration least;
  absl::Duration most;
};

inline constexpr DurationBounds kWatchInterval = {"interval", absl::Milliseconds(100),
                                                  absl::Hours(1)};
inline constexpr absl::Duration kUsualWatchInterval = absl::Seconds(1);
inline constexpr DurationBounds kDrainWait = {"wait", absl::ZeroDuration(), absl::Hours(24)};
// The longest delay that flush_all takes for a delay, rather than for a date.
inline constexpr DurationBounds kFlushDelay = {"delay", absl::ZeroDuration(), absl::Hours(24 * 30)};

absl::StatusOr<absl::Duration> ReadDuration(const DurationBounds& bounds,
                                            const google::protobuf::Duration& message);
// The usual ones if there are none.
absl::StatusOr<std::vector<double>> ReadPercentiles(const v1::GetLatenciesRequest& request);
absl::StatusOr<std::size_t> ReadHotKeyCount(const v1::GetHotKeysRequest& request);
absl::Status CheckKeys(const v1::LocateKeysRequest& request);
absl::StatusOr<std::size_t> ReadMemberCount(const v1::LocateKeysRequest& request);
absl::StatusOr<MembershipChange> ReadChange(const v1::PlanChangeRequest& request);
absl::StatusOr<int> ReadVerbosity(const v1::SetVerbosityRequest& request);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_REQUEST_BOUNDS_H_
