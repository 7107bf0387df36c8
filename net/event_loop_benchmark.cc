// What the loop adds to a wake-up: the same byte through the same socket pair, by a bare epoll and
// by the loop. Read the difference; the system calls are the kernel's.

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "net/descriptor.h"
#include "net/epoll_event_loop.h"

namespace ringcache::net {
namespace {

struct SocketPair {
  SocketPair() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0) std::abort();
    near.Reset(ends[0]);
    far.Reset(ends[1]);
  }
  void MakeReadable() {
    if (send(far.get(), "x", 1, 0) != 1) std::abort();
  }
  void Take() {
    char bytes[64];
    if (recv(near.get(), bytes, sizeof(bytes), 0) != 1) std::abort();
  }
  Descriptor near;
  Descriptor far;
};

void BM_WakeUpOfBareEpoll(benchmark::State& state) {
  SocketPair pair;
  const Descriptor epoll(epoll_create1(0));
  epoll_event event{.events = EPOLLIN, .data = {.ptr = &pair}};
  if (epoll_ctl(epoll.get(), EPOLL_CTL_ADD, pair.near.get(), &event) != 0) std::abort();
  epoll_event ready[256];
  pair.MakeReadable();
  for (auto _ : state) {
    if (epoll_wait(epoll.get(), ready, 256, -1) != 1) std::abort();
    static_cast<SocketPair*>(ready[0].data.ptr)->Take();
    pair.MakeReadable();
  }
}
BENCHMARK(BM_WakeUpOfBareEpoll);

class Turn : public DescriptorWatcher {
 public:
  Turn(EventLoop* loop, benchmark::State* state) : loop_(loop), state_(state) {
    loop_->Watch(pair_.near.get(), true, false, this);
    pair_.MakeReadable();
  }
  ~Turn() override { loop_->Unwatch(pair_.near.get(), this); }
  void OnReady(bool, bool) override {
    pair_.Take();
    if (state_->KeepRunning()) {
      pair_.MakeReadable();
    } else {
      loop_->Stop();
    }
  }

 private:
  EventLoop* const loop_;
  benchmark::State* const state_;
  SocketPair pair_;
};

void BM_WakeUpOfEventLoop(benchmark::State& state) {
  const auto loop = EpollEventLoop::Create().value();
  Turn turn(loop.get(), &state);
  loop->Run();
}
BENCHMARK(BM_WakeUpOfEventLoop);

// A far timer makes every wake-up read the clock.
void BM_WakeUpOfEventLoopWithTimer(benchmark::State& state) {
  const auto loop = EpollEventLoop::Create().value();
  loop->RunAfter(absl::Hours(1), [] {});
  Turn turn(loop.get(), &state);
  loop->Run();
}
BENCHMARK(BM_WakeUpOfEventLoopWithTimer);

void BM_TimerSetAndCancelled(benchmark::State& state) {
  const auto loop = EpollEventLoop::Create().value();
  loop->Post([&] {
    for (auto _ : state) loop->CancelTimer(loop->RunAfter(absl::Seconds(1), [] {}));
    loop->Stop();
  });
  loop->Run();
}
BENCHMARK(BM_TimerSetAndCancelled);

void BM_TaskPostedToItself(benchmark::State& state) {
  const auto loop = EpollEventLoop::Create().value();
  loop->Post([&] {
    for (auto _ : state) loop->Post([] {});
    loop->Stop();
  });
  loop->Run();
}
BENCHMARK(BM_TaskPostedToItself)->Iterations(100'000);

}  // namespace
}  // namespace ringcache::net
