#include "net/worker_pool.h"

#include <pthread.h>

#include <future>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace ringcache::net {
namespace {

std::unique_ptr<WorkerPool> Workers(std::size_t count) {
  return WorkerPool::Create({.workers = count}).value();
}

TEST(WorkerPoolTest, EachWorkerIsANamedThreadOfItsOwn) {
  const auto pool = Workers(3);
  pool->Start();
  std::set<std::thread::id> threads;
  for (std::size_t i = 0; i < pool->size(); ++i) {
    std::promise<std::pair<std::thread::id, std::string>> promise;
    pool->Post(i, [&promise] {
      char name[16];
      pthread_getname_np(pthread_self(), name, sizeof(name));
      promise.set_value({std::this_thread::get_id(), name});
    });
    const auto [thread, name] = promise.get_future().get();
    EXPECT_EQ(name, "rc-worker-" + std::to_string(i));
    threads.insert(thread);
  }
  EXPECT_EQ(threads.size(), 3u);
}

TEST(WorkerPoolTest, ConnectionsAreDealtInTurn) {
  const auto pool = Workers(3);
  std::vector<std::size_t> workers;
  for (int i = 0; i < 6; ++i) workers.push_back(pool->NextWorker());
  EXPECT_EQ(workers, (std::vector<std::size_t>{0, 1, 2, 0, 1, 2}));
}

TEST(WorkerPoolTest, ATaskForAllRunsOnEachWorkerAndThenIsDone) {
  const auto pool = Workers(4);
  pool->Start();
  std::vector<int> runs(pool->size());  // each written by one worker, read after all are done
  std::promise<std::vector<int>> promise;
  pool->PostToAllThen([&runs](std::size_t worker) { ++runs[worker]; },
                      [&runs, &promise] { promise.set_value(runs); });
  EXPECT_EQ(promise.get_future().get(), (std::vector<int>{1, 1, 1, 1}));
}

TEST(WorkerPoolTest, TasksPostedBeforeStopAreRun) {
  const auto pool = Workers(2);
  pool->Start();
  std::vector<int> runs(2);
  for (int i = 0; i < 100; ++i) pool->PostToAll([&runs](std::size_t worker) { ++runs[worker]; });
  pool->Stop();
  pool->Join();
  EXPECT_EQ(runs, (std::vector<int>{100, 100}));
}

TEST(WorkerPoolTest, APoolThatNeverStartedIsDestroyed) { Workers(2); }

TEST(WorkerPoolTest, ItsOptionsAreChecked) {
  EXPECT_TRUE(absl::IsInvalidArgument(WorkerPool::Create({.workers = 0}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(WorkerPool::Create({.workers = 5000}).status()));
}

TEST(WorkerPoolTest, ALoopThatCannotBeMadeIsReported) {
  const auto pool = WorkerPool::Create(
      {.workers = 1, .make_loop = []() -> absl::StatusOr<std::unique_ptr<EventLoop>> {
         return absl::ResourceExhaustedError("no more");
       }});
  EXPECT_TRUE(absl::IsResourceExhausted(pool.status()));
}

}  // namespace
}  // namespace ringcache::net
