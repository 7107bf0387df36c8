#include "net/epoll_event_loop.h"

#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <limits>
#include <utility>

#include "absl/status/status.h"

namespace ringcache::net {
namespace {

constexpr std::int64_t kNanosecondsPerMillisecond = 1'000'000;
// The coarse clock moves every 4 ms: busy loops need not ask it each wake-up.
constexpr std::int64_t kWallReadsApartNs = kNanosecondsPerMillisecond;
constexpr std::uint32_t kTroubleEvents = EPOLLERR | EPOLLHUP;

// For calls that fail only by a broken precondition or an exhausted kernel, where going on would
// mean connections that never hear again.
[[noreturn]] void Die(const char* call) {
  std::fprintf(stderr, "EpollEventLoop: %s: %s\n", call, std::strerror(errno));
  std::abort();
}

std::uint32_t EventsFor(bool read, bool write) {
  return (read ? EPOLLIN : 0u) | (write ? EPOLLOUT : 0u);
}

std::int64_t Deadline(absl::Duration now, absl::Duration delay) {
  return absl::ToInt64Nanoseconds(now + std::max(delay, absl::ZeroDuration()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<EpollEventLoop>> EpollEventLoop::Create() {
  Descriptor epoll(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.valid()) return absl::ErrnoToStatus(errno, "cannot create an epoll descriptor");
  Descriptor bell(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!bell.valid()) return absl::ErrnoToStatus(errno, "cannot create an event descriptor");
  std::unique_ptr<EpollEventLoop> loop(new EpollEventLoop(std::move(epoll), std::move(bell)));
  if (!loop->Control(EPOLL_CTL_ADD, loop->bell_descriptor_.get(), EPOLLIN | EPOLLET,
                     &loop->bell_)) {
    return absl::ErrnoToStatus(errno, "cannot watch an event descriptor");
  }
  return loop;
}

EpollEventLoop::EpollEventLoop(Descriptor epoll, Descriptor bell_descriptor)
    : epoll_(std::move(epoll)), bell_descriptor_(std::move(bell_descriptor)) {}

EpollEventLoop::~EpollEventLoop() = default;

bool EpollEventLoop::Watch(int descriptor, bool read, bool write, DescriptorWatcher* watcher) {
  return Control(EPOLL_CTL_ADD, descriptor, EventsFor(read, write), watcher);
}

void EpollEventLoop::Update(int descriptor, bool read, bool write, DescriptorWatcher* watcher) {
  Control(EPOLL_CTL_MOD, descriptor, EventsFor(read, write), watcher);
  ForgetReady(watcher, EventsFor(read, write) | kTroubleEvents);
}

void EpollEventLoop::Unwatch(int descriptor, DescriptorWatcher* watcher) {
  Control(EPOLL_CTL_DEL, descriptor, 0, watcher);
  ForgetReady(watcher, 0);
}

// False without room for another watch: the user has too many, or the kernel no memory.
bool EpollEventLoop::Control(int operation, int descriptor, std::uint32_t events,
                             DescriptorWatcher* watcher) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = watcher;
  if (epoll_ctl(epoll_.get(), operation, descriptor, &event) == 0) return true;
  if (operation != EPOLL_CTL_ADD || (errno != ENOSPC && errno != ENOMEM)) Die("epoll_ctl");
  return false;
}

// What this wake-up has yet to tell `watcher` must not outlive the interest in it.
void EpollEventLoop::ForgetReady(DescriptorWatcher* watcher, std::uint32_t kept_events) {
  for (int i = next_ready_; i < ready_count_; ++i) {
    if (ready_[i].data.ptr == watcher) ready_[i].events &= kept_events;
  }
}

void EpollEventLoop::Post(Task task) {
  if (runner_.load(std::memory_order_relaxed) == std::this_thread::get_id()) {
    posted_here_.push_back(std::move(task));
    return;
  }
  bool ring;
  {
    MutexLock lock(&mutex_);
    // If there are tasks, the bell has been rung for them and the loop has yet to take them.
    ring = posted_elsewhere_.empty();
    posted_elsewhere_.push_back(std::move(task));
  }
  if (!ring) return;
  const std::uint64_t one = 1;
  // EAGAIN: 2^64 - 2 rings were not read. Even then the loop would be woken.
  if (write(bell_descriptor_.get(), &one, sizeof(one)) < 0 && errno != EAGAIN) Die("write");
}

EventLoop::TimerId EpollEventLoop::RunAfter(absl::Duration delay, Task task) {
  return timers_.Add(Deadline(MonotonicNow(), delay), std::move(task));
}

void EpollEventLoop::CancelTimer(TimerId timer) { timers_.Cancel(timer); }

absl::Time EpollEventLoop::WallNow() const {
  if (!wall_known_) {
    const std::int64_t now_ns = MonotonicNowNs();
    if (now_ns - wall_read_ns_ >= kWallReadsApartNs) {
      timespec now;
      clock_gettime(CLOCK_REALTIME_COARSE, &now);
      wall_now_ = absl::TimeFromTimespec(now);
      wall_read_ns_ = now_ns;
    }
    wall_known_ = running_;
  }
  return wall_now_;
}

std::int64_t EpollEventLoop::MonotonicSeconds() const {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return now.tv_sec;
}

void EpollEventLoop::Run() {
  runner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  running_ = true;
  stopping_ = false;
  while (!stopping_) {
    const TimerId mark = timers_.Mark();
    DispatchReady(WaitMilliseconds());
    if (!timers_.empty()) RunDueTimers(mark);
    if (bell_.rung || !posted_here_.empty()) RunPosted();
  }
  RunPosted();  // what was posted while the stop took effect
  running_ = false;
  monotonic_known_ = wall_known_ = false;
  runner_.store(std::thread::id(), std::memory_order_relaxed);
}

void EpollEventLoop::Stop() {
  Post([this] { stopping_ = true; });
}

int EpollEventLoop::WaitMilliseconds() {
  if (!posted_here_.empty()) return 0;
  if (timers_.empty()) return -1;
  // The clock is this wake-up's: a timer may come later by the time that its callbacks took.
  const std::int64_t wait_ns = timers_.NextDeadline() - MonotonicNowNs();
  if (wait_ns <= 0) return 0;
  const std::int64_t wait_ms = (wait_ns - 1) / kNanosecondsPerMillisecond + 1;
  return static_cast<int>(std::min(wait_ms, std::int64_t{std::numeric_limits<int>::max()}));
}

// Fills ready_, and returns what epoll_wait does.
int EpollEventLoop::Wait(int timeout_ms) {
  if (spin_ns_ > 0 && timeout_ms != 0) {
    const std::int64_t start_ns = PresentNs();
    std::int64_t spun_ns = 0;
    do {
      const int count = epoll_wait(epoll_.get(), ready_.data(), kBatch, 0);
      if (count != 0) return count;
      spun_ns = PresentNs() - start_ns;
    } while (spun_ns < spin_ns_ &&
             (timeout_ms < 0 || spun_ns < timeout_ms * kNanosecondsPerMillisecond));
    if (timeout_ms > 0) {
      const std::int64_t spun_ms = spun_ns / kNanosecondsPerMillisecond;
      timeout_ms = static_cast<int>(std::max<std::int64_t>(timeout_ms - spun_ms, 0));
    }
  }
  return epoll_wait(epoll_.get(), ready_.data(), kBatch, timeout_ms);
}

void EpollEventLoop::DispatchReady(int timeout_ms) {
  ready_count_ = Wait(timeout_ms);
  monotonic_known_ = wall_known_ = false;
  if (ready_count_ < 0 && errno != EINTR) Die("epoll_wait");
  for (next_ready_ = 0; next_ready_ < ready_count_;) {
    const epoll_event& event = ready_[next_ready_++];
    const std::uint32_t events = event.events;
    if (events == 0) continue;  // unwatched by a callback before
    static_cast<DescriptorWatcher*>(event.data.ptr)
        ->OnReady((events & (EPOLLIN | kTroubleEvents)) != 0, (events & EPOLLOUT) != 0);
  }
}

// Timers that were set in this wake-up wait for the next, so that descriptors get their turn.
void EpollEventLoop::RunDueTimers(TimerId mark) {
  const std::int64_t now_ns = MonotonicNowNs();
  Task task;
  while (timers_.PopDue(now_ns, mark, &task)) {
    task();
    task = nullptr;
  }
}

void EpollEventLoop::RunPosted() {
  bell_.rung = false;
  {
    MutexLock lock(&mutex_);
    running_tasks_.swap(posted_elsewhere_);
  }
  if (running_tasks_.empty()) {
    running_tasks_.swap(posted_here_);
  } else {
    std::move(posted_here_.begin(), posted_here_.end(), std::back_inserter(running_tasks_));
    posted_here_.clear();
  }
  for (Task& task : running_tasks_) {
    task();
    task = nullptr;
  }
  running_tasks_.clear();
}

}  // namespace ringcache::net
