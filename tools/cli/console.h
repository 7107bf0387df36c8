// Where the program's words go: results to one stream as they are, complaints to the other, and the
// worst of them into the exit status.
//
// Thread safety: belongs to one thread. Streams are not owned.

#ifndef RINGCACHE_TOOLS_CLI_CONSOLE_H_
#define RINGCACHE_TOOLS_CLI_CONSOLE_H_

#include <cstddef>
#include <cstdio>

#include "absl/strings/string_view.h"
#include "tools/cli/exit_status.h"

namespace ringcache::cli {

class Console {
 public:
  // Further complaints are counted, so that a million missing keys do not hide the first.
  static constexpr std::size_t kMaxComplaints = 20;

  // `is_terminal`: whether a person reads `out`.
  Console(std::FILE* out, std::FILE* error, bool is_terminal)
      : out_(out), error_(error), is_terminal_(is_terminal) {}

  bool is_terminal() const { return is_terminal_; }
  ExitStatus status() const { return status_; }

  void Write(absl::string_view bytes);
  // Sends what was written on its way, for who waits for it. False if that failed.
  bool Flush();

  // `what` is a sentence without a full stop.
  void Complain(ExitStatus status, absl::string_view what);

  // Flushes, says how many complaints were left out, and returns the worst status.
  ExitStatus Finish();

 private:
  std::FILE* const out_;
  std::FILE* const error_;
  const bool is_terminal_;
  ExitStatus status_ = ExitStatus::kDone;
  std::size_t complaints_ = 0;
};

}  // namespace ringcache::cli

#endif  // RINGCACHE_TOOLS_CLI_CONSOLE_H_
