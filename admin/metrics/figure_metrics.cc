#include "admin/metrics/figure_metrics.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "admin/backend/figures.h"
#include "admin/metrics/metric_row.h"

namespace ringcache::admin {
namespace {

constexpr MetricRow<GeneralFigure> kGeneral[] = {
    {"ringcache_threads", "Threads that serve clients.", MetricType::kGauge,
     GeneralFigure::kThreads},
    {"ringcache_items_expired_unfetched_total", "Items that expired and that nobody had read.",
     MetricType::kCounter, GeneralFigure::kExpiredUnfetched},
    {"ringcache_items_evicted_unfetched_total", "Items that were evicted and that nobody had read.",
     MetricType::kCounter, GeneralFigure::kEvictedUnfetched},
    {"ringcache_items_evicted_active_total", "Items that were evicted soon after they were read.",
     MetricType::kCounter, GeneralFigure::kEvictedActive},
    {"ringcache_gets_expired_total", "Gets that missed since the item had expired.",
     MetricType::kCounter, GeneralFigure::kGetExpired},
    {"ringcache_gets_flushed_total", "Gets that missed since all items had been flushed.",
     MetricType::kCounter, GeneralFigure::kGetFlushed},
    {"ringcache_gets_total", "Keys that were asked for.", MetricType::kCounter,
     GeneralFigure::kGets},
    {"ringcache_connections_idle_closed_total", "Connections that were closed as idle.",
     MetricType::kCounter, GeneralFigure::kIdleKicks},
    {"ringcache_index_bytes", "Bytes of the index of keys.", MetricType::kGauge,
     GeneralFigure::kIndexBytes},
    {"ringcache_pages_moved_total", "Pages that went from one slab class to another.",
     MetricType::kCounter, GeneralFigure::kPagesMoved},
    {"ringcache_free_pages", "Pages that no slab class has.", MetricType::kGauge,
     GeneralFigure::kFreePages},
    {"ringcache_resident_bytes", "Resident memory of what serves clients.", MetricType::kGauge,
     GeneralFigure::kResidentBytes},
};
static_assert(FamiliesAreTogether(kGeneral));

constexpr MetricRow<WorkerFigure> kWorkers[] = {
    {"ringcache_worker_connections", "Connections of clients that the worker has.",
     MetricType::kGauge, WorkerFigure::kConnections},
    {"ringcache_worker_received_bytes_total", "Bytes that the worker received.",
     MetricType::kCounter, WorkerFigure::kBytesReceived},
    {"ringcache_worker_sent_bytes_total", "Bytes that the worker sent.", MetricType::kCounter,
     WorkerFigure::kBytesSent},
    {"ringcache_worker_requests_total", "Requests that the worker took.", MetricType::kCounter,
     WorkerFigure::kRequests},
    {"ringcache_worker_yields_total",
     "Times that a connection had to let others of the worker have their turn.",
     MetricType::kCounter, WorkerFigure::kYields},
    {"ringcache_worker_pauses_total", "Times that a client did not take its replies.",
     MetricType::kCounter, WorkerFigure::kPauses},
    {"ringcache_worker_silent_seconds", "For how long the worker's loop has not answered.",
     MetricType::kGauge, WorkerFigure::kSilentTime},
    {"ringcache_worker_requests_running", "Requests that were taken and are not answered yet.",
     MetricType::kGauge, WorkerFigure::kRequestsRunning},
};
static_assert(FamiliesAreTogether(kWorkers));
static_assert(ShowsAll(kWorkers));

constexpr MetricRow<MemberFigure> kMembers[] = {
    {"ringcache_member_up", "1 if no worker has marked the member down.", MetricType::kGauge,
     MemberFigure::kUp},
    {"ringcache_member_calls_total", "Requests that were sent to the member.", MetricType::kCounter,
     MemberFigure::kCalls},
    {"ringcache_member_refused_calls_total",
     "Requests for the member that were not sent: it was down or its queue full.",
     MetricType::kCounter, MemberFigure::kRefusedCalls},
    {"ringcache_member_timeouts_total", "Requests that the member did not answer in time.",
     MetricType::kCounter, MemberFigure::kTimeouts},
    {"ringcache_member_lost_connections_total", "Connections to the member that broke.",
     MetricType::kCounter, MemberFigure::kLostConnections},
    {"ringcache_member_times_down_total", "Times that a worker marked the member down.",
     MetricType::kCounter, MemberFigure::kTimesDown},
    {"ringcache_member_pending_calls", "Requests that wait for the member's reply.",
     MetricType::kGauge, MemberFigure::kPendingCalls},
    {"ringcache_member_queued_bytes", "Bytes that the member has not taken yet.",
     MetricType::kGauge, MemberFigure::kQueuedBytes},
};
static_assert(FamiliesAreTogether(kMembers));
static_assert(ShowsAll(kMembers));

constexpr MetricRow<RouterFigure> kRouter[] = {
    {"ringcache_router_requests_total", "Requests of clients.", MetricType::kCounter,
     RouterFigure::kRequests},
    {"ringcache_router_errors_total", "Replies to clients that were errors.", MetricType::kCounter,
     RouterFigure::kErrors},
    {"ringcache_router_failed_first_total",
     "Requests whose first member gave no reply, so that another was asked.", MetricType::kCounter,
     RouterFigure::kFailedFirst},
    {"ringcache_router_no_route_total", "Requests that no route takes.", MetricType::kCounter,
     RouterFigure::kNoRoutes},
    {"ringcache_router_invalid_total", "Requests that are none.", MetricType::kCounter,
     RouterFigure::kInvalid},
    {"ringcache_router_long_way_total", "Requests that the first reply did not settle.",
     MetricType::kCounter, RouterFigure::kLongWay},
    {"ringcache_router_broadcasts_total", "Requests that went to all members.",
     MetricType::kCounter, RouterFigure::kBroadcasts},
    {"ringcache_router_hot_key_hits_total", "Requests answered from copies of hot keys.",
     MetricType::kCounter, RouterFigure::kHotKeyHits},
    {"ringcache_router_slow_clients_total",
     "Clients that were disconnected since they took no replies.", MetricType::kCounter,
     RouterFigure::kSlowClients},
    {"ringcache_router_reply_bytes", "Bytes of replies that clients have not taken.",
     MetricType::kGauge, RouterFigure::kReplyBytes},
    {"ringcache_router_config_age_seconds", "Since the configuration was taken into use.",
     MetricType::kGauge, RouterFigure::kConfigAge},
    {"ringcache_router_config_failures_total", "Configurations that could not be used.",
     MetricType::kCounter, RouterFigure::kConfigFailures},
    {"ringcache_router_kept_deletes", "Deletes that wait for members that are away.",
     MetricType::kGauge, RouterFigure::kKeptDeletes},
    {"ringcache_router_replayed_deletes_total", "Deletes that members were told later.",
     MetricType::kCounter, RouterFigure::kReplayedDeletes},
};
static_assert(FamiliesAreTogether(kRouter));
static_assert(ShowsAll(kRouter));

void AddMembers(const std::vector<MemberStats>& members, Families* families) {
  std::vector<Subject<MemberFigure>> subjects;
  std::vector<bool> vanished;
  // Two series with the same labels would make Prometheus refuse the whole scrape.
  absl::flat_hash_set<std::pair<std::string, std::string>> seen;
  for (const MemberStats& member : members) {
    if (!seen.emplace(member.pool, member.name).second) continue;
    subjects.push_back({&member.figures, {{"pool", member.pool}, {"member", member.name}}});
    vanished.push_back(member.vanished);
  }
  AddFigures<MemberFigure>(kMembers, kMemberFigures, subjects, families);
  families->Begin("ringcache_member_vanished", "1 if discovery does not name the member any more.",
                  MetricType::kGauge);
  for (std::size_t i = 0; i < subjects.size(); ++i) families->Add(subjects[i].labels, vanished[i]);
}

}  // namespace

void AddFigureMetrics(const Stats& stats, Families* families) {
  AddFigures<GeneralFigure>(kGeneral, kGeneralFigures, {{&stats.general, {}}}, families);
  std::vector<Subject<WorkerFigure>> workers;
  for (const WorkerStats& worker : stats.workers) {
    workers.push_back({&worker.figures, {{"worker", absl::StrCat(worker.index)}}});
  }
  AddFigures<WorkerFigure>(kWorkers, kWorkerFigures, workers, families);
  AddFigures<RouterFigure>(kRouter, kRouterFigures, {{&stats.router, {}}}, families);
  AddMembers(stats.members, families);
}

}  // namespace ringcache::admin
