#include "admin/metrics/memcached_metrics.h"

#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "admin/backend/figures.h"
#include "admin/metrics/metric_row.h"
#include "admin/metrics/version_words.h"

namespace ringcache::admin {
namespace {

constexpr MetricRow<GeneralFigure> Command(absl::string_view command, absl::string_view status,
                                           GeneralFigure figure,
                                           std::array<GeneralFigure, 3> less = {
                                               GeneralFigure::kCount, GeneralFigure::kCount,
                                               GeneralFigure::kCount}) {
  return {"memcached_commands_total",
          "Commands of clients, and what came of them.",
          MetricType::kCounter,
          figure,
          {{{"command", command}, {"status", status}}},
          less};
}

constexpr MetricRow<SlabFigure> SlabCommand(
    absl::string_view command, absl::string_view status, SlabFigure figure,
    std::array<SlabFigure, 3> less = {SlabFigure::kCount, SlabFigure::kCount, SlabFigure::kCount}) {
  return {"memcached_slab_commands_total",
          "Commands that found an item of the class.",
          MetricType::kCounter,
          figure,
          {{{"command", command}, {"status", status}}},
          less};
}

constexpr MetricRow<SlabFigure> LruHits(absl::string_view queue, SlabFigure figure) {
  return {"memcached_slab_lru_hits_total",
          "Reads of items of the class, by the queue they were in.",
          MetricType::kCounter,
          figure,
          {{{"lru", queue}}}};
}

constexpr MetricRow<GeneralFigure> kGeneral[] = {
    {"memcached_uptime_seconds", "Since the start.", MetricType::kCounter, GeneralFigure::kUptime},
    {"memcached_time_seconds", "The server's clock, as Unix time.", MetricType::kGauge,
     GeneralFigure::kTime},
    {"memcached_process_user_cpu_seconds_total", "CPU time spent in the program itself.",
     MetricType::kCounter, GeneralFigure::kCpuUser},
    {"memcached_process_system_cpu_seconds_total", "CPU time spent in the kernel for the program.",
     MetricType::kCounter, GeneralFigure::kCpuSystem},
    {"memcached_read_bytes_total", "Bytes received from clients.", MetricType::kCounter,
     GeneralFigure::kBytesRead},
    {"memcached_written_bytes_total", "Bytes sent to clients.", MetricType::kCounter,
     GeneralFigure::kBytesWritten},
    {"memcached_current_connections", "Connections of clients that are open.", MetricType::kGauge,
     GeneralFigure::kConnections},
    {"memcached_max_connections", "How many connections may be open.", MetricType::kGauge,
     GeneralFigure::kMaxConnections},
    {"memcached_connections_total", "Connections that were opened.", MetricType::kCounter,
     GeneralFigure::kConnectionsOpened},
    {"memcached_connections_rejected_total",
     "Connections that were refused, as the limit was reached.", MetricType::kCounter,
     GeneralFigure::kConnectionsRejected},
    {"memcached_connections_yielded_total",
     "Times that a connection had to let others have their turn.", MetricType::kCounter,
     GeneralFigure::kConnectionYields},
    {"memcached_connections_listener_disabled_total",
     "Times that accepting was paused at the limit of connections.", MetricType::kCounter,
     GeneralFigure::kListenDisabled},
    {"memcached_accepting_connections", "1 if new connections are accepted.", MetricType::kGauge,
     GeneralFigure::kAccepting},
    {"memcached_current_bytes", "Bytes of all items.", MetricType::kGauge,
     GeneralFigure::kItemBytes},
    {"memcached_limit_bytes", "Bytes that items may take.", MetricType::kGauge,
     GeneralFigure::kLimitBytes},
    Command("get", "hit", GeneralFigure::kGetHits),
    Command("get", "miss", GeneralFigure::kGetMisses),
    Command("delete", "hit", GeneralFigure::kDeleteHits),
    Command("delete", "miss", GeneralFigure::kDeleteMisses),
    Command("incr", "hit", GeneralFigure::kIncrHits),
    Command("incr", "miss", GeneralFigure::kIncrMisses),
    Command("decr", "hit", GeneralFigure::kDecrHits),
    Command("decr", "miss", GeneralFigure::kDecrMisses),
    Command("cas", "hit", GeneralFigure::kCasHits),
    Command("cas", "miss", GeneralFigure::kCasMisses),
    Command("cas", "badval", GeneralFigure::kCasBadValues),
    Command("touch", "hit", GeneralFigure::kTouchHits),
    Command("touch", "miss", GeneralFigure::kTouchMisses),
    Command("flush", "hit", GeneralFigure::kFlushes),
    // A cas is a set, too, and is told apart.
    Command("set", "hit", GeneralFigure::kSets,
            {GeneralFigure::kCasMisses, GeneralFigure::kCasHits, GeneralFigure::kCasBadValues}),
    {"memcached_current_items", "Items that are stored.", MetricType::kGauge,
     GeneralFigure::kItems},
    {"memcached_items_total", "Items that were stored since the start.", MetricType::kCounter,
     GeneralFigure::kItemsStored},
    {"memcached_items_evicted_total", "Items that made room for others before they expired.",
     MetricType::kCounter, GeneralFigure::kEvictions},
    {"memcached_items_reclaimed_total", "Items that were stored in the place of expired ones.",
     MetricType::kCounter, GeneralFigure::kReclaimed},
    {"memcached_item_too_large_total", "Items that were refused as too large.",
     MetricType::kCounter, GeneralFigure::kTooLarge},
    {"memcached_item_no_memory_total", "Items that were refused for want of memory.",
     MetricType::kCounter, GeneralFigure::kNoMemory},
    {"memcached_direct_reclaims_total", "Times that a request had to evict by itself.",
     MetricType::kCounter, GeneralFigure::kDirectReclaims},
    {"memcached_lru_crawler_enabled", "1 if expired items are looked for in the background.",
     MetricType::kGauge, GeneralFigure::kCrawlerEnabled},
    {"memcached_lru_crawler_sleep", "Microseconds that the crawler rests between items.",
     MetricType::kGauge, GeneralFigure::kCrawlerSleep},
    {"memcached_lru_crawler_to_crawl", "Items that the crawler looks at in a class; 0: all.",
     MetricType::kGauge, GeneralFigure::kCrawlerToCrawl},
    {"memcached_lru_crawler_maintainer_thread",
     "1 if queues are kept in balance in the background.", MetricType::kGauge,
     GeneralFigure::kMaintainerThread},
    {"memcached_lru_crawler_hot_percent", "Share of a class that is for hot items, in percent.",
     MetricType::kGauge, GeneralFigure::kHotPercent},
    {"memcached_lru_crawler_warm_percent", "Share of a class that is for warm items, in percent.",
     MetricType::kGauge, GeneralFigure::kWarmPercent},
    {"memcached_lru_crawler_hot_max_factor",
     "How old hot items may be, as a factor of the age of cold ones.", MetricType::kGauge,
     GeneralFigure::kHotMaxFactor},
    {"memcached_lru_crawler_warm_max_factor",
     "How old warm items may be, as a factor of the age of cold ones.", MetricType::kGauge,
     GeneralFigure::kWarmMaxFactor},
    {"memcached_lru_crawler_starts_total", "Times that the crawler went over a class.",
     MetricType::kCounter, GeneralFigure::kCrawlerStarts},
    {"memcached_lru_crawler_reclaimed_total", "Expired items that the crawler freed.",
     MetricType::kCounter, GeneralFigure::kCrawlerReclaimed},
    {"memcached_lru_crawler_items_checked_total", "Items that the crawler looked at.",
     MetricType::kCounter, GeneralFigure::kCrawlerItemsChecked},
    {"memcached_lru_crawler_moves_to_cold_total", "Items that went to the cold queue.",
     MetricType::kCounter, GeneralFigure::kMovesToCold},
    {"memcached_lru_crawler_moves_to_warm_total", "Items that went to the warm queue.",
     MetricType::kCounter, GeneralFigure::kMovesToWarm},
    {"memcached_lru_crawler_moves_within_lru_total",
     "Items that stayed in their queue, at its other end.", MetricType::kCounter,
     GeneralFigure::kMovesWithinLru},
    {"memcached_malloced_bytes", "Bytes of all pages that hold items.", MetricType::kGauge,
     GeneralFigure::kMallocedBytes},
};
static_assert(FamiliesAreTogether(kGeneral));

// Labelled `slab`.
constexpr MetricRow<SlabFigure> kSlabs[] = {
    {"memcached_slab_current_items", "Items of the class.", MetricType::kGauge, SlabFigure::kItems},
    {"memcached_slab_hot_items", "Items in the class's hot queue.", MetricType::kGauge,
     SlabFigure::kItemsHot},
    {"memcached_slab_warm_items", "Items in the class's warm queue.", MetricType::kGauge,
     SlabFigure::kItemsWarm},
    {"memcached_slab_cold_items", "Items in the class's cold queue.", MetricType::kGauge,
     SlabFigure::kItemsCold},
    {"memcached_slab_temporary_items", "Items in the class's queue of short lives.",
     MetricType::kGauge, SlabFigure::kItemsTemporary},
    {"memcached_slab_items_age_seconds", "Since the class's oldest item was used.",
     MetricType::kGauge, SlabFigure::kAge},
    {"memcached_slab_hot_age_seconds", "Since the class's oldest hot item was used.",
     MetricType::kGauge, SlabFigure::kAgeHot},
    {"memcached_slab_warm_age_seconds", "Since the class's oldest warm item was used.",
     MetricType::kGauge, SlabFigure::kAgeWarm},
    {"memcached_slab_mem_requested_bytes", "Bytes of the class's items, without what chunks waste.",
     MetricType::kGauge, SlabFigure::kMemRequested},
    {"memcached_slab_items_evicted_total", "Items of the class that made room for others.",
     MetricType::kCounter, SlabFigure::kEvicted},
    {"memcached_slab_items_evicted_nonzero_total", "Those of them that had a time to live.",
     MetricType::kCounter, SlabFigure::kEvictedNonzero},
    {"memcached_slab_items_evicted_time_seconds",
     "Since the last evicted item of the class had been used.", MetricType::kCounter,
     SlabFigure::kEvictedTime},
    {"memcached_slab_items_evicted_unfetched_total",
     "Evicted items of the class that nobody had read.", MetricType::kCounter,
     SlabFigure::kEvictedUnfetched},
    {"memcached_slab_items_expired_unfetched_total",
     "Expired items of the class that nobody had read.", MetricType::kCounter,
     SlabFigure::kExpiredUnfetched},
    {"memcached_slab_items_outofmemory_total", "Items that the class had no room for.",
     MetricType::kCounter, SlabFigure::kOutOfMemory},
    {"memcached_slab_items_reclaimed_total",
     "Items of the class that were stored in the place of expired ones.", MetricType::kCounter,
     SlabFigure::kReclaimed},
    {"memcached_slab_items_crawler_reclaimed_total",
     "Expired items of the class that the crawler freed.", MetricType::kCounter,
     SlabFigure::kCrawlerReclaimed},
    {"memcached_slab_items_tailrepairs_total",
     "Items of the class that were freed though they seemed to be in use.", MetricType::kCounter,
     SlabFigure::kTailRepairs},
    {"memcached_slab_items_moves_to_cold", "Items of the class that went to its cold queue.",
     MetricType::kCounter, SlabFigure::kMovesToCold},
    {"memcached_slab_items_moves_to_warm", "Items of the class that went to its warm queue.",
     MetricType::kCounter, SlabFigure::kMovesToWarm},
    {"memcached_slab_items_moves_within_lru",
     "Items of the class that stayed in their queue, at its other end.", MetricType::kCounter,
     SlabFigure::kMovesWithinLru},
    LruHits("hot", SlabFigure::kHitsToHot),
    LruHits("warm", SlabFigure::kHitsToWarm),
    LruHits("cold", SlabFigure::kHitsToCold),
    LruHits("temporary", SlabFigure::kHitsToTemporary),
    {"memcached_slab_chunk_size_bytes", "Bytes of a chunk of the class.", MetricType::kGauge,
     SlabFigure::kChunkBytes},
    {"memcached_slab_chunks_per_page", "Chunks in a page of the class.", MetricType::kGauge,
     SlabFigure::kChunksPerPage},
    {"memcached_slab_current_pages", "Pages of the class.", MetricType::kGauge, SlabFigure::kPages},
    {"memcached_slab_current_chunks", "Chunks of the class.", MetricType::kGauge,
     SlabFigure::kChunks},
    {"memcached_slab_chunks_used", "Chunks of the class that hold items.", MetricType::kGauge,
     SlabFigure::kUsedChunks},
    {"memcached_slab_chunks_free", "Chunks of the class that held items and are free.",
     MetricType::kGauge, SlabFigure::kFreeChunks},
    {"memcached_slab_chunks_free_end", "Chunks of the class that never held an item.",
     MetricType::kGauge, SlabFigure::kFreeChunksEnd},
    SlabCommand("get", "hit", SlabFigure::kGetHits),
    SlabCommand("delete", "hit", SlabFigure::kDeleteHits),
    SlabCommand("incr", "hit", SlabFigure::kIncrHits),
    SlabCommand("decr", "hit", SlabFigure::kDecrHits),
    SlabCommand("cas", "hit", SlabFigure::kCasHits),
    SlabCommand("cas", "badval", SlabFigure::kCasBadValues),
    SlabCommand("touch", "hit", SlabFigure::kTouchHits),
    SlabCommand("set", "hit", SlabFigure::kSets,
                {SlabFigure::kCasHits, SlabFigure::kCasBadValues, SlabFigure::kCount}),
};
static_assert(FamiliesAreTogether(kSlabs));
static_assert(ShowsAll(kSlabs));

}  // namespace

void AddMemcached(const ProgramInfo& program, const absl::StatusOr<Stats>& stats,
                  Families* families) {
  families->AddGauge("memcached_up", "1 if statistics could be read.", stats.ok());
  if (!stats.ok()) return;
  families->Begin("memcached_version", "Always 1; the label is the version.", MetricType::kGauge);
  families->Add({{"version", VersionWords(program.serves).back()}}, 1);
  AddFigures<GeneralFigure>(kGeneral, kGeneralFigures, {{&stats->general, {}}}, families);
  std::vector<Subject<SlabFigure>> slabs;
  for (const SlabStats& slab : stats->slabs) {
    slabs.push_back({&slab.figures, {{"slab", absl::StrCat(slab.size_class)}}});
  }
  AddFigures<SlabFigure>(kSlabs, kSlabFigures, slabs, families);
}

}  // namespace ringcache::admin
