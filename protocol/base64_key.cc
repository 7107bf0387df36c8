#include "protocol/base64_key.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "protocol/request.h"

namespace ringcache::protocol {
namespace {

constexpr absl::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static_assert(kAlphabet.size() == 64);

constexpr std::uint8_t kNotBase64 = 0xff;

constexpr std::array<std::uint8_t, 256> kSixBits = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::uint8_t& entry : table) entry = kNotBase64;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}();

std::uint32_t SixBits(char c) { return kSixBits[static_cast<unsigned char>(c)]; }

}  // namespace

std::ptrdiff_t Base64DecodedBytes(absl::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return -1;
  std::size_t digits = text.size();
  while (digits > text.size() - 2 && text[digits - 1] == '=') --digits;
  for (std::size_t i = 0; i < digits; ++i) {
    if (SixBits(text[i]) == kNotBase64) return -1;
  }
  const std::size_t padding = text.size() - digits;
  // The last digit carries 4 unused bits before "==" and 2 before "=".
  const std::uint32_t unused_mask = padding == 2 ? 0xf : padding == 1 ? 0x3 : 0;
  if ((SixBits(text[digits - 1]) & unused_mask) != 0) return -1;
  return static_cast<std::ptrdiff_t>(text.size() / 4 * 3 - padding);
}

absl::string_view DecodeKey(absl::string_view text, char (&out)[kMaxKeyBytes]) {
  const std::ptrdiff_t decoded = Base64DecodedBytes(text);
  if (decoded < 1 || decoded > static_cast<std::ptrdiff_t>(kMaxKeyBytes)) return {};
  const std::size_t size = static_cast<std::size_t>(decoded);
  std::size_t written = 0;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const char c = text[i + j];
      group = group << 6 | (c == '=' ? 0 : SixBits(c));
    }
    for (int shift = 16; shift >= 0 && written < size; shift -= 8) {
      out[written++] = static_cast<char>(group >> shift & 0xff);
    }
  }
  return absl::string_view(out, size);
}

char* WriteBase64(char* out, absl::string_view key) {
  for (std::size_t i = 0; i < key.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (i + j < key.size() ? static_cast<unsigned char>(key[i + j]) : 0u);
    }
    *out++ = kAlphabet[group >> 18 & 63];
    *out++ = kAlphabet[group >> 12 & 63];
    *out++ = i + 1 < key.size() ? kAlphabet[group >> 6 & 63] : '=';
    *out++ = i + 2 < key.size() ? kAlphabet[group & 63] : '=';
  }
  return out;
}

bool IsPlainKey(absl::string_view key) {
  if (key.empty() || key.size() > kMaxKeyBytes) return false;
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0x7f) return false;
  }
  return true;
}

}  // namespace ringcache::protocol
