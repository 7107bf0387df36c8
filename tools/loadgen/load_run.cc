#include "tools/loadgen/load_run.h"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "net/connection_context.h"
#include "net/connector.h"
#include "net/epoll_event_loop.h"
#include "net/socket_address.h"
#include "net/socket_connection.h"
#include "tools/loadgen/clock.h"
#include "tools/loadgen/load_worker.h"
#include "tools/loadgen/random_source.h"

namespace ringcache::loadgen {
namespace {

constexpr std::uint16_t kDefaultPort = 11211;

std::int64_t ToNs(double seconds) { return static_cast<std::int64_t>(seconds * 1e9); }

absl::StatusOr<net::SocketAddress> ResolveTarget(const std::string& target) {
  auto address = net::SocketAddress::Parse(target, kDefaultPort);
  if (address.ok()) return address;
  // Not numeric: a name. An empty one would stand for all addresses of this host.
  if (target.empty() || target[0] == ':' || target[0] == '*') {
    return absl::InvalidArgumentError("--target: write HOST:PORT or unix:PATH");
  }
  auto addresses = net::SocketAddress::ResolveForBinding(target, kDefaultPort);
  if (!addresses.ok() || addresses->empty()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--target: '%s' is no address and no name that can be found", target));
  }
  return addresses->front();
}

// One thread with all that it needs. Made and destroyed by the run's thread.
struct WorkerThread {
  std::unique_ptr<net::EpollEventLoop> loop;
  std::unique_ptr<net::ConnectionContext> context;
  std::unique_ptr<LoadWorker> worker;
  // The share of the keys to store.
  std::uint32_t prefill_first = 0;
  std::uint32_t prefill_count = 0;
  std::uint64_t requests = 0;
  absl::Status status;
  std::thread thread;
};

// The share number `index` of `total` split into `parts`.
template <typename Number>
std::pair<Number, Number> Share(Number total, int index, int parts) {
  const auto bound = [&](int i) {
    return static_cast<Number>(static_cast<unsigned __int128>(total) * i / parts);
  };
  return {bound(index), bound(index + 1) - bound(index)};
}

class LoadRun {
 public:
  LoadRun(const LoadOptions& options, const net::SocketAddress& target, ServerCpu* cpu)
      : options_(options),
        target_(target),
        workload_(options.MakeWorkload()),
        cpu_(cpu),
        in_step_(options.threads, Step{this}) {}

  absl::Status Start();
  void Await(const std::function<void(absl::string_view)>& progress);
  absl::StatusOr<RunTotals> Collect() const;

 private:
  // Runs when all threads have arrived.
  struct Step {
    void operator()() noexcept { run->OnAllReady(); }
    LoadRun* run;
  };

  absl::Status Prepare(int index, WorkerThread* thread);
  void RunThread(int index, WorkerThread* thread);
  void OnAllReady() noexcept { window_open_ns_ = clock_.NowNs(); }
  std::uint64_t Completed() const;
  void Report(std::uint64_t completed, double seconds,
              const std::function<void(absl::string_view)>& progress) const;

  const LoadOptions& options_;
  const net::SocketAddress target_;
  const Workload workload_;
  const MonotonicClock clock_;
  ServerCpu* const cpu_;
  std::vector<WorkerThread> threads_;
  // Everybody has prefilled before anybody loads. Its completion orders window_open_ns_ before all
  // reads by the threads.
  std::barrier<Step> in_step_;
  std::int64_t started_ns_ = 0;
  std::int64_t window_open_ns_ = 0;

  std::mutex mutex_;  // guards finished_
  std::condition_variable finished_changed_;
  int finished_ = 0;
};

absl::Status LoadRun::Prepare(int index, WorkerThread* thread) {
  auto loop = net::EpollEventLoop::Create();
  if (!loop.ok()) return loop.status();
  thread->loop = *std::move(loop);
  thread->context = std::make_unique<net::ConnectionContext>(thread->loop.get());
  LoadWorker::Options options;
  options.connections = Share(options_.connections, index, options_.threads).second;
  options.depth = static_cast<std::uint32_t>(options_.depth);
  options.refill = options_.refill;
  options.rate_per_s = options_.rate_per_s / options_.threads;
  options.arrivals = options_.arrivals;
  options.seed = RandomSource::SeedFor(options_.seed, static_cast<std::uint64_t>(index));
  options.stall_timeout_ns = ToNs(options_.stall_timeout_s);
  thread->worker = std::make_unique<LoadWorker>(&workload_, options, thread->loop.get(), &clock_);
  thread->requests = Share(options_.requests, index, options_.threads).second;
  if (options_.prefill != Prefill::kNo) {
    std::tie(thread->prefill_first, thread->prefill_count) =
        Share(options_.keys, index, options_.threads);
  }
  return thread->worker->Connect(
      [&](net::Session* session) -> absl::StatusOr<std::unique_ptr<net::Connection>> {
        auto socket = net::StartConnecting(target_);
        if (!socket.ok()) return socket.status();
        return std::make_unique<net::SocketConnection>(thread->context.get(), *std::move(socket),
                                                       session);
      });
}

absl::Status LoadRun::Start() {
  threads_.resize(static_cast<std::size_t>(options_.threads));
  for (int i = 0; i < options_.threads; ++i) {
    const absl::Status status = Prepare(i, &threads_[i]);
    if (!status.ok()) return status;
  }
  started_ns_ = clock_.NowNs();
  for (int i = 0; i < options_.threads; ++i) {
    threads_[i].thread = std::thread([this, i] { RunThread(i, &threads_[i]); });
  }
  return absl::OkStatus();
}

void LoadRun::RunThread(int index, WorkerThread* thread) {
  thread->status = thread->worker->Prefill(thread->prefill_first, thread->prefill_count);
  const bool measure = thread->status.ok() && options_.prefill != Prefill::kOnly &&
                       (options_.requests == 0 || thread->requests > 0);
  in_step_.arrive_and_wait();
  if (measure) {
    LoadWorker::Window window;
    window.start_ns = window_open_ns_ + ToNs(options_.warmup_s);
    window.end_ns = window.start_ns + ToNs(options_.EffectiveDurationS());
    window.requests = thread->requests;
    thread->worker->Run(window, index == 0 ? cpu_ : nullptr);
  }
  const std::lock_guard lock(mutex_);
  ++finished_;
  finished_changed_.notify_one();
}

std::uint64_t LoadRun::Completed() const {
  std::uint64_t completed = 0;
  for (const WorkerThread& thread : threads_) completed += thread.worker->Completed();
  return completed;
}

void LoadRun::Report(std::uint64_t completed, double seconds,
                     const std::function<void(absl::string_view)>& progress) const {
  metrics::LatencyHistogram latency;
  for (const WorkerThread& thread : threads_) latency.Merge(thread.worker->results().latency);
  progress(absl::StrFormat("%.0f s: %.0f requests/s, p99 so far %.1f us",
                           static_cast<double>(clock_.NowNs() - started_ns_) * 1e-9,
                           static_cast<double>(completed) / seconds,
                           static_cast<double>(latency.PercentileNs(99)) * 1e-3));
}

void LoadRun::Await(const std::function<void(absl::string_view)>& progress) {
  std::uint64_t completed_before = 0;
  std::int64_t before_ns = started_ns_;
  std::unique_lock lock(mutex_);
  while (!finished_changed_.wait_for(lock, std::chrono::seconds(1),
                                     [this] { return finished_ == options_.threads; })) {
    const std::uint64_t completed = Completed();
    const std::int64_t now_ns = clock_.NowNs();
    if (progress != nullptr) {
      Report(completed - completed_before, static_cast<double>(now_ns - before_ns) * 1e-9,
             progress);
    }
    completed_before = completed;
    before_ns = now_ns;
  }
  lock.unlock();
  for (WorkerThread& thread : threads_) thread.thread.join();
}

absl::StatusOr<RunTotals> LoadRun::Collect() const {
  RunTotals totals;
  for (const WorkerThread& thread : threads_) {
    if (!thread.status.ok()) return thread.status;
    const WorkerResults& results = thread.worker->results();
    results.counters.AddTo(&totals.counters);
    totals.latency.Merge(results.latency);
    const double window_s = static_cast<double>(results.window_ns) * 1e-9;
    totals.window_s = std::max(totals.window_s, window_s);
    if (window_s > 0) {
      totals.requests_per_s +=
          static_cast<double>(results.counters[LoadCounter::kRequests].value()) / window_s;
    }
    totals.unanswered += results.unanswered.value();
    totals.unsent += results.unsent.value();
    totals.invalid_replies += results.invalid_replies.value();
    totals.lost_connections += results.lost_connections.value();
    if (totals.problem.empty()) totals.problem = thread.worker->problem();
  }
  if (options_.prefill != Prefill::kNo) {
    totals.prefill_s = static_cast<double>(window_open_ns_ - started_ns_) * 1e-9;
  }
  if (cpu_ != nullptr) totals.server_cpu = cpu_->InWindow();
  return totals;
}

}  // namespace

absl::StatusOr<RunTotals> RunLoad(const LoadOptions& options,
                                  const std::function<void(absl::string_view)>& progress) {
  const absl::StatusOr<net::SocketAddress> target = ResolveTarget(options.target);
  if (!target.ok()) return target.status();
  std::optional<ServerCpu> cpu;
  if (options.server_pid > 0) {
    absl::StatusOr<ServerCpu> created = ServerCpu::Create(options.server_pid);
    if (!created.ok()) return created.status();
    cpu = *std::move(created);
  }
  LoadRun run(options, *target, cpu.has_value() ? &*cpu : nullptr);
  const absl::Status status = run.Start();
  if (!status.ok()) return status;
  run.Await(progress);
  return run.Collect();
}

}  // namespace ringcache::loadgen
