#include "router/router_monitor.h"

#include <time.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "protocol/operation.h"
#include "router/latency/all_latencies.h"

namespace ringcache::router {

namespace {

WorkerCounts CountsOf(const Worker& worker) {
  WorkerCounts counts;
  counts.bytes_received = worker.traffic().bytes_received.value();
  counts.bytes_sent = worker.traffic().bytes_sent.value();
  for (int i = 0; i < protocol::kOperationCount; ++i) {
    counts.requests += worker.operations()[static_cast<protocol::Operation>(i)].value();
  }
  counts.yields = worker.counters()[RouterCounter::kYields].value();
  counts.pauses = worker.counters()[RouterCounter::kPauses].value();
  return counts;
}

}  // namespace

RouterMonitor::RouterMonitor(process::LogSink* log, int verbosity, const Workers* workers,
                             const std::atomic<std::size_t>* connections,
                             const std::atomic<std::size_t>* reply_bytes)
    : log_(*log),
      workers_(*workers),
      connections_(*connections),
      reply_bytes_(*reply_bytes),
      verbosity_(verbosity) {}

// All atomics here are relaxed: figures order nothing.
RouterFigures RouterMonitor::Figures() const {
  RouterFigures figures;
  for (const std::unique_ptr<Worker>& worker : workers_) {
    worker->counters().AddTo(&figures.counters);
    worker->operations().AddTo(&figures.operations);
    worker->failures().AddTo(&figures.failures);
    figures.worker_counts.push_back(CountsOf(*worker));
    figures.bytes_received += figures.worker_counts.back().bytes_received;
    figures.bytes_sent += figures.worker_counts.back().bytes_sent;
  }
  figures.counters[RouterCounter::kRejectedConnections] +=
      rejected_.load(std::memory_order_relaxed);
  figures.workers = Snapshots();
  figures.connections = connections();
  figures.reply_bytes = reply_bytes_.load(std::memory_order_relaxed);
  return figures;
}

std::vector<std::shared_ptr<const WorkerSnapshot>> RouterMonitor::Snapshots() const {
  std::vector<std::shared_ptr<const WorkerSnapshot>> snapshots;
  for (const std::unique_ptr<Worker>& worker : workers_) snapshots.push_back(worker->snapshot());
  return snapshots;
}

std::size_t RouterMonitor::connections() const {
  return connections_.load(std::memory_order_relaxed);
}

ConfigFigures RouterMonitor::Config() const {
  net::MutexLock lock(&mutex_);
  return config_;
}

std::vector<metrics::HotKeyRates> RouterMonitor::HotKeys() const {
  // The clock of all loops. Theirs tell the time of their wake-ups, to their own threads.
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  std::vector<metrics::HotKeyRates> rates;
  for (const std::unique_ptr<Worker>& worker : workers_) {
    rates.push_back(worker->hot_keys().Rates(absl::DurationFromTimespec(now)));
  }
  return rates;
}

std::vector<admin::LatencySeries> RouterMonitor::Latencies() const {
  std::vector<const CommandLatencies*> commands;
  for (const std::unique_ptr<Worker>& worker : workers_) {
    commands.push_back(&worker->latencies());
  }
  return AllLatencies(commands, Snapshots());
}

std::optional<DeleteSpoolFigures> RouterMonitor::Deletes() const {
  if (deletes_ == nullptr) return std::nullopt;
  return deletes_->Figures();
}

int RouterMonitor::verbosity() const { return verbosity_.load(std::memory_order_relaxed); }

void RouterMonitor::SetVerbosity(int verbosity) {
  verbosity_.store(verbosity, std::memory_order_relaxed);
  log_.SetVerbosity(verbosity);
}

void RouterMonitor::OnConfigRead(bool good) {
  net::MutexLock lock(&mutex_);
  config_.last_attempt = absl::Now();
  if (!good) ++config_.failures;
}

void RouterMonitor::OnConfigUsed(const ConfigFile& file) {
  net::MutexLock lock(&mutex_);
  config_.text = file.text();
  config_.md5 = file.md5();
  config_.last_success = absl::Now();
}

void RouterMonitor::OnRejected() { rejected_.fetch_add(1, std::memory_order_relaxed); }

}  // namespace ringcache::router
