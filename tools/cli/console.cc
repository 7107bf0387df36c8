#include "tools/cli/console.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace ringcache::cli {

void Console::Write(absl::string_view bytes) { std::fwrite(bytes.data(), 1, bytes.size(), out_); }

bool Console::Flush() { return std::fflush(out_) == 0 && std::ferror(out_) == 0; }

void Console::Complain(ExitStatus status, absl::string_view what) {
  status_ = std::max(status_, status);
  if (++complaints_ <= kMaxComplaints) absl::FPrintF(error_, "ringcache-cli: %s\n", what);
}

ExitStatus Console::Finish() {
  if (complaints_ > kMaxComplaints) {
    absl::FPrintF(error_, "ringcache-cli: and %d more of this kind\n",
                  complaints_ - kMaxComplaints);
    complaints_ = 0;
  }
  if (!Flush()) Complain(ExitStatus::kStreams, "standard output cannot be written");
  return status_;
}

}  // namespace ringcache::cli
