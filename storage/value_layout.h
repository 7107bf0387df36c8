// Where the bytes of a value lie. One that does not fit the largest chunk lies in several: the
// item's own holds a directory and the first part, pieces in other chunks hold the rest, each but
// the last as much as the largest chunk has room for.
//
//   item's chunk                                                 chunk of a piece
//   ┌────────┬───────────┬─────────────┬────────┬────────────┐   ┌──────┬──────┬─────────────┐
//   │ header │    key    │value bytes, │ handle │ value, from│   │ node │ hash │ value, goes │
//   │        │           │pieces       │ per p. │ its start  │   │      │      │ on          │
//   └────────┴───────────┴─────────────┴────────┴────────────┘   └──────┴──────┴─────────────┘
//
// Thread safety: as Item; what is linked is read under the key's lock, or while it is pinned.

#ifndef RINGCACHE_STORAGE_VALUE_LAYOUT_H_
#define RINGCACHE_STORAGE_VALUE_LAYOUT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/eviction/eviction_node.h"
#include "storage/item.h"

namespace ringcache::storage {

// The start of a chunk with a part of a value.
struct ValuePiece : EvictionNode {
  std::uint16_t unused;
  ItemHandle link;  // while it is free; then of no meaning
  // Of the key that the value belongs to: by it, whoever empties a page finds the item.
  std::uint64_t hash;

  char* data() { return reinterpret_cast<char*>(this) + sizeof(ValuePiece); }
  // Takes over what another piece holds.
  void CopyFrom(ValuePiece& other, std::size_t value_bytes) {
    hash = other.hash;
    std::memcpy(data(), other.data(), value_bytes);
    SetQueue(kPiece);
  }
};
static_assert(sizeof(ValuePiece) == 16);

class ValueLayout {
 public:
  // `chunk_bytes`: of the largest chunk.
  ValueLayout(NodeMap nodes, std::size_t chunk_bytes)
      : nodes_(nodes),
        chunk_bytes_(chunk_bytes),
        most_in_piece_(chunk_bytes - sizeof(ValuePiece)) {}

  // Whether an item of so many bytes (header, key and value) needs more than one chunk.
  bool IsChunked(std::size_t item_bytes) const { return item_bytes > chunk_bytes_; }

  struct Parts {
    std::size_t head_bytes;  // in the item's own chunk
    std::size_t pieces;
  };
  // REQUIRES: IsChunked of the item. Does not depend on how it keeps its CAS id, or on its flags.
  Parts PartsOf(std::size_t key_bytes, std::size_t value_bytes) const;

  // Where the byte at `offset` of a chunked item's value lies.
  struct Place {
    std::size_t piece = 0;  // kHead: in the item's own chunk
    std::size_t begin = 0;  // of this part, as an offset in the value
    std::size_t bytes = 0;  // of this part
  };
  static constexpr std::size_t kHead = ~std::size_t{0};
  // REQUIRES: offset < value_bytes().
  Place PlaceOf(const Item& item, std::size_t offset) const;

  // REQUIRES: number < item.piece_count().
  std::size_t PieceBytes(const Item& item, std::size_t number) const {
    const std::size_t begin = item.value().size() + number * most_in_piece_;
    return std::min(most_in_piece_, item.value_bytes() - begin);
  }
  // Which piece of the item lies there; kHead if none does.
  static std::size_t NumberOf(const Item& item, ItemHandle piece);

  // Whether what the item says of itself agrees. REQUIRES: is_chunked(), and its bytes_in_chunk()
  // are within its chunk; they may be garbage.
  bool IsSound(const Item& item, std::size_t max_item_bytes) const;

  // The rest of the part of the value that the byte at `offset` lies in: of an item that is not
  // chunked, the rest of the value. Empty at the end, and where a piece is missing.
  absl::Span<char> From(Item& item, std::size_t offset) const;
  absl::string_view From(const Item& item, std::size_t offset) const {
    const absl::Span<char> part = From(const_cast<Item&>(item), offset);
    return {part.data(), part.size()};
  }

  std::string CopyOf(const Item& item) const;

  ValuePiece& PieceAt(ItemHandle handle) const { return static_cast<ValuePiece&>(nodes_[handle]); }
  // Whether all pieces are there.
  static bool IsComplete(const Item& item);

 private:
  NodeMap nodes_;
  std::size_t chunk_bytes_;
  std::size_t most_in_piece_;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_VALUE_LAYOUT_H_
