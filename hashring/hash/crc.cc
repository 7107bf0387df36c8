#include "hashring/hash/crc.h"

#include <array>

namespace ringcache::hashring {
namespace {

// What each value of a byte adds, for a reflected polynomial.
template <typename Word>
constexpr std::array<Word, 256> TableOf(Word polynomial) {
  std::array<Word, 256> table = {};
  for (unsigned byte = 0; byte < table.size(); ++byte) {
    Word word = static_cast<Word>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      word = static_cast<Word>((word >> 1) ^ (word & 1 ? polynomial : Word{0}));
    }
    table[byte] = word;
  }
  return table;
}

constexpr std::array<std::uint32_t, 256> kTable32 = TableOf<std::uint32_t>(0xedb88320);
constexpr std::array<std::uint16_t, 256> kTable16 = TableOf<std::uint16_t>(0xa001);

}  // namespace

std::uint32_t Crc32(absl::string_view key) {
  std::uint32_t crc = ~0u;
  for (const char byte : key) {
    crc = (crc >> 8) ^ kTable32[(crc ^ static_cast<unsigned char>(byte)) & 0xff];
  }
  return ~crc;
}

std::uint32_t Crc32Fifteen(absl::string_view key) { return (Crc32(key) >> 16) & 0x7fff; }

std::uint32_t Crc16(absl::string_view key) {
  std::uint16_t crc = 0;
  for (const char byte : key) {
    crc = static_cast<std::uint16_t>((crc >> 8) ^
                                     kTable16[(crc ^ static_cast<unsigned char>(byte)) & 0xff]);
  }
  return crc;
}

}  // namespace ringcache::hashring
