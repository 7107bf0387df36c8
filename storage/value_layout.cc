#include "storage/value_layout.h"

namespace ringcache::storage {
namespace {

// What precedes the key at most.
constexpr std::size_t kMostBeforeKey =
    Item::TotalBytes(0, 0, CasField::kWide, /*has_client_flags=*/true);

}  // namespace

ValueLayout::Parts ValueLayout::PartsOf(std::size_t key_bytes, std::size_t value_bytes) const {
  const std::size_t room = chunk_bytes_ - kMostBeforeKey - key_bytes;
  // Each piece takes its handle's bytes from the head and adds what it holds.
  const std::size_t missing = value_bytes + Item::DirectoryBytes(0) - room;
  const std::size_t gain = most_in_piece_ - sizeof(ItemHandle);
  const std::size_t pieces = (missing + gain - 1) / gain;
  return {room - Item::DirectoryBytes(pieces), pieces};
}

ValueLayout::Place ValueLayout::PlaceOf(const Item& item, std::size_t offset) const {
  const std::size_t head_bytes = item.value().size();
  if (offset < head_bytes) return {kHead, 0, head_bytes};
  const std::size_t piece = (offset - head_bytes) / most_in_piece_;
  const std::size_t begin = head_bytes + piece * most_in_piece_;
  return {piece, begin, PieceBytes(item, piece)};
}

std::size_t ValueLayout::NumberOf(const Item& item, ItemHandle piece) {
  if (!item.is_chunked()) return kHead;
  for (std::size_t number = 0; number < item.piece_count(); ++number) {
    if (item.piece(number) == piece) return number;
  }
  return kHead;
}

absl::Span<char> ValueLayout::From(Item& item, std::size_t offset) const {
  if (!item.is_chunked()) return item.mutable_value().subspan(offset);
  if (offset >= item.value_bytes()) return {};
  const Place place = PlaceOf(item, offset);
  if (place.piece == kHead) return item.mutable_value().subspan(offset);
  const ItemHandle handle = item.piece(place.piece);
  if (handle == kNoItem) return {};
  return absl::MakeSpan(PieceAt(handle).data(), place.bytes).subspan(offset - place.begin);
}

std::string ValueLayout::CopyOf(const Item& item) const {
  std::string value;
  value.reserve(item.value_bytes());
  for (absl::string_view part = From(item, 0); !part.empty(); part = From(item, value.size())) {
    value.append(part.data(), part.size());
  }
  return value;
}

bool ValueLayout::IsSound(const Item& item, std::size_t max_item_bytes) const {
  const bool has_flags = item.client_flags() != 0;
  const auto bytes_with = [&](std::size_t inner_bytes) {
    return Item::TotalBytes(item.key_bytes(), inner_bytes, item.cas_field(), has_flags);
  };
  if (item.bytes_in_chunk() < bytes_with(Item::DirectoryBytes(0))) return false;
  const std::size_t bytes = bytes_with(item.value_bytes());
  if (!IsChunked(bytes) || bytes > max_item_bytes) return false;
  const Parts parts = PartsOf(item.key_bytes(), item.value_bytes());
  return item.piece_count() == parts.pieces &&
         item.bytes_in_chunk() == bytes_with(Item::DirectoryBytes(parts.pieces) + parts.head_bytes);
}

bool ValueLayout::IsComplete(const Item& item) {
  if (!item.is_chunked()) return true;
  for (std::size_t number = 0; number < item.piece_count(); ++number) {
    if (item.piece(number) == kNoItem) return false;
  }
  return true;
}

}  // namespace ringcache::storage
