// How a Store leaves its items in a memory file, and how it finds them there.

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/store.h"

namespace ringcache::storage {
namespace {

// Items whose buckets are fetched from memory at a time.
constexpr std::uint32_t kPrefetched = 32;
// The image of a page is 8 bytes, that of an item 4, possibly twice, of chunks of 48 bytes or more.
constexpr std::size_t kLeastLimitPerImage = 4;
constexpr std::size_t kImageBytesBeside = std::size_t{1} << 20;
// Places of the probation queue that no item stands at any more.
constexpr std::size_t kLeftPlaces = 1024;

RestartSettings SettingsOf(const StoreOptions& options, const SizeClasses& size_classes) {
  RestartSettings settings;
  settings.limit_bytes = options.limit_bytes;
  settings.max_item_bytes = options.max_item_bytes;
  settings.page_bytes = kPageBytes;
  settings.unit_shift = static_cast<std::uint32_t>(
      SizeClasses::UnitShift(options.limit_bytes / kPageBytes * kPageBytes));
  settings.has_cas = options.cas;
  for (int i = 0; i < size_classes.count(); ++i) {
    settings.chunk_bytes.push_back(static_cast<std::uint32_t>(size_classes.chunk_bytes(i)));
  }
  return settings;
}

// The image of what is in the file, if it can be gone on with; else why not.
absl::StatusOr<RestartImage> ReadImage(const MemoryFile& file, const StoreOptions& options,
                                       const RestartSettings& settings) {
  if (file.is_new()) return absl::NotFoundError(absl::StrCat(file.path(), " is new"));
  const absl::StatusOr<std::string> meta =
      file.ReadMeta(options.limit_bytes / kLeastLimitPerImage + kImageBytesBeside);
  if (absl::IsNotFound(meta.status())) {
    return absl::NotFoundError(absl::StrCat(file.path(), " was not closed cleanly: there is no ",
                                            file.meta_path(), " beside it"));
  }
  if (!meta.ok()) return meta.status();
  absl::StatusOr<RestartImage> image = DecodeRestartImage(*meta);
  if (!image.ok()) {
    return absl::DataLossError(absl::StrCat(file.meta_path(), " ", image.status().message()));
  }
  if (image->generation != file.generation()) {
    return absl::DataLossError(
        absl::StrCat(file.meta_path(), " belongs to another file or to another time"));
  }
  const std::string difference = DifferenceOf(image->settings, settings);
  if (!difference.empty()) return absl::FailedPreconditionError(difference);
  if (options.hash_seed != 0 && options.hash_seed != image->hash_seed) {
    return absl::FailedPreconditionError("the hash seed was another");
  }
  if (file.bytes() < options.limit_bytes / kPageBytes * kPageBytes) {
    return absl::DataLossError(absl::StrCat(file.path(), " was cut short"));
  }
  return image;
}

}  // namespace

absl::StatusOr<Store::Foundation> Store::OpenFile(const StoreOptions& options,
                                                  const SizeClasses& size_classes) {
  absl::StatusOr<std::unique_ptr<MemoryFile>> file = MemoryFile::Open(options.memory_file);
  if (!file.ok()) return file.status();
  Foundation foundation;
  foundation.report.has_file = true;
  absl::StatusOr<RestartImage> image =
      ReadImage(**file, options, SettingsOf(options, size_classes));
  if (image.ok()) {
    foundation.image = *std::move(image);
  } else {
    foundation.report.reason = std::string(image.status().message());
  }
  const std::size_t max_pages = options.limit_bytes / kPageBytes;
  absl::StatusOr<ReservedMemory> memory = (*file)->Claim(max_pages * kPageBytes);
  if (!memory.ok()) return memory.status();
  absl::StatusOr<std::unique_ptr<PagePool>> pages =
      PagePool::CreateIn(*std::move(memory), max_pages);
  if (!pages.ok()) return pages.status();
  foundation.file = *std::move(file);
  foundation.pages = *std::move(pages);
  return foundation;
}

void Store::Restore(const RestartImage& image, UnixSeconds now) {
  const auto begin = std::chrono::steady_clock::now();
  // Relaxed, here and below: nobody else knows the store yet.
  epoch_.store(image.flush_count, std::memory_order_relaxed);
  flush_at_.store(image.flush_at, std::memory_order_relaxed);
  std::vector<std::uint8_t> owners(pages_->max_pages(), SizeClasses::kNoClass);
  for (std::size_t i = 0; i < image.classes.size(); ++i) {
    for (const RestartImage::Page& page : image.classes[i].pages) {
      owners[page.number] = static_cast<std::uint8_t>(i);
    }
  }
  pages_->TakeAll(owners);
  std::vector<ItemHandle> pieces;
  for (int i = 0; i < size_classes_.count(); ++i) {
    const RestartImage::SizeClass& kept = image.classes[static_cast<std::size_t>(i)];
    for (const RestartImage::Page page : kept.pages) RestorePage(i, page, image, now, pieces);
    EnqueueRestored(i, kept);
    SizeClassState& state = StateOf(i);
    SpinLockHolder hold(state.lock);
    NotePolicyBytes(state);
  }
  RestorePieces(image.classes.back(), pieces);
  restart_report_.warm = true;
  restart_report_.items = index_.items();
  restart_report_.stopped_at = image.stopped_at;
  restart_report_.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(
                                     std::chrono::steady_clock::now() - begin)
                                     .count();
}

bool Store::IsRestorable(const Item& item, int size_class, Moment moment) const {
  switch (item.queue()) {
    case EvictionNode::kProbationQueue:
    case EvictionNode::kMainQueue: {
      const CasField field = item.cas_field();
      const bool has_cas = field == CasField::kNarrow || field == CasField::kWide;
      const bool sound = (options_.cas ? has_cas : field == CasField::kNone) &&
                         item.bytes_in_chunk() <= size_classes_.chunk_bytes(size_class) &&
                         (!item.is_chunked() || (size_class == size_classes_.count() - 1 &&
                                                 layout_.IsSound(item, options_.max_item_bytes)));
      return sound && IsLive(item, moment);
    }
    case EvictionNode::kPiece:
    case EvictionNode::kNoQueue:
    case EvictionNode::kLeaving:
    case EvictionNode::kEntering:
    case EvictionNode::kAbandoned:
      return false;
  }
  return false;  // no queue has this number
}

void Store::RestorePage(int size_class, RestartImage::Page page, const RestartImage& image,
                        UnixSeconds now, std::vector<ItemHandle>& pieces) {
  SizeClassState& state = StateOf(size_class);
  {
    SpinLockHolder hold(state.lock);
    state.slabs.AddCutPage(page.number, page.cut);
  }
  const auto chunk_at = [&](std::uint32_t slot) -> Item& {
    return ItemAt(ChunkAt(size_class, page.number, slot));
  };
  std::array<std::uint64_t, kPrefetched> hashes;
  for (std::uint32_t first = 0; first < page.cut; first += kPrefetched) {
    const std::uint32_t count = std::min(kPrefetched, page.cut - first);
    std::uint32_t restorable = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const Item& item = chunk_at(first + i);
      if (!IsRestorable(item, size_class, MomentAt(now))) continue;
      restorable |= 1u << i;
      hashes[i] = Hash(item.key());
      PrefetchBucket(hashes[i]);
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      Item& item = chunk_at(first + i);
      const EvictionNode::Queue queue = item.queue();
      if ((restorable >> i & 1) != 0 && LinkRestored(item, hashes[i], image.cas_base)) {
        if (queue == EvictionNode::kMainQueue) {
          Enqueue(item, hashes[i], Arrival::kProtected, /*is_new=*/false);
        }
        continue;
      }
      if (queue == EvictionNode::kPiece) {
        // Whether it is needed, the item says whose value it is a part of: RestorePieces.
        pieces.push_back(nodes_.HandleOf(&item));
        layout_.PieceAt(pieces.back()).link = kNoItem;
        continue;
      }
      if (queue == EvictionNode::kProbationQueue || queue == EvictionNode::kMainQueue) {
        ++restart_report_.dropped;
      }
      GiveBack(item);
    }
    if (index_.WantsToGrow()) GrowIndex();
  }
}

bool Store::LinkRestored(Item& item, std::uint64_t hash, std::uint64_t cas_base) {
  item.set_pinned(false);
  if (cas_base != cas_base_) {
    // One that is too old for the new base gets a new id: whoever compares it asks again.
    const std::uint64_t cas = item.cas(cas_base);
    SetCas(item, CanKeepCas(item, cas) ? cas : NextCas(hash));
  }
  RemovedItem dropped;
  Guard guard(index_, hash);
  const Slot slot = Find(guard, item.key(), hash);
  if (slot) {
    // A clean stop leaves none, so one of them is damaged. Of two with the same id neither is sure.
    const Item& other = ItemAt(index_.HandleAt(slot));
    if (CasOf(other) > CasOf(item)) return false;
    const bool is_newer = CasOf(other) < CasOf(item);
    dropped = Unlink(guard, slot);
    ++restart_report_.dropped;
    if (!is_newer) return false;
  }
  // Its place in a queue comes later (EnqueueRestored), for those of the main queue at once.
  const EvictionNode::Queue queue = item.queue();
  item.SetQueue(EvictionNode::kEntering);
  if (!index_.Insert(guard, hash, nodes_.HandleOf(&item))) {
    item.SetQueue(queue);
    return false;
  }
  CountSize(item);
  StateOf(ClassOf(item)).item_bytes.fetch_add(item.bytes_in_chunk(), std::memory_order_relaxed);
  return true;
}

ItemHandle Store::ChunkAt(int size_class, std::uint32_t page, std::uint32_t slot) const {
  return nodes_.HandleOf(nodes_.base + page * kPageBytes +
                         slot * size_classes_.chunk_bytes(size_class));
}

bool Store::IsChunkOf(int size_class, ItemHandle handle) const {
  if (handle == kNoItem || nodes_.OffsetOf(handle) >= pages_->max_pages() * kPageBytes) {
    return false;
  }
  SizeClassState& state = StateOf(size_class);
  SpinLockHolder hold(state.lock);
  return nodes_.OffsetOf(handle) % kPageBytes % size_classes_.chunk_bytes(size_class) == 0 &&
         state.slabs.Has(handle);
}

bool Store::ClaimPiece(Item& item, std::size_t number, std::uint64_t hash) {
  const ItemHandle handle = item.piece(number);
  const std::size_t bytes = sizeof(ValuePiece) + layout_.PieceBytes(item, number);
  // The class that suits, or that of the largest chunks (AddPiece).
  int size_class = size_classes_.ClassFor(bytes);
  if (!IsChunkOf(size_class, handle)) size_class = size_classes_.count() - 1;
  if (!IsChunkOf(size_class, handle)) return false;
  ValuePiece& piece = layout_.PieceAt(handle);
  // Its link says that another has it already.
  if (piece.queue() != EvictionNode::kPiece || piece.hash != hash || piece.link != kNoItem) {
    return false;
  }
  piece.link = handle;
  SizeClassState& state = StateOf(size_class);
  state.pieces.fetch_add(1, std::memory_order_relaxed);
  state.item_bytes.fetch_add(bytes, std::memory_order_relaxed);
  return true;
}

void Store::RestorePieces(const RestartImage::SizeClass& largest,
                          absl::Span<const ItemHandle> pieces) {
  const int size_class = size_classes_.count() - 1;
  for (const RestartImage::Page page : largest.pages) {
    for (std::uint32_t slot = 0; slot < page.cut; ++slot) {
      Item& item = ItemAt(ChunkAt(size_class, page.number, slot));
      const EvictionNode::Queue queue = item.queue();
      const bool is_item =
          queue == EvictionNode::kProbationQueue || queue == EvictionNode::kMainQueue;
      if (!is_item || !item.is_chunked()) continue;
      const std::uint64_t hash = Hash(item.key());
      bool whole = true;
      for (std::size_t number = 0; number < item.piece_count(); ++number) {
        if (ClaimPiece(item, number, hash)) continue;
        // Not its to free.
        item.set_piece(number, kNoItem);
        whole = false;
      }
      if (whole) continue;
      ++restart_report_.dropped;
      RemovedItem damaged;
      Guard guard(index_, hash);
      damaged = Unlink(guard, Find(guard, item.key(), hash));
    }
  }
  for (const ItemHandle handle : pieces) {
    const ValuePiece& piece = layout_.PieceAt(handle);
    // Those of damaged items are free already.
    if (piece.queue() == EvictionNode::kPiece && piece.link == kNoItem) GiveBack(piece);
  }
}

void Store::EnqueueRestored(int size_class, const RestartImage::SizeClass& kept) {
  const auto enqueue = [&](ItemHandle handle) {
    Item& item = ItemAt(handle);
    const EvictionNode::Queue queue = item.queue();
    if (queue != EvictionNode::kEntering && queue != EvictionNode::kAbandoned) return;
    Enqueue(item, Hash(item.key()), Arrival::kNew, /*is_new=*/false);
  };
  for (const ItemHandle handle : kept.probation) {
    if (IsChunkOf(size_class, handle)) enqueue(handle);
  }
  for (const RestartImage::Page page : kept.pages) {
    for (std::uint32_t slot = 0; slot < page.cut; ++slot) {
      enqueue(ChunkAt(size_class, page.number, slot));
    }
  }
}

RestartImage::SizeClass Store::ImageOf(SizeClassState& state) const {
  SpinLockHolder hold(state.lock);
  RestartImage::SizeClass kept;
  const std::size_t pages = state.slabs.pages();
  // The clock's hand starts at the first page of the next store.
  std::uint32_t first = 0;
  ItemHandle next = kNoItem;
  if (state.policy->Next(EvictionNode::kMainQueue, absl::MakeSpan(&next, 1)) == 1) {
    while (state.slabs.PageAt({first, 0}) != state.slabs.PageOf(next)) ++first;
  }
  for (std::size_t i = 0; i < pages; ++i) {
    const std::uint32_t page = state.slabs.PageAt({static_cast<std::uint32_t>(first + i), 0});
    kept.pages.push_back({page, state.slabs.CutChunks(page)});
  }
  kept.probation.resize(3 * state.policy->counts().probation + kLeftPlaces);
  kept.probation.resize(
      state.policy->Next(EvictionNode::kProbationQueue, absl::MakeSpan(kept.probation)));
  return kept;
}

absl::Status Store::CloseFile(UnixSeconds now) {
  if (file_ == nullptr) return absl::FailedPreconditionError("there is no memory file");
  // One that was deleted while it is held would come back to life.
  if (const std::size_t held = pins_.size(); held != 0) {
    return absl::FailedPreconditionError(absl::StrCat(held, " items are still held"));
  }
  Observe(now);
  RestartImage image;
  image.settings = SettingsOf(options_, size_classes_);
  image.generation = file_->generation();
  image.hash_seed = seed_;
  image.cas_base = cas_base_;
  image.cas_ticks = cas_clock_.HighestTicks();
  image.items = index_.items();
  image.flush_count = epoch_.load(std::memory_order_relaxed);
  image.flush_at = flush_at_.load(std::memory_order_relaxed);
  image.stopped_at = now;
  for (const std::unique_ptr<SizeClassState>& state : classes_) {
    image.classes.push_back(ImageOf(*state));
  }
  return file_->WriteMeta(pages_->memory(), EncodeRestartImage(image));
}

}  // namespace ringcache::storage
