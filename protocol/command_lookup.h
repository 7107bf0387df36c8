// From a command word to its row: a perfect hash of kCommands, found at compile time.
//
// A word is packed into a uint64_t (its first eight bytes, lowest address in the lowest byte, zeros
// after a shorter word), multiplied by a constant under which no two words share a slot, and
// compared once. This costs the same for every command, and a new row finds its own constant.
//
// Thread safety: constants and pure functions.

#ifndef RINGCACHE_PROTOCOL_COMMAND_LOOKUP_H_
#define RINGCACHE_PROTOCOL_COMMAND_LOOKUP_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/base/config.h"
#include "absl/strings/string_view.h"
#include "protocol/command_table.h"

namespace ringcache::protocol {

class CommandLookup {
 public:
  // The row of the command `word`, or null.
  static const CommandRow* Find(absl::string_view word) {
    if (word.empty() || word.size() > kMaxWordBytes) return nullptr;
    return FindPacked(Pack(word), word);
  }

  // The same, with the word already packed.
  static const CommandRow* FindPacked(std::uint64_t packed, absl::string_view word) {
    const Slot& slot = kTable.slots[SlotOf(packed, kTable.multiplier)];
    if (slot.packed != packed) return nullptr;
    const CommandRow& row = kCommands[slot.row];
    if (row.word.size() != word.size()) return nullptr;
    if (word.size() > 8 &&
        std::memcmp(word.data() + 8, row.word.data() + 8, word.size() - 8) != 0) {
      return nullptr;
    }
    return &row;
  }

  static constexpr std::uint64_t Pack(absl::string_view word) {
    std::uint64_t packed = 0;
    for (std::size_t i = 0; i < word.size() && i < 8; ++i) {
      packed |= static_cast<std::uint64_t>(static_cast<unsigned char>(word[i])) << (8 * i);
    }
    return packed;
  }

 private:
  static constexpr std::size_t kMaxWordBytes = 14;  // cache_memlimit
  static constexpr int kSlotBits = 8;

  struct Slot {
    std::uint64_t packed = 0;
    std::uint8_t row = 0;
  };
  struct Table {
    std::uint64_t multiplier = 0;
    std::array<Slot, std::size_t{1} << kSlotBits> slots{};
  };

  static constexpr std::size_t SlotOf(std::uint64_t packed, std::uint64_t multiplier) {
    return static_cast<std::size_t>((packed * multiplier) >> (64 - kSlotBits));
  }

  static constexpr bool Fill(Table* table) {
    for (std::size_t i = 0; i < kCommands.size(); ++i) {
      const std::uint64_t packed = Pack(kCommands[i].word);
      Slot& slot = table->slots[SlotOf(packed, table->multiplier)];
      if (slot.packed != 0) return false;
      slot = {packed, static_cast<std::uint8_t>(i)};
    }
    return true;
  }

  // Tries odd multipliers in a fixed sequence. One in some ten fits; two commands that share their
  // first eight bytes would never fit, and the compiler says so.
  static constexpr Table MakeTable() {
    std::uint64_t multiplier = 0x9e3779b97f4a7c15;  // 2^64 divided by the golden ratio
    for (int attempt = 0; attempt < 1000; ++attempt) {
      Table table;
      table.multiplier = multiplier;
      if (Fill(&table)) return table;
      multiplier = multiplier * 6364136223846793005u + 1442695040888963406u;
    }
    return Table{};
  }

  static const Table kTable;
  friend struct CommandLookupCheck;
};

inline constexpr CommandLookup::Table CommandLookup::kTable = CommandLookup::MakeTable();

struct CommandLookupCheck {
  static constexpr bool Complete() {
    for (const CommandRow& row : kCommands) {
      if (row.word.size() > CommandLookup::kMaxWordBytes) return false;
    }
    return CommandLookup::kTable.multiplier != 0;
  }
};
static_assert(CommandLookupCheck::Complete(), "no perfect hash: do two words begin alike?");

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_COMMAND_LOOKUP_H_
