#include "router/admin/router_report.h"

#include <cstdint>

#include "protocol/command_class.h"
#include "protocol/operation.h"
#include "router/router_counters.h"
#include "router/stats/pool_summary.h"

namespace ringcache::router {
namespace {

using admin::GeneralFigure;
using admin::MemberFigure;
using admin::RouterFigure;
using admin::WorkerFigure;
using protocol::Operation;

std::uint64_t CountOf(const OperationCounters::Totals& operations,
                      protocol::CommandClass command_class) {
  std::uint64_t count = 0;
  for (int i = 0; i < protocol::kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    if (protocol::CommandClassOf(operation) == command_class) count += operations[operation];
  }
  return count;
}

void AddGeneral(const ReportSources& sources, admin::FigureSet<GeneralFigure>* general) {
  const RouterFigures& figures = sources.figures;
  const RouterCounters::Totals& counters = figures.counters;
  (*general)[GeneralFigure::kConnections] = figures.connections;
  // None: as many as there are descriptors.
  if (sources.max_connections > 0) {
    (*general)[GeneralFigure::kMaxConnections] = sources.max_connections;
  }
  (*general)[GeneralFigure::kConnectionsOpened] = counters[RouterCounter::kConnectionsOpened];
  (*general)[GeneralFigure::kConnectionsRejected] = counters[RouterCounter::kRejectedConnections];
  (*general)[GeneralFigure::kConnectionYields] = counters[RouterCounter::kYields];
  (*general)[GeneralFigure::kAccepting] = sources.accepting ? 1 : 0;
  (*general)[GeneralFigure::kBytesRead] = figures.bytes_received;
  (*general)[GeneralFigure::kBytesWritten] = figures.bytes_sent;
  (*general)[GeneralFigure::kGetHits] = counters[RouterCounter::kHits];
  (*general)[GeneralFigure::kGetMisses] = counters[RouterCounter::kMisses];
  (*general)[GeneralFigure::kGets] = CountOf(figures.operations, protocol::CommandClass::kGet);
  (*general)[GeneralFigure::kSets] = CountOf(figures.operations, protocol::CommandClass::kSet);
  (*general)[GeneralFigure::kFlushes] = figures.operations[Operation::kFlushAll];
}

void AddRouter(const ReportSources& sources, absl::Time now,
               admin::FigureSet<RouterFigure>* router) {
  const RouterCounters::Totals& counters = sources.figures.counters;
  std::uint64_t requests = 0;
  for (const WorkerCounts& worker : sources.figures.worker_counts) requests += worker.requests;
  (*router)[RouterFigure::kRequests] = requests;
  (*router)[RouterFigure::kErrors] = counters[RouterCounter::kErrors];
  (*router)[RouterFigure::kFailedFirst] = counters[RouterCounter::kFailedFirst];
  (*router)[RouterFigure::kNoRoutes] = counters[RouterCounter::kNoRoutes];
  (*router)[RouterFigure::kInvalid] = counters[RouterCounter::kInvalid];
  (*router)[RouterFigure::kLongWay] = counters[RouterCounter::kCalls];
  (*router)[RouterFigure::kBroadcasts] = counters[RouterCounter::kBroadcasts];
  (*router)[RouterFigure::kHotKeyHits] = counters[RouterCounter::kHotKeyHits];
  (*router)[RouterFigure::kSlowClients] = counters[RouterCounter::kSlowClients];
  (*router)[RouterFigure::kReplyBytes] = sources.figures.reply_bytes;
  (*router)[RouterFigure::kConfigFailures] = sources.config.failures;
  if (sources.config.last_success != absl::InfinitePast()) {
    (*router)[RouterFigure::kConfigAge] =
        static_cast<std::uint64_t>(absl::ToInt64Seconds(now - sources.config.last_success));
  }
  if (!sources.deletes.has_value()) return;
  std::uint64_t kept = 0;
  for (const DeleteSpoolFigures::Member& member : sources.deletes->waiting) kept += member.pending;
  (*router)[RouterFigure::kKeptDeletes] = kept;
  (*router)[RouterFigure::kReplayedDeletes] = sources.deletes->replayed;
}

admin::WorkerStats WorkerOf(const RouterFigures& figures, std::size_t index) {
  const WorkerCounts& counts = figures.worker_counts[index];
  const WorkerSnapshot& snapshot = *figures.workers[index];
  admin::WorkerStats worker;
  worker.index = static_cast<std::uint32_t>(index);
  worker.figures[WorkerFigure::kConnections] = snapshot.clients;
  worker.figures[WorkerFigure::kBytesReceived] = counts.bytes_received;
  worker.figures[WorkerFigure::kBytesSent] = counts.bytes_sent;
  worker.figures[WorkerFigure::kRequests] = counts.requests;
  worker.figures[WorkerFigure::kYields] = counts.yields;
  worker.figures[WorkerFigure::kPauses] = counts.pauses;
  worker.figures[WorkerFigure::kRequestsRunning] = snapshot.exchanges;
  return worker;
}

admin::MemberStats MemberOf(const PoolSnapshot& pool, const MemberSnapshot& snapshot) {
  admin::MemberStats member;
  member.pool = pool.name;
  member.name = snapshot.name;
  member.vanished = snapshot.vanished;
  member.last_problem = snapshot.stats.last_problem;
  member.figures[MemberFigure::kUp] = snapshot.stats.up ? 1 : 0;
  member.figures[MemberFigure::kCalls] = snapshot.stats.calls;
  member.figures[MemberFigure::kRefusedCalls] = snapshot.stats.refused_calls;
  member.figures[MemberFigure::kTimeouts] = snapshot.stats.timeouts;
  member.figures[MemberFigure::kLostConnections] = snapshot.stats.lost_connections;
  member.figures[MemberFigure::kTimesDown] = snapshot.stats.times_down;
  member.figures[MemberFigure::kPendingCalls] = snapshot.stats.pending_calls;
  member.figures[MemberFigure::kQueuedBytes] = snapshot.stats.queued_bytes;
  return member;
}

}  // namespace

admin::Stats ReportOf(const ReportSources& sources, absl::Time now) {
  admin::Stats stats;
  AddGeneral(sources, &stats.general);
  AddRouter(sources, now, &stats.router);
  for (std::size_t i = 0; i < sources.figures.workers.size(); ++i) {
    stats.workers.push_back(WorkerOf(sources.figures, i));
  }
  for (const PoolSnapshot& pool : SummaryOf(sources.figures.workers)) {
    for (const MemberSnapshot& member : pool.members) {
      stats.members.push_back(MemberOf(pool, member));
    }
  }
  return stats;
}

}  // namespace ringcache::router
