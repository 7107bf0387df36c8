#include "admin/service/request_bounds.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"

namespace ringcache::admin {

using absl::string_view;

namespace {

constexpr double kUsualPercentiles[] = {50, 90, 99, 99.9, 100};
constexpr int kMaxPercentiles = 100;
constexpr std::uint32_t kUsualHotKeys = 20;
constexpr std::uint32_t kMaxHotKeys = 1000;
constexpr int kMaxKeys = 1000;
// memcached's.
constexpr std::size_t kMaxKeyBytes = 250;
constexpr std::uint32_t kMaxMembersOfAKey = 100;
constexpr std::uint32_t kMaxVerbosity = 3;

// protobuf's rule: google/protobuf/duration.proto.
constexpr std::int64_t kMaxDurationSeconds = 315'576'000'000;
constexpr std::int32_t kNsPerSecond = 1'000'000'000;

template <typename... Parts>
absl::Status Wrong(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

bool IsWellFormed(const google::protobuf::Duration& message) {
  const std::int64_t seconds = message.seconds();
  const std::int32_t nanos = message.nanos();
  const bool in_range = seconds >= -kMaxDurationSeconds && seconds <= kMaxDurationSeconds &&
                        nanos > -kNsPerSecond && nanos < kNsPerSecond;
  return in_range && !(seconds > 0 && nanos < 0) && !(seconds < 0 && nanos > 0);
}

// 0 stands for `usual`.
absl::StatusOr<std::size_t> ReadCount(string_view field, std::uint32_t count, std::uint32_t usual,
                                      std::uint32_t most) {
  if (count > most) return Wrong(field, " is ", count, "; give at most ", most);
  return count == 0 ? usual : count;
}

absl::Status CheckNames(string_view field,
                        const google::protobuf::RepeatedPtrField<std::string>& names) {
  if (names.size() > static_cast<int>(RingView::kMaxMembers)) {
    return Wrong(field, " has ", names.size(), " members; give at most ", RingView::kMaxMembers);
  }
  for (const std::string& name : names) {
    if (name.empty()) return Wrong(field, " has an empty name; give host:port");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<absl::Duration> ReadDuration(const DurationBounds& bounds,
                                            const google::protobuf::Duration& message) {
  if (!IsWellFormed(message)) {
    return Wrong(bounds.field, " is no duration: ", message.seconds(), " s and ", message.nanos(),
                 " ns; give less than a second in nanoseconds, of the same sign");
  }
  const absl::Duration duration =
      absl::Seconds(message.seconds()) + absl::Nanoseconds(message.nanos());
  if (duration < bounds.least || duration > bounds.most) {
    return Wrong(bounds.field, " is ", absl::FormatDuration(duration), "; give ",
                 absl::FormatDuration(bounds.least), " to ", absl::FormatDuration(bounds.most));
  }
  return duration;
}

absl::StatusOr<std::vector<double>> ReadPercentiles(const v1::GetLatenciesRequest& request) {
  if (request.percentiles_size() > kMaxPercentiles) {
    return Wrong("percentiles has ", request.percentiles_size(), " values; give at most ",
                 kMaxPercentiles);
  }
  for (const double percent : request.percentiles()) {
    // The comparison refuses NaN.
    if (!(percent >= 0 && percent <= 100)) {
      return Wrong("a percentile is ", percent, "; give 0 to 100");
    }
  }
  if (request.percentiles().empty()) {
    return std::vector<double>(std::begin(kUsualPercentiles), std::end(kUsualPercentiles));
  }
  return std::vector<double>(request.percentiles().begin(), request.percentiles().end());
}

absl::StatusOr<std::size_t> ReadHotKeyCount(const v1::GetHotKeysRequest& request) {
  return ReadCount("count", request.count(), kUsualHotKeys, kMaxHotKeys);
}

absl::Status CheckKeys(const v1::LocateKeysRequest& request) {
  if (request.keys_size() > kMaxKeys) {
    return Wrong("keys has ", request.keys_size(), " keys; give at most ", kMaxKeys);
  }
  for (const std::string& key : request.keys()) {
    if (key.empty() || key.size() > kMaxKeyBytes) {
      return Wrong("a key has ", key.size(), " bytes; give 1 to ", kMaxKeyBytes);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::size_t> ReadMemberCount(const v1::LocateKeysRequest& request) {
  return ReadCount("members", request.members(), 1, kMaxMembersOfAKey);
}

absl::StatusOr<MembershipChange> ReadChange(const v1::PlanChangeRequest& request) {
  if (request.count() > RingView::kMaxMembers) {
    return Wrong("count is ", request.count(), "; give at most ", RingView::kMaxMembers);
  }
  if (request.count() == 0 && request.add().empty() && request.remove().empty()) {
    return Wrong("no change is asked for; give count, add or remove");
  }
  absl::Status status = CheckNames("add", request.add());
  status.Update(CheckNames("remove", request.remove()));
  if (!status.ok()) return status;
  MembershipChange change;
  change.count = request.count();
  change.add.assign(request.add().begin(), request.add().end());
  change.remove.assign(request.remove().begin(), request.remove().end());
  return change;
}

absl::StatusOr<int> ReadVerbosity(const v1::SetVerbosityRequest& request) {
  if (request.level() > kMaxVerbosity) {
    return Wrong("level is ", request.level(), "; give 0 to ", kMaxVerbosity);
  }
  return static_cast<int>(request.level());
}

}  // namespace ringcache::admin
