#include "admin/service/utf8_text.h"

#include <cstddef>
#include <cstdint>

namespace ringcache::admin {

using absl::string_view;

namespace {

constexpr std::uint8_t kFirstBeyondAscii = 0x80;

std::uint8_t ByteAt(string_view text, std::size_t index) {
  return static_cast<std::uint8_t>(text[index]);
}

// The bytes of the character that `text` begins with; 0 if it is none. RFC 3629, section 4.
std::size_t CharacterLength(string_view text) {
  const std::uint8_t first = ByteAt(text, 0);
  if (first < kFirstBeyondAscii) return 1;
  const std::size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                             : first >= 0xE0 && first <= 0xEF ? 3
                             : first >= 0xF0 && first <= 0xF4 ? 4
                                                              : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((ByteAt(text, i) & 0xC0) != 0x80) return 0;
  }
  // Longer than needed, a surrogate, or past the last character.
  const std::uint8_t second = ByteAt(text, 1);
  const bool out_of_range = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                            (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
  return out_of_range ? 0 : length;
}

bool IsUtf8(string_view text) {
  while (!text.empty()) {
    const std::size_t length = CharacterLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

std::string Utf8Text(string_view text) {
  std::string result(text);
  if (IsUtf8(text)) return result;
  for (char& byte : result) {
    if (static_cast<std::uint8_t>(byte) >= kFirstBeyondAscii) byte = '?';
  }
  return result;
}

}  // namespace ringcache::admin
