// Replays into the storage library in this process, request by request. Time is the trace's own.
//
// Thread safety: belongs to one thread.

#ifndef RINGCACHE_TOOLS_TRACE_STORE_TARGET_H_
#define RINGCACHE_TOOLS_TRACE_STORE_TARGET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/store.h"
#include "storage/store_types.h"
#include "tools/trace/replay_target.h"

namespace ringcache::trace {

class StoreTarget final : public ReplayTarget {
 public:
  struct Options {
    std::size_t limit_bytes = std::size_t{64} << 20;
    double growth_factor = 0;  // from one size class to the next; 0: the store's own classes
    storage::EvictionKind eviction = storage::EvictionKind::kS3Fifo;
    std::uint64_t seed = 1;  // of the key hash, so that two runs are alike
  };
  static absl::StatusOr<std::unique_ptr<StoreTarget>> Create(const Options& options);

  // Tells apart what the player can choose.
  std::string name() const override;
  absl::Status Replay(absl::Span<const TraceRequest> batch,
                      std::vector<std::uint8_t>* hits) override;
  absl::StatusOr<TargetFigures> Figures() override;

 private:
  StoreTarget(std::unique_ptr<storage::Store> store, std::size_t resident_before);
  bool Read(const TraceRequest& request);
  void Put(const TraceRequest& request, storage::StoreMode mode);

  std::unique_ptr<storage::Store> store_;
  std::size_t resident_before_;
  std::string value_;  // what all values are cut from
  StoreCounts stores_;
};

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_STORE_TARGET_H_
