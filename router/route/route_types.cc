#include "router/route/route_types.h"

#include "router/route/pool_route.h"

namespace ringcache::router {
namespace {

constexpr RouteType kRouteTypes[] = {
    {"PoolRoute", MakePoolRoute, "pool"},
};

struct MissingType {
  absl::string_view name;
  absl::string_view why;
};
constexpr absl::string_view kNotYet = "it is not there yet";
constexpr absl::string_view kLoggingOnly = "it serves mcrouter's own tests and logs";
constexpr absl::string_view kOneCompany =
    "it needs services that are not known outside of the company that made mcrouter";
constexpr absl::string_view kNoLoad = "memcached does not tell its load";
// Looked at for types without a row above.
constexpr MissingType kMissingTypes[] = {
    {"AllAsyncRoute", kNotYet},
    {"AllFastestRoute", kNotYet},
    {"AllInitialRoute", kNotYet},
    {"AllMajorityRoute", kNotYet},
    {"AllSyncRoute", kNotYet},
    {"AsynclogRoute", "failed deletes are not kept on disk; expire items instead"},
    {"AxonLogRoute", kOneCompany},
    {"BigValueRoute", kNotYet},
    {"BlackholeRoute", kNotYet},
    {"CarbonLookasideRoute", kOneCompany},
    {"ClientCompatibilityCheckerRoute", kOneCompany},
    {"DevNullRoute", kNotYet},
    {"DistributionRoute", kOneCompany},
    {"ErrorRoute", kNotYet},
    {"FailoverRoute", kNotYet},
    {"FailoverWithExptimeRoute", kNotYet},
    {"HashRoute", kNotYet},
    {"HashStopAllowListRoute", "the part of a key before |#| is hashed for all keys"},
    {"HostIdRoute", kNotYet},
    {"KeyParseRoute", "write |#| into keys to end the part that is hashed"},
    {"KeySplitRoute", kNotYet},
    {"L1L2CacheRoute", "negative caching is not supported; see WarmUpRoute"},
    {"L1L2SizeSplitRoute", "a server keeps values of any size up to its limit"},
    {"LatencyInjectionRoute", kLoggingOnly},
    {"LatestRoute", kNotYet},
    {"LoadBalancerRoute", kNoLoad},
    {"LoggingRoute", kLoggingOnly},
    {"McBucketRoute", kOneCompany},
    {"MigrateRoute", kNotYet},
    {"MissFailoverRoute", kNotYet},
    {"ModifyExptimeRoute", kNotYet},
    {"ModifyKeyRoute", kNotYet},
    {"NullRoute", kNotYet},
    {"OperationSelectorRoute", kNotYet},
    {"OriginalClientHashRoute", kOneCompany},
    {"OutstandingLimitRoute", kNotYet},
    {"Pool", "pools are described in \"pools\", and a route to one is \"PoolRoute|NAME\""},
    {"PrefixPolicyRoute", kNotYet},
    {"PrefixSelectorRoute", kNotYet},
    {"RandomRoute", kNotYet},
    {"RateLimitRoute", kNotYet},
    {"RoutingGroupRoute", kOneCompany},
    {"ShadowRoute", kNotYet},
    {"ShardSelectionRoute", "keys name no shards"},
    {"ShardSplitRoute", "keys name no shards"},
    {"SlowWarmUpRoute", "see WarmUpRoute, and \"warm_up\" of a pool"},
    {"SRRoute", kOneCompany},
    {"StagingRoute", "see WarmUpRoute"},
    {"WarmUpRoute", kNotYet},
};

}  // namespace

absl::Span<const RouteType> RouteTypes() { return kRouteTypes; }

absl::string_view WhyNoRouteType(absl::string_view name) {
  for (const MissingType& row : kMissingTypes) {
    if (row.name == name) return row.why;
  }
  return {};
}

}  // namespace ringcache::router
