#include "storage/value_layout.h"

#include <cstddef>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "storage/item.h"

namespace ringcache::storage {
namespace {

constexpr std::size_t kChunk = 4096;
constexpr std::size_t kInPiece = kChunk - sizeof(ValuePiece);

// Some chunks, of which the first holds an item and the others are its pieces.
class ValueLayoutTest : public testing::Test {
 protected:
  static constexpr std::size_t kChunks = 16;

  Item& ItemOf(std::size_t value_bytes, absl::string_view key = "key",
               CasField cas_field = CasField::kNarrow, std::uint32_t client_flags = 0) {
    Item& item = static_cast<Item&>(nodes_[1]);
    const ValueLayout::Parts parts = layout_.PartsOf(key.size(), value_bytes);
    item.InitializeChunked(key, static_cast<std::uint32_t>(value_bytes), parts.head_bytes,
                           parts.pieces, cas_field, client_flags, kNever, 1000);
    return item;
  }
  ItemHandle ChunkHandle(std::size_t number) {
    return nodes_.HandleOf(memory_.data() + number * kChunk);
  }
  void AddPieces(Item& item) {
    for (std::size_t i = 0; i < item.piece_count(); ++i) item.set_piece(i, ChunkHandle(i + 1));
  }

  std::vector<char> memory_ = std::vector<char>(kChunks * kChunk);
  NodeMap nodes_{memory_.data(), 3};
  ValueLayout layout_{nodes_, kChunk};
};

TEST_F(ValueLayoutTest, AnItemIsChunkedIfItDoesNotFitAChunk) {
  EXPECT_FALSE(layout_.IsChunked(kChunk));
  EXPECT_TRUE(layout_.IsChunked(kChunk + 1));
}

TEST_F(ValueLayoutTest, TakesAsFewPiecesAsHoldTheValueAndFillsAllButTheLast) {
  for (const CasField field : {CasField::kNone, CasField::kNarrow, CasField::kWide}) {
    for (std::size_t bytes = kChunk - 22; bytes < 12 * kChunk; bytes += bytes < 9000 ? 1 : 61) {
      const Item& item = ItemOf(bytes, "key", field, 7);
      ASSERT_LE(item.bytes_in_chunk(), kChunk) << bytes;
      ASSERT_EQ(item.value_bytes(), bytes);
      ASSERT_EQ(item.client_flags(), 7u);
      const std::size_t in_pieces = bytes - item.value().size();
      ASSERT_GT(in_pieces, (item.piece_count() - 1) * kInPiece) << bytes;
      ASSERT_LE(in_pieces, item.piece_count() * kInPiece) << bytes;
      ASSERT_EQ(layout_.PieceBytes(item, item.piece_count() - 1),
                in_pieces - (item.piece_count() - 1) * kInPiece);
    }
  }
}

TEST_F(ValueLayoutTest, PartsDoNotDependOnTheCasIdOrTheFlags) {
  const std::size_t narrow = ItemOf(20'000).value().size();
  EXPECT_EQ(ItemOf(20'000, "key", CasField::kWide, 1).value().size(), narrow);
}

TEST_F(ValueLayoutTest, TheKeyTakesItsRoomFromTheFirstPart) {
  const std::size_t with_short_key = ItemOf(20'000, "k").value().size();
  const std::string longest(kMaxKeyBytes, 'k');
  Item& item = ItemOf(20'000, longest);
  EXPECT_EQ(item.value().size(), with_short_key - (kMaxKeyBytes - 1));
  EXPECT_EQ(item.key(), longest);
}

TEST_F(ValueLayoutTest, EveryByteHasAPlaceOfItsOwn) {
  Item& item = ItemOf(20'000);
  AddPieces(item);
  std::string written;
  for (std::size_t offset = 0; offset < 20'000; offset += 100) {
    const auto byte = static_cast<char>('a' + offset / 100 % 26);
    for (std::size_t at = offset; at < offset + 100; ++at) layout_.From(item, at)[0] = byte;
    written.append(100, byte);
  }
  std::string read;
  for (absl::string_view part = layout_.From(std::as_const(item), 0); !part.empty();
       part = layout_.From(std::as_const(item), read.size())) {
    read.append(part.data(), part.size());
  }
  EXPECT_EQ(read, written);
  EXPECT_EQ(item.key(), "key");
}

TEST_F(ValueLayoutTest, NothingIsToBeFoundBehindTheEndOrInAMissingPiece) {
  Item& item = ItemOf(20'000);
  AddPieces(item);
  EXPECT_TRUE(ValueLayout::IsComplete(item));
  EXPECT_TRUE(layout_.From(item, 20'000).empty());
  EXPECT_TRUE(layout_.From(item, 1u << 30).empty());
  const std::size_t place = layout_.PlaceOf(item, 10'000).piece;
  item.set_piece(place, kNoItem);
  EXPECT_FALSE(ValueLayout::IsComplete(item));
  EXPECT_TRUE(layout_.From(item, 10'000).empty());
}

TEST_F(ValueLayoutTest, AnItemOfOneChunkIsReadAsItIs) {
  Item& item = static_cast<Item&>(nodes_[1]);
  item.Initialize("key", 5, CasField::kNarrow, 0, kNever, 1000);
  std::memcpy(item.mutable_value().data(), "value", 5);
  EXPECT_EQ(layout_.From(std::as_const(item), 0), "value");
  EXPECT_EQ(layout_.From(std::as_const(item), 2), "lue");
  EXPECT_TRUE(layout_.From(item, 5).empty());
  EXPECT_TRUE(ValueLayout::IsComplete(item));
  EXPECT_EQ(ValueLayout::NumberOf(item, ChunkHandle(1)), ValueLayout::kHead);
}

TEST_F(ValueLayoutTest, SoundIsWhatAgreesInItself) {
  Item& item = ItemOf(20'000);
  EXPECT_TRUE(layout_.IsSound(item, 100'000));
  EXPECT_FALSE(layout_.IsSound(item, 20'000)) << "too large with its key";
  char* const directory = const_cast<char*>(item.key().data()) + item.key_bytes();
  for (std::size_t at = 0; at < Item::DirectoryBytes(0); ++at) {
    directory[at] = static_cast<char>(directory[at] ^ 0x41);
    const bool is_length = at < sizeof(std::uint32_t);
    // Another length may need as many pieces.
    if (!is_length || at > 1) {
      EXPECT_FALSE(layout_.IsSound(item, 100'000)) << at;
    }
    directory[at] = static_cast<char>(directory[at] ^ 0x41);
  }
  EXPECT_TRUE(layout_.IsSound(item, 100'000));
}

TEST_F(ValueLayoutTest, KnowsItsPieces) {
  Item& item = ItemOf(20'000);
  AddPieces(item);
  EXPECT_EQ(ValueLayout::NumberOf(item, ChunkHandle(2)), 1u);
  EXPECT_EQ(ValueLayout::NumberOf(item, ChunkHandle(15)), ValueLayout::kHead);
}

TEST_F(ValueLayoutTest, ACopyOfTheItemSharesItsPieces) {
  Item& item = ItemOf(20'000);
  AddPieces(item);
  layout_.From(item, 0)[0] = 'x';
  Item& copy = static_cast<Item&>(nodes_[ChunkHandle(12)]);
  copy.CopyFrom(item);
  EXPECT_EQ(copy.value_bytes(), 20'000u);
  EXPECT_EQ(copy.value()[0], 'x');
  EXPECT_EQ(layout_.From(copy, 10'000).data(), layout_.From(item, 10'000).data());
}

}  // namespace
}  // namespace ringcache::storage
