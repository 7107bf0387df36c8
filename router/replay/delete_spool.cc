#include "router/replay/delete_spool.h"

#include <utility>

#include "router/replay/replay_options.h"

namespace ringcache::router {

absl::StatusOr<std::unique_ptr<DeleteSpool>> DeleteSpool::Open(SpoolOptions options,
                                                               process::LogSink* log) {
  std::unique_ptr<DeleteSpool> deletes(new DeleteSpool(options.max_total_bytes));
  if (options.folder.empty()) {
    auto folder = PrivateFolder::Create("ringcache-spool-");
    if (!folder.ok()) return folder.status();
    deletes->folder_ = *std::move(folder);
    options.folder = deletes->folder_->path();
  }
  auto spool = Spool::Open(options);
  if (!spool.ok()) return spool.status();
  deletes->spool_ = *std::move(spool);
  net::WorkerPool::Options thread;
  thread.workers = 1;
  thread.name_prefix = "rc-replay";
  auto pool = net::WorkerPool::Create(std::move(thread));
  if (!pool.ok()) return pool.status();
  deletes->thread_ = *std::move(pool);
  deletes->gates_ = std::make_unique<SpoolGates>(
      deletes->spool_.get(), [deletes = deletes.get()](SpoolGate* gate) {
        deletes->thread_->Post(0, [deletes, gate] { deletes->replayer_->Wake(gate); });
      });
  deletes->replayer_ =
      std::make_unique<Replayer>(deletes->thread_->loop(0), nullptr, deletes->spool_.get(),
                                 deletes->gates_.get(), log, ReplayOptions());
  return deletes;
}

void DeleteSpool::Start() {
  spool_->Start();
  thread_->Start();
}

DeleteSpool::~DeleteSpool() {
  if (thread_ == nullptr) return;
  thread_->Stop();
  thread_->Join();
  replayer_.reset();
}

void DeleteSpool::SetMembers(Replayer::Endpoints endpoints) {
  thread_->Post(0, [this, endpoints = std::move(endpoints)] { replayer_->SetMembers(endpoints); });
}

// Relaxed: figures order nothing.
DeleteSpoolFigures DeleteSpool::Figures() const {
  DeleteSpoolFigures figures;
  figures.spool = spool_->stats();
  figures.max_bytes = max_bytes_;
  const ReplayCounters& counters = replayer_->counters();
  figures.replayed = counters.deletes.load(std::memory_order_relaxed);
  figures.copies = counters.copies.load(std::memory_order_relaxed);
  figures.flushes = counters.flushes.load(std::memory_order_relaxed);
  figures.failures = counters.failures.load(std::memory_order_relaxed);
  for (const SpoolGate* const gate : gates_->All()) {
    const SpoolState state = spool_->StateOf(gate->id());
    if (state.pending == 0 && !state.must_flush) continue;
    figures.waiting.push_back({gate->member(), state.pending, state.must_flush});
  }
  return figures;
}

}  // namespace ringcache::router
