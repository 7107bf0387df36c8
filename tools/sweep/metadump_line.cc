#include "tools/sweep/metadump_line.h"

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace ringcache::sweep {
namespace {

constexpr absl::string_view kPrefix = "key=";

// -1 if it is none.
int HexDigit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

}  // namespace

absl::string_view KeyOfMetadumpLine(absl::string_view line, char (&key)[protocol::kMaxKeyBytes]) {
  if (!absl::ConsumePrefix(&line, kPrefix)) return {};
  const absl::string_view encoded = line.substr(0, line.find(' '));
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (bytes == protocol::kMaxKeyBytes) return {};
    key[bytes] = encoded[i];
    if (encoded[i] == '%') {
      if (i + 2 >= encoded.size()) return {};
      const int high = HexDigit(encoded[i + 1]);
      const int low = HexDigit(encoded[i + 2]);
      if (high < 0 || low < 0) return {};
      key[bytes] = static_cast<char>(high * 16 + low);
      i += 2;
    }
    ++bytes;
  }
  return {key, bytes};
}

}  // namespace ringcache::sweep
