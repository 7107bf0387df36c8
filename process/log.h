// The program's log on a descriptor, one line and one write(2) for each message:
//
//   2026-11-23T05:26:59.123Z notice listening on 127.0.0.1:11211
//   {"time":"2026-11-23T05:26:59.123Z","level":"notice","message":"listening on 127.0.0.1:11211"}
//
// Not for the data path: writing may block. What follows commands (-vv) comes through the event
// log's thread.
//
// Thread safety: any thread.

#ifndef RINGCACHE_PROCESS_LOG_H_
#define RINGCACHE_PROCESS_LOG_H_

#include <atomic>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "process/log_format.h"
#include "process/log_sink.h"

namespace ringcache::process {

class Log final : public LogSink {
 public:
  // The descriptor stays the caller's.
  explicit Log(int descriptor) : descriptor_(descriptor) {}

  // Before other threads use it.
  void SetFormat(LogFormat format) { format_ = format; }
  void SetVerbosity(int verbosity) override {
    // Relaxed: a message at the moment of the change may go either way.
    verbosity_.store(verbosity, std::memory_order_relaxed);
  }
  bool Shows(LogLevel level) const;
  void Write(LogLevel level, absl::string_view message) override;
  void WriteAll(LogLevel level, const std::vector<std::string>& messages);
  // Says why the program ends. Returns `exit_code`.
  int Fail(const absl::Status& status, int exit_code);

  // One line, ended by "\n".
  static std::string Line(LogFormat format, absl::Time time, LogLevel level,
                          absl::string_view message);

 private:
  const int descriptor_;
  LogFormat format_ = LogFormat::kText;
  std::atomic<int> verbosity_{0};
};

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_LOG_H_
