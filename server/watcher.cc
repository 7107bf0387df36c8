#include "server/watcher.h"

#include "absl/strings/str_cat.h"

namespace ringcache::server {

bool Watcher::Offer(absl::string_view line) {
  net::MutexLock lock(&mutex_);
  std::string skipped;
  if (skipped_ > 0) skipped = absl::StrCat("skipped=", skipped_, "\n");
  if (lines_.size() + skipped.size() + line.size() > limit_bytes_) {
    ++skipped_;
    return false;
  }
  skipped_ = 0;
  absl::StrAppend(&lines_, skipped, line);
  return true;
}

void Watcher::Notify() {
  {
    net::MutexLock lock(&mutex_);
    if (notified_ || lines_.empty()) return;
    notified_ = true;
  }
  wake_();
}

void Watcher::Take(std::string* lines) {
  lines->clear();
  net::MutexLock lock(&mutex_);
  lines->swap(lines_);
  notified_ = false;
}

}  // namespace ringcache::server
