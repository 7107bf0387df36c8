// What an export of a store yields, what an import takes, and the place where an export has got to.
//
// Thread safety: an ExportCursor belongs to one thread at a time; the rest are plain values.

#ifndef RINGCACHE_STORAGE_ITEM_EXPORT_H_
#define RINGCACHE_STORAGE_ITEM_EXPORT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "storage/eviction/eviction_policy.h"
#include "storage/item.h"
#include "storage/relocation_log.h"

namespace ringcache::storage {

// An item without its value.
struct ExportedItem {
  absl::string_view key;
  std::uint64_t cas = 0;  // 0: the store keeps none
  std::uint32_t client_flags = 0;
  UnixSeconds expires_at = kNever;
  UnixSeconds last_access = 0;
  int uses = 0;          // what it has earned with its eviction policy, 0 .. EvictionNode::kMaxUses
  int size_class = 0;    // an import chooses its own
  bool in_main = false;  // has proved useful, and waits in the main queue
  bool fetched = false;
  bool stale = false;
  bool win_sent = false;
};

struct ImportedItem {
  ExportedItem item;
  absl::string_view value;
};

enum class ExportOrder : std::uint8_t {
  kColdToHot,  // those first that would be evicted first; an item may come twice
  kTable,      // as the index has them: cheaper, and twice only where the table grows meanwhile
};

struct ExportOptions {
  ExportOrder order = ExportOrder::kColdToHot;
  // Size classes; empty: all.
  std::vector<int> classes;
};

// Stays valid whatever happens to the store in between. Movable. Must not outlive the store.
class ExportCursor {
 public:
  ExportCursor() = default;

  // False: as many exports are open as there may be.
  explicit operator bool() const { return static_cast<bool>(relocations_); }

 private:
  friend class Store;

  enum class Stage : std::uint8_t { kProbation, kMain, kPassed };
  // How far a size class has been gone over. First its probation queue, then once round its chunks,
  // from the main queue's hand on, by a list of its pages: what comes to other pages later is new,
  // or in the log of relocations.
  struct ClassPlace {
    int size_class = 0;
    Stage stage = Stage::kProbation;
    // Every item was met that was on probation at the start, so the lap looks at main alone.
    bool probation_complete = false;
    EvictionPolicy::Walk walk;
    std::size_t places = 0;            // to look at in the probation queue, about
    std::size_t chunks = 0;            // in the pages, as they were at the start
    std::size_t looked = 0;            // at either
    std::vector<std::uint32_t> pages;  // the first one comes again as the last, for its beginning
    std::size_t page = 0;              // index in `pages`
    std::uint32_t slot = 0;
    std::uint32_t end_slot = 0;  // where the last page is left

    double progress() const {
      return static_cast<double>(looked) / static_cast<double>(places + chunks + 1);
    }
  };

  bool Wants(int size_class) const {
    return wanted_.empty() || wanted_[static_cast<std::size_t>(size_class)];
  }

  std::vector<bool> wanted_;  // by size class; empty: all
  std::vector<ClassPlace> classes_;
  RelocationLog::Reader relocations_;
  bool by_table_ = false;
  bool done_ = false;
  std::size_t bucket_ = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_ITEM_EXPORT_H_
