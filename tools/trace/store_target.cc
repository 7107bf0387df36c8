#include "tools/trace/store_target.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/item.h"
#include "storage/item_access.h"
#include "storage/store_options.h"
#include "storage/store_stats.h"
#include "tools/trace/resident_memory.h"

namespace ringcache::trace {
namespace {

// The wall clock when the trace's is 0: any time will do that is not 0, which means never.
constexpr storage::UnixSeconds kTraceStart = 1'700'000'000;

storage::UnixSeconds NowOf(const TraceRequest& request) { return kTraceStart + request.time_s; }

}  // namespace

absl::StatusOr<std::unique_ptr<StoreTarget>> StoreTarget::Create(const Options& options) {
  // Before the store takes its first page.
  const std::size_t resident_before = ResidentBytes(0).value_or(0);
  storage::StoreOptions store_options;
  store_options.limit_bytes = options.limit_bytes;
  if (options.growth_factor != 0) store_options.growth_factor = options.growth_factor;
  store_options.eviction = options.eviction;
  store_options.hash_seed = options.seed | 1;  // 0 would mean: draw one
  auto store = storage::Store::Create(store_options);
  if (!store.ok()) return store.status();
  return std::unique_ptr<StoreTarget>(new StoreTarget(*std::move(store), resident_before));
}

StoreTarget::StoreTarget(std::unique_ptr<storage::Store> store, std::size_t resident_before)
    : store_(std::move(store)),
      resident_before_(resident_before + kMaxStoredBytes),
      value_(kMaxStoredBytes, 'v') {}

std::string StoreTarget::name() const {
  const storage::EvictionKind eviction = store_->options().eviction;
  if (eviction == storage::EvictionKind::kS3Fifo) return "in process";
  return absl::StrCat("in process, ", storage::NameOf(eviction));
}

absl::Status StoreTarget::Replay(absl::Span<const TraceRequest> batch,
                                 std::vector<std::uint8_t>* hits) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const TraceRequest& request = batch[i];
    (*hits)[i] = 0;
    switch (request.operation) {
      case TraceOperation::kRead:
        (*hits)[i] = Read(request) ? 1 : 0;
        if ((*hits)[i] == 0) Put(request, storage::StoreMode::kSet);
        break;
      case TraceOperation::kSet:
        Put(request, storage::StoreMode::kSet);
        break;
      case TraceOperation::kAdd:
        Put(request, storage::StoreMode::kAdd);
        break;
      case TraceOperation::kReplace:
        Put(request, storage::StoreMode::kReplace);
        break;
      case TraceOperation::kDelete:
        store_->Remove(request.key, store_->Hash(request.key), NowOf(request));
        break;
    }
  }
  return absl::OkStatus();
}

bool StoreTarget::Read(const TraceRequest& request) {
  return store_->Access(request.key, store_->Hash(request.key), NowOf(request),
                        [](storage::ItemEditor& editor) { editor.NoteUse(); }) ==
         storage::Lookup::kHit;
}

void StoreTarget::Put(const TraceRequest& request, storage::StoreMode mode) {
  if (request.value_bytes > kMaxStoredBytes) {
    ++stores_.too_large;
    return;
  }
  const storage::UnixSeconds now = NowOf(request);
  const storage::UnixSeconds expires_at =
      request.ttl_s == 0 ? storage::kNever : now + std::min(request.ttl_s, kMaxTtlSeconds);
  storage::StoreCondition condition;
  condition.mode = mode;
  const absl::string_view value(value_.data(), request.value_bytes);
  switch (store_->Put(request.key, value, 0, expires_at, now, condition).outcome) {
    case storage::StoreOutcome::kStored:
      ++stores_.stored;
      break;
    case storage::StoreOutcome::kNotStored:
      ++stores_.not_stored;
      break;
    case storage::StoreOutcome::kTooLarge:
      ++stores_.too_large;
      break;
    case storage::StoreOutcome::kOutOfMemory:
      ++stores_.out_of_memory;
      break;
    case storage::StoreOutcome::kExists:
    case storage::StoreOutcome::kNotFound:
    case storage::StoreOutcome::kNonNumeric:
      ++stores_.other_errors;
      break;
  }
}

absl::StatusOr<TargetFigures> StoreTarget::Figures() {
  const storage::StoreStats stats = store_->Stats();
  const std::size_t header_bytes = storage::Item::TotalBytes(
      0, 0, store_->options().cas ? storage::CasField::kNarrow : storage::CasField::kNone,
      /*has_client_flags=*/false);
  TargetFigures figures;
  figures.limit_bytes = stats.limit_bytes;
  figures.items = stats.items;
  figures.payload_bytes = static_cast<double>(stats.item_bytes - stats.items * header_bytes);
  const std::size_t resident = ResidentBytes(0).value_or(0);
  if (resident > resident_before_) figures.resident_bytes = resident - resident_before_;
  figures.evictions = stats.events.evictions;
  figures.stores = stores_;
  return figures;
}

}  // namespace ringcache::trace
