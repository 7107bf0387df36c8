// A log for threads that must not wait: what they say is written by the thread of a loop. So many
// lines wait for it at most; those past it are dropped, and their number is said.
//
// Ownership: loop and log are the caller's.
// Thread safety: any thread.

#ifndef RINGCACHE_PROCESS_POSTED_LOG_H_
#define RINGCACHE_PROCESS_POSTED_LOG_H_

#include <atomic>
#include <cstddef>

#include "absl/strings/string_view.h"
#include "net/event_loop.h"
#include "process/log_sink.h"

namespace ringcache::process {

class PostedLog final : public LogSink {
 public:
  static constexpr std::size_t kMaxWaiting = 1024;

  // Both outlive this, which outlives the loop's last task.
  PostedLog(net::EventLoop* loop, LogSink* log) : loop_(*loop), log_(*log) {}

  void Write(LogLevel level, absl::string_view message) override;
  void SetVerbosity(int verbosity) override { log_.SetVerbosity(verbosity); }

 private:
  net::EventLoop& loop_;
  LogSink& log_;
  std::atomic<std::size_t> waiting_{0};
  std::atomic<std::size_t> dropped_{0};
};

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_POSTED_LOG_H_
