// Where the program's words go: results to one stream, complaints to the other, and the worst of
// them into the exit status.
//
// Thread safety: belongs to one thread. Streams are not owned.

#ifndef RINGCACHE_TOOLS_RINGCTL_CONSOLE_H_
#define RINGCACHE_TOOLS_RINGCTL_CONSOLE_H_

#include <cstdio>

#include "absl/strings/string_view.h"
#include "tools/ringctl/exit_status.h"

namespace ringcache::ringctl {

class Console {
 public:
  // `is_terminal`: whether a person reads `out`.
  Console(std::FILE* out, std::FILE* error, bool is_terminal)
      : out_(out), error_(error), is_terminal_(is_terminal) {}

  ExitStatus status() const { return status_; }

  void Write(absl::string_view text);
  // Begins what takes the place of what was shown before, as a table that is shown again and
  // again. A terminal is cleared.
  void Renew();
  // Sends what was written on its way, for who waits for it. False if that failed.
  bool Flush();

  // `what` is a sentence without a full stop.
  void Complain(ExitStatus status, absl::string_view what);
  void Complain(const Problem& problem) { Complain(problem.status, problem.text); }
  // The same of a status that the output itself has told.
  void Note(ExitStatus status);

  // Flushes, and returns the worst status.
  ExitStatus Finish();

 private:
  std::FILE* const out_;
  std::FILE* const error_;
  const bool is_terminal_;
  ExitStatus status_ = ExitStatus::kDone;
};

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_CONSOLE_H_
