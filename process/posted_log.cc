#include "process/posted_log.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace ringcache::process {

// Both numbers are relaxed: they order nothing, Post() does.
void PostedLog::Write(LogLevel level, absl::string_view message) {
  if (waiting_.fetch_add(1, std::memory_order_relaxed) >= kMaxWaiting) {
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  loop_.Post([this, level, text = std::string(message)] {
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    log_.Write(level, text);
    const std::size_t dropped = dropped_.exchange(0, std::memory_order_relaxed);
    if (dropped > 0) {
      log_.Write(LogLevel::kWarning, absl::StrCat(dropped, " lines of the log were dropped"));
    }
  });
}

}  // namespace ringcache::process
