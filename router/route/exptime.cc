#include "router/route/exptime.h"

#include <algorithm>

#include "protocol/operation.h"
#include "router/route/meta_flags.h"

namespace ringcache::router {

using protocol::Operation;

std::int64_t SecondsToLive(std::int64_t exptime_s, absl::Time wall) {
  if (exptime_s == 0) return kForEverS;
  if (exptime_s <= kMaxRelativeExptimeS) return std::max<std::int64_t>(exptime_s, 0);
  return std::max<std::int64_t>(exptime_s - absl::ToUnixSeconds(wall), 0);
}

std::int64_t ExptimeFor(std::int64_t seconds_to_live, absl::Time wall) {
  if (seconds_to_live == kForEverS) return 0;
  if (seconds_to_live <= 0) return -1;
  if (seconds_to_live <= kMaxRelativeExptimeS) return seconds_to_live;
  return seconds_to_live + absl::ToUnixSeconds(wall);
}

std::optional<std::int64_t> ExptimeOf(const protocol::Request& request) {
  switch (request.operation) {
    case Operation::kSet:
    case Operation::kAdd:
    case Operation::kReplace:
    case Operation::kCas:
    case Operation::kTouch:
    case Operation::kGat:
    case Operation::kGats:
      return request.exptime_s;
    case Operation::kMetaSet:
      return request.meta.has.Has('T') ? request.meta.ttl_s : 0;
    case Operation::kMetaGet:
    case Operation::kMetaArithmetic:
      if (request.meta.has.Has('T')) return request.meta.ttl_s;
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

void SetExptime(std::int64_t exptime_s, protocol::Request* request) {
  request->exptime_s = exptime_s;
  if (!IsMeta(request->operation)) return;
  request->meta.has.Add('T');
  request->meta.ttl_s = exptime_s;
  SpellFlagsAnew(request);
}

bool LimitExptime(std::int64_t limit_s, absl::Time wall, protocol::Request* request) {
  bool changed = false;
  const std::optional<std::int64_t> exptime = ExptimeOf(*request);
  if (exptime && SecondsToLive(*exptime, wall) > limit_s) {
    SetExptime(limit_s, request);
    changed = true;
  }
  const bool makes = IsMeta(request->operation) && request->meta.has.Has('N');
  if (makes && SecondsToLive(request->meta.vivify_ttl_s, wall) > limit_s) {
    request->meta.vivify_ttl_s = limit_s;
    SpellFlagsAnew(request);
    changed = true;
  }
  return changed;
}

}  // namespace ringcache::router
