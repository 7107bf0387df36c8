#include "storage/relocation_log.h"

#include <algorithm>

namespace ringcache::storage {

void RelocationLog::End(Entry entry) {
  {
    SpinLockHolder hold(lock_);
    if (readers_ > 0 && entry.handle != kNoItem) entries_[written_++ % kEntries] = entry;
  }
  // Release: who sees the end sees the entry.
  ended_.fetch_add(1, std::memory_order_release);
}

RelocationLog::Reader RelocationLog::Open() {
  auto fresh = std::make_unique<Entry[]>(kEntries);
  Reader reader;
  SpinLockHolder hold(lock_);
  if (readers_ == kMaxReaders) return reader;
  if (readers_++ == 0) entries_ = std::move(fresh);
  reader.log_ = this;
  reader.position_ = written_;
  return reader;
}

RelocationLog::Reader::~Reader() {
  if (log_ == nullptr) return;
  std::unique_ptr<Entry[]> unneeded;
  SpinLockHolder hold(log_->lock_);
  if (--log_->readers_ == 0) unneeded = std::move(log_->entries_);
}

std::size_t RelocationLog::Reader::Read(absl::Span<Entry> entries, bool* missed) {
  SpinLockHolder hold(log_->lock_);
  if (log_->written_ - position_ > kEntries) {
    *missed = true;
    position_ = log_->written_;
  }
  const std::size_t count = std::min<std::size_t>(entries.size(), log_->written_ - position_);
  for (std::size_t i = 0; i < count; ++i) entries[i] = log_->entries_[position_++ % kEntries];
  return count;
}

}  // namespace ringcache::storage
