#include "tools/proof/versioned_value.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace ringcache::proof {
namespace {

// So that two values are not alike by chance.
constexpr std::size_t kMinLetters = 16;

// FNV-1a of the key and the version; the letters are its successors by a linear congruence.
std::uint64_t SeedOf(absl::string_view head) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : head) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace

std::string SpellValue(absl::string_view key, std::uint64_t version) {
  std::string value = absl::StrCat(key, "=", version, ":");
  std::uint64_t state = SeedOf(value);
  // Few are long.
  const std::size_t most = (state >> 60) == 0 ? kMaxLetters - kMinLetters : 200;
  for (std::size_t letters = kMinLetters + (state >> 20) % most; letters > 0; --letters) {
    state = state * 6364136223846793005 + 1442695040888963407;
    value += static_cast<char>('a' + (state >> 33) % 26);
  }
  return value;
}

std::optional<std::uint64_t> ReadVersion(absl::string_view key, absl::string_view value) {
  absl::string_view rest = value;
  std::uint64_t version = 0;
  if (!absl::ConsumePrefix(&rest, key) || !absl::ConsumePrefix(&rest, "=")) return std::nullopt;
  if (!absl::SimpleAtoi(rest.substr(0, rest.find(':')), &version)) return std::nullopt;
  if (value != SpellValue(key, version)) return std::nullopt;
  return version;
}

}  // namespace ringcache::proof
