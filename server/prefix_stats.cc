#include "server/prefix_stats.h"

#include "absl/strings/str_cat.h"

namespace ringcache::server {

void PrefixTable::Add(absl::string_view key, const PrefixCounts& counts) {
  const std::size_t end = key.find(delimiter_.load(std::memory_order_relaxed));
  if (end == absl::string_view::npos) return;
  const absl::string_view prefix = key.substr(0, end);
  net::MutexLock lock(&mutex_);
  const auto found = counts_.find(prefix);
  if (found != counts_.end()) {
    found->second += counts;
  } else if (counts_.size() < kMaxPrefixes) {
    counts_.emplace(prefix, counts);
  }
}

void PrefixTable::Clear() {
  net::MutexLock lock(&mutex_);
  counts_.clear();
}

void PrefixTable::AddTo(std::map<std::string, PrefixCounts>* totals) const {
  net::MutexLock lock(&mutex_);
  for (const auto& [prefix, counts] : counts_) (*totals)[prefix] += counts;
}

std::string PrefixReport(const std::map<std::string, PrefixCounts>& totals) {
  std::string text;
  for (const auto& [prefix, counts] : totals) {
    absl::StrAppend(&text, "PREFIX ", prefix, " get ", counts.gets, " hit ", counts.hits);
    absl::StrAppend(&text, " set ", counts.sets, " del ", counts.deletes, "\r\n");
  }
  return absl::StrCat(text, "END\r\n");
}

}  // namespace ringcache::server
