// Where a library says what an operator may want to read. Libraries return what went wrong; this is
// for what happens while nobody waits for an answer. The program decides what becomes of it.
//
// Thread safety: implementations take calls from any thread.

#ifndef RINGCACHE_PROCESS_LOG_SINK_H_
#define RINGCACHE_PROCESS_LOG_SINK_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::process {

enum class LogLevel : std::uint8_t {
  kError,    // something that was asked for is not done
  kWarning,  // it goes on, but not as was asked for
  kNotice,   // the few events of a server's life: listening, refreshed, stopping
  kInfo,     // from -v on: what else an operator may want to know
  kDebug,    // from -vv on: connections and commands; -vvv: items, too
};

class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void Write(LogLevel level, absl::string_view message) = 0;
  // The number of `v` on the command line, or of the verbosity command.
  virtual void SetVerbosity(int verbosity) = 0;
};

// Says nothing.
class NoLog final : public LogSink {
 public:
  void Write(LogLevel, absl::string_view) override {}
  void SetVerbosity(int) override {}
};

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_LOG_SINK_H_
