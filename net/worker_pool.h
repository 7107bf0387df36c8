// Worker threads, each with its own event loop. A connection is given to one worker, in turn, and
// stays there for life.
//
// Thread safety: Post, PostToAll, NextWorker and loop() from any thread; Start, Stop and Join from
// the owner's. Loops live until the pool is destroyed, so that what they own can be taken down
// after Join.

#ifndef RINGCACHE_NET_WORKER_POOL_H_
#define RINGCACHE_NET_WORKER_POOL_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "net/event_loop.h"

namespace ringcache::net {

class WorkerPool {
 public:
  using LoopFactory = std::function<absl::StatusOr<std::unique_ptr<EventLoop>>()>;

  struct Options {
    std::size_t workers = 4;
    // Threads are named "<prefix>-<index>"; Linux shows 15 characters.
    std::string name_prefix = "rc-worker";
    // EpollEventLoop if empty.
    LoopFactory make_loop = nullptr;

    absl::Status Validate() const;
  };
  static constexpr std::size_t kMaxWorkers = 1024;

  // Makes the loops; no thread runs yet, so descriptors may be watched from the calling thread.
  static absl::StatusOr<std::unique_ptr<WorkerPool>> Create(Options options);
  // Stops and joins.
  ~WorkerPool();

  // REQUIRES: called once.
  void Start();
  // Each worker ends after the tasks posted so far. Does not wait.
  void Stop();
  // Waits until every worker has ended.
  void Join();

  std::size_t size() const { return loops_.size(); }
  EventLoop* loop(std::size_t worker) { return loops_[worker].get(); }

  void Post(std::size_t worker, EventLoop::Task task) { loops_[worker]->Post(std::move(task)); }
  // Runs `task(worker)` once on every worker: a step of a drain, a snapshot to adopt.
  void PostToAll(const std::function<void(std::size_t worker)>& task);
  // As PostToAll, and `done` runs after the last of them, on that worker's thread.
  void PostToAllThen(const std::function<void(std::size_t worker)>& task, EventLoop::Task done);

  // The worker for the next connection: each in turn.
  std::size_t NextWorker() {
    // Relaxed: only the value matters.
    return next_.fetch_add(1, std::memory_order_relaxed) % loops_.size();
  }

 private:
  explicit WorkerPool(Options options) : options_(std::move(options)) {}

  const Options options_;
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::vector<std::thread> threads_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_WORKER_POOL_H_
