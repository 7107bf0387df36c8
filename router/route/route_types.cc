#include "router/route/route_types.h"

#include "router/route/constant/error_route.h"
#include "router/route/constant/null_route.h"
#include "router/route/failover/failover_route.h"
#include "router/route/failover/failover_with_exptime_route.h"
#include "router/route/failover/miss_failover_route.h"
#include "router/route/failover/replica_failover_route.h"
#include "router/route/fan_out/all_async_route.h"
#include "router/route/fan_out/all_fastest_route.h"
#include "router/route/fan_out/all_initial_route.h"
#include "router/route/fan_out/all_majority_route.h"
#include "router/route/fan_out/all_sync_route.h"
#include "router/route/fan_out/shadow_route.h"
#include "router/route/limit/latency_injection_route.h"
#include "router/route/limit/outstanding_limit_route.h"
#include "router/route/limit/rate_limit_route.h"
#include "router/route/logging/logging_route.h"
#include "router/route/pool_route.h"
#include "router/route/rewriting/big_value_route.h"
#include "router/route/rewriting/key_split_route.h"
#include "router/route/rewriting/modify_exptime_route.h"
#include "router/route/rewriting/modify_key_route.h"
#include "router/route/selection/hash_route.h"
#include "router/route/selection/host_id_route.h"
#include "router/route/selection/latest_route.h"
#include "router/route/selection/operation_selector_route.h"
#include "router/route/selection/prefix_selector_route.h"
#include "router/route/selection/random_route.h"
#include "router/route/warming/l1_l2_cache_route.h"
#include "router/route/warming/migrate_route.h"
#include "router/route/warming/warm_up_route.h"

namespace ringcache::router {
namespace {

constexpr RouteType kRouteTypes[] = {
    {"AllAsyncRoute", MakeAllAsyncRoute, "children"},
    {"AllFastestRoute", MakeAllFastestRoute, "children"},
    {"AllInitialRoute", MakeAllInitialRoute, "children"},
    {"AllMajorityRoute", MakeAllMajorityRoute, "children"},
    {"AllSyncRoute", MakeAllSyncRoute, "children"},
    {"BigValueRoute", MakeBigValueRoute},
    {"DevNullRoute", MakeDevNullRoute},
    {"ErrorRoute", MakeErrorRoute, "response"},
    {"FailoverRoute", MakeFailoverRoute, "children"},
    {"FailoverWithExptimeRoute", MakeFailoverWithExptimeRoute},
    {"HashRoute", MakeHashRoute, "children"},
    {"HostIdRoute", MakeHostIdRoute, "children"},
    {"KeySplitRoute", MakeKeySplitRoute},
    {"L1L2CacheRoute", MakeL1L2CacheRoute},
    {"LatencyInjectionRoute", MakeLatencyInjectionRoute},
    {"LatestRoute", MakeLatestRoute, "children"},
    {"LoggingRoute", MakeLoggingRoute, "target"},
    {"MigrateRoute", MakeMigrateRoute},
    {"MissFailoverRoute", MakeMissFailoverRoute, "children"},
    {"ModifyExptimeRoute", MakeModifyExptimeRoute},
    {"ModifyKeyRoute", MakeModifyKeyRoute},
    {"NullRoute", MakeNullRoute},
    {"OperationSelectorRoute", MakeOperationSelectorRoute},
    {"OutstandingLimitRoute", MakeOutstandingLimitRoute},
    {"PoolRoute", MakePoolRoute, "pool"},
    {"PrefixPolicyRoute", MakeOperationSelectorRoute},
    {"PrefixSelectorRoute", MakePrefixSelectorRoute},
    {"RandomRoute", MakeRandomRoute, "children"},
    {"RateLimitRoute", MakeRateLimitRoute},
    {"ReplicaFailoverRoute", MakeReplicaFailoverRoute, "pool"},
    {"ShadowRoute", MakeShadowRoute},
    {"WarmUpRoute", MakeWarmUpRoute},
};

struct MissingType {
  absl::string_view name;
  absl::string_view why;
};
constexpr absl::string_view kNotYet = "it is not there yet";
constexpr absl::string_view kOneCompany =
    "it needs services that are not known outside of the company that made mcrouter";
constexpr absl::string_view kNoLoad = "memcached does not tell its load";
// Looked at for types without a row above.
constexpr MissingType kMissingTypes[] = {
    {"AsynclogRoute",
     "PoolRoute keeps failed deletes; say \"asynclog\": false there if it is not to"},
    {"AxonLogRoute", kOneCompany},
    {"BlackholeRoute", kNotYet},
    {"CarbonLookasideRoute", kOneCompany},
    {"ClientCompatibilityCheckerRoute", kOneCompany},
    {"DistributionRoute", kOneCompany},
    {"HashStopAllowListRoute", "the part of a key before |#| is hashed for all keys"},
    {"KeyParseRoute", "write |#| into keys to end the part that is hashed"},
    {"L1L2SizeSplitRoute", "a server keeps values of any size up to its limit"},
    {"LoadBalancerRoute", kNoLoad},
    {"McBucketRoute", kOneCompany},
    {"OriginalClientHashRoute", kOneCompany},
    {"Pool", "pools are described in \"pools\", and a route to one is \"PoolRoute|NAME\""},
    {"RoutingGroupRoute", kOneCompany},
    {"ShardSelectionRoute", "keys name no shards"},
    {"ShardSplitRoute", "keys name no shards"},
    {"SlowWarmUpRoute", "see WarmUpRoute, and \"warm_up\" of a pool"},
    {"SRRoute", kOneCompany},
    {"StagingRoute", "see WarmUpRoute"},
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
