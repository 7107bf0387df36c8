#include "net/worker_pool.h"

#include <pthread.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "net/epoll_event_loop.h"

namespace ringcache::net {
namespace {

// A thread's name without its terminating zero, by pthread_setname_np.
constexpr std::size_t kMaxThreadName = 15;

}  // namespace

absl::Status WorkerPool::Options::Validate() const {
  if (workers == 0 || workers > kMaxWorkers) {
    return absl::InvalidArgumentError(
        absl::StrCat("workers is ", workers, ", but must be from 1 to ", kMaxWorkers));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<WorkerPool>> WorkerPool::Create(Options options) {
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  if (!options.make_loop) {
    options.make_loop = []() -> absl::StatusOr<std::unique_ptr<EventLoop>> {
      return EpollEventLoop::Create();
    };
  }
  std::unique_ptr<WorkerPool> pool(new WorkerPool(std::move(options)));
  for (std::size_t i = 0; i < pool->options_.workers; ++i) {
    absl::StatusOr<std::unique_ptr<EventLoop>> loop = pool->options_.make_loop();
    if (!loop.ok()) return loop.status();
    pool->loops_.push_back(*std::move(loop));
  }
  return pool;
}

WorkerPool::~WorkerPool() {
  Stop();
  Join();
}

void WorkerPool::Start() {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    const std::string name = absl::StrCat(options_.name_prefix, "-", i).substr(0, kMaxThreadName);
    threads_.emplace_back([loop = loops_[i].get(), name] {
      pthread_setname_np(pthread_self(), name.c_str());
      loop->Run();
    });
  }
}

void WorkerPool::Stop() {
  for (const auto& loop : loops_) loop->Stop();
}

void WorkerPool::Join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void WorkerPool::PostToAll(const std::function<void(std::size_t worker)>& task) {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    loops_[i]->Post([task, i] { task(i); });
  }
}

void WorkerPool::PostToAllThen(const std::function<void(std::size_t worker)>& task,
                               EventLoop::Task done) {
  struct Step {
    std::function<void(std::size_t)> task;
    EventLoop::Task done;
    std::atomic<std::size_t> left;
  };
  const auto step = std::make_shared<Step>();
  step->task = task;
  step->done = std::move(done);
  step->left = loops_.size();
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    loops_[i]->Post([step, i] {
      step->task(i);
      // acq_rel: `done` sees what every worker's task wrote.
      if (step->left.fetch_sub(1, std::memory_order_acq_rel) == 1) step->done();
    });
  }
}

}  // namespace ringcache::net
