// What a Store does between its operations, step by step.

#include <algorithm>

#include "storage/store.h"

namespace ringcache::storage {
namespace {

// What one step does at most: well under a millisecond, also when every item misses the caches.
constexpr int kBucketsPerStep = 64;
constexpr int kChunksPerStep = 128;
constexpr std::size_t kRemovalsPerStep = 128;

// A class asks for a page when it has evicted this share of a page's items. With a whole page's, a
// class that misses little would wait for long, although what it misses is worth more than what
// others keep.
constexpr double kTurnoversToAsk = 0.125;

// A lap over the table that found few dead items is followed by a longer rest.
constexpr UnixSeconds kLeastRestSeconds = 10;
constexpr UnixSeconds kMostRestSeconds = 3600;
// One of so many items must have been dead to make the next rest shorter.
constexpr std::size_t kWorthwhile = 50;

}  // namespace

bool Store::Maintain(UnixSeconds now) {
  Observe(now);
  if (!maintenance_lock_.TryLock()) return false;
  bool more = false;
  for (int i = 0; i < kBucketsPerStep && SweepOneBucket(); ++i) more = true;
  if (!more) {
    if (drain_.donor != kNoClass) {
      ContinueDrain(drain_, kChunksPerStep, now);
      more = true;
    } else {
      more = StartNeededDrain(now) || CrawlStep(now);
    }
    page_move_running_.store(drain_.donor != kNoClass, std::memory_order_relaxed);
  }
  maintenance_lock_.Unlock();
  return more;
}

bool Store::PopulateAhead() {
  if (!maintenance_lock_.TryLock()) return false;
  const bool more = pages_->PopulateAhead(AllowedPages()) || index_.PopulateAhead();
  maintenance_lock_.Unlock();
  return more;
}

Store::PageMove Store::MovePage(int from, int to, UnixSeconds now) {
  const int count = size_classes_.count();
  if (to < 0 || to >= count || from < kNoClass || from >= count) return PageMove::kNoSuchClass;
  if (from == to) return PageMove::kSameClass;
  if (!maintenance_lock_.TryLock()) return PageMove::kBusy;
  PageMove answer = PageMove::kBusy;
  if (drain_.donor == kNoClass) {
    if (from == kNoClass) from = ChooseDonor(to, 0, now);
    const bool started =
        from != kNoClass && ClassStats(from, now).pages > 1 && StartDrain(drain_, from, to);
    answer = started ? PageMove::kStarted : PageMove::kNothingToMove;
    page_move_running_.store(started, std::memory_order_relaxed);
  }
  maintenance_lock_.Unlock();
  return answer;
}

bool Store::RequestCrawl() {
  if (crawl_running_.load(std::memory_order_relaxed)) return false;
  return !crawl_requested_.exchange(true, std::memory_order_relaxed);
}

bool Store::SetLimit(std::size_t limit_bytes) {
  if (limit_bytes < kPageBytes || limit_bytes / kPageBytes > pages_->max_pages()) return false;
  limit_bytes_.store(limit_bytes, std::memory_order_relaxed);
  return true;
}

bool Store::StartNeededDrain(UnixSeconds now) {
  int receiver = kNoClass;
  double most_turnovers = kTurnoversToAsk;
  for (int i = 0; i < size_classes_.count(); ++i) {
    SizeClassState& state = StateOf(i);
    SpinLockHolder hold(state.lock);
    NotePolicyBytes(state);
    const double turnovers = static_cast<double>(state.evictions_unheard) /
                             static_cast<double>(state.slabs.chunks_per_page());
    if (turnovers < most_turnovers) continue;
    most_turnovers = turnovers;
    receiver = i;
  }
  if (pages_->taken_pages() > AllowedPages() - ReservedPages()) {
    const int donor = options_.evict ? ChooseDonor(kNoClass, 0, now) : kNoClass;
    return donor != kNoClass && StartDrain(drain_, donor, kNoClass);
  }
  if (receiver == kNoClass || !moves_pages()) return false;
  UnixSeconds idle;
  {
    SizeClassState& state = StateOf(receiver);
    SpinLockHolder hold(state.lock);
    state.evictions_unheard = 0;
    idle = IdleSecondsOf(state, now);
  }
  const int donor = ChooseDonor(receiver, idle, now);
  return donor != kNoClass && StartDrain(drain_, donor, receiver);
}

int Store::ChooseDonor(int receiver, UnixSeconds receiver_idle, UnixSeconds now) {
  int donor = kNoClass;
  UnixSeconds longest = 0;
  for (int i = 0; i < size_classes_.count(); ++i) {
    if (i == receiver) continue;
    SizeClassState& state = StateOf(i);
    SpinLockHolder hold(state.lock);
    // A class keeps its last page, unless memory has to go and no other class has more.
    if (state.slabs.pages() < (receiver == kNoClass && donor == kNoClass ? 1 : 2)) continue;
    // More than a page of it lies idle: nothing need be evicted.
    if (state.slabs.free_chunks() > state.slabs.chunks_per_page() * 5 / 4) return i;
    if (!options_.evict) continue;
    const UnixSeconds idle = IdleSecondsOf(state, now);
    if (donor != kNoClass && idle <= longest) continue;
    donor = i;
    longest = idle;
  }
  if (receiver == kNoClass || donor == kNoClass) return donor;
  const double enough = static_cast<double>(longest) * options_.move_ratio;
  return static_cast<double>(receiver_idle) < enough ? donor : kNoClass;
}

bool Store::CrawlStep(UnixSeconds now) {
  if (!crawls()) return false;
  const bool requested = crawl_requested_.exchange(false, std::memory_order_relaxed);
  if (crawl_.resting) {
    // Compared as a distance, so that a clock that was set back ends the rest.
    if (!requested && now - crawl_.rests_from < crawl_.rest_seconds) return false;
    crawl_.resting = false;
    crawl_.bucket = crawl_.looked_at = crawl_.removed = 0;
    crawler_laps_.fetch_add(1, std::memory_order_relaxed);
  }
  crawl_running_.store(true, std::memory_order_relaxed);
  std::size_t looked_at = 0;
  std::size_t removed = 0;
  for (int i = 0;
       i < kBucketsPerStep && removed < kRemovalsPerStep && crawl_.bucket < index_.bucket_count();
       ++i) {
    removed += RemoveExpired(crawl_.bucket++, now, &looked_at);
  }
  crawl_.removed += removed;
  crawl_.looked_at += looked_at;
  crawler_items_checked_.fetch_add(looked_at, std::memory_order_relaxed);
  if (crawl_.bucket < index_.bucket_count()) return true;
  const bool worthwhile = crawl_.removed * kWorthwhile > crawl_.looked_at;
  crawl_.rest_seconds =
      worthwhile ? kLeastRestSeconds
                 : std::clamp(crawl_.rest_seconds * 2, kLeastRestSeconds, kMostRestSeconds);
  crawl_.rests_from = now;
  crawl_.resting = true;
  crawl_running_.store(false, std::memory_order_relaxed);
  return false;
}

std::size_t Store::RemoveExpired(std::size_t bucket, UnixSeconds now, std::size_t* looked_at) {
  const DeadItems dead = TakeOutDead(bucket, now);
  *looked_at += dead.looked_at;
  for (const RemovedItem& removed : dead.items) {
    SizeClassState& state = StateOf(ClassOf(*removed.item_));
    SpinLockHolder hold(state.lock);
    ++state.events.crawler_reclaimed;
    if (!removed.item_->fetched()) ++state.events.expired_unfetched;
  }
  return dead.items.size();
}

}  // namespace ringcache::storage
