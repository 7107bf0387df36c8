#include "tools/ringctl/console.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace ringcache::ringctl {

void Console::Write(absl::string_view text) { std::fwrite(text.data(), 1, text.size(), out_); }

void Console::Renew() {
  // To the upper left, and clear what is below.
  if (is_terminal_) Write("\x1b[H\x1b[J");
}

bool Console::Flush() { return std::fflush(out_) == 0 && std::ferror(out_) == 0; }

void Console::Complain(ExitStatus status, absl::string_view what) {
  Note(status);
  absl::FPrintF(error_, "ringctl: %s\n", what);
}

void Console::Note(ExitStatus status) { status_ = std::max(status_, status); }

ExitStatus Console::Finish() {
  if (!Flush()) Complain(ExitStatus::kStreams, "standard output cannot be written");
  return status_;
}

}  // namespace ringcache::ringctl
