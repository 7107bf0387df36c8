#include "storage/size_histogram.h"

namespace ringcache::storage {

void SizeHistogram::ShowTable() {
  if (table_ == nullptr) table_ = std::make_unique<Count[]>(kBuckets);
  for (std::size_t i = 0; i < kBuckets; ++i) table_[i].store(0, std::memory_order_relaxed);
  counts_.store(table_.get(), std::memory_order_release);
}

void SizeHistogram::Start() {
  SpinLockHolder hold(lock_);
  for (auto& first_id : first_ids_) first_id.store(0, std::memory_order_relaxed);
  ShowTable();
}

void SizeHistogram::StartAfter(const CasClock& clock) {
  SpinLockHolder hold(lock_);
  if (on()) return;
  for (std::size_t stripe = 0; stripe < first_ids_.size(); ++stripe) {
    first_ids_[stripe].store(clock.LatestOf(stripe) + 1, std::memory_order_relaxed);
  }
  ShowTable();
}

void SizeHistogram::Stop() {
  SpinLockHolder hold(lock_);
  counts_.store(nullptr, std::memory_order_release);
}

void SizeHistogram::Change(std::size_t bytes, std::uint64_t cas, int by) {
  Count* const counts = counts_.load(std::memory_order_acquire);
  if (counts == nullptr || !Counts(cas)) return;
  counts[BucketOf(bytes)].fetch_add(by, std::memory_order_relaxed);
}

std::vector<SizeHistogram::Row> SizeHistogram::Rows() const {
  std::vector<Row> rows;
  const Count* const counts = counts_.load(std::memory_order_acquire);
  if (counts == nullptr) return rows;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    const std::int64_t items = counts[i].load(std::memory_order_relaxed);
    if (items > 0) rows.push_back({i * kStepBytes, static_cast<std::uint64_t>(items)});
  }
  return rows;
}

}  // namespace ringcache::storage
