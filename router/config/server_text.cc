#include "router/config/server_text.h"

#include <algorithm>
#include <array>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ringcache::router {
namespace {

struct Word {
  absl::string_view word;
  absl::string_view problem;  // empty: what is done anyway
};
constexpr absl::string_view kNoEncryption =
    "connections to servers are not encrypted; write host:port";
constexpr absl::string_view kOnlyAscii =
    "servers are spoken to in memcached's text protocol only; "
    "write host:port or host:port:ascii";
constexpr std::array<Word, 10> kWords = {{
    {"ascii", ""},
    {"plain", ""},
    {"notcompressed", ""},
    {"caret", kOnlyAscii},
    {"thrift", kOnlyAscii},
    {"umbrella", kOnlyAscii},
    {"ssl", kNoEncryption},
    {"tls", kNoEncryption},
    {"ktls12", kNoEncryption},
    {"compressed", "values are not compressed on their way to servers; write host:port"},
}};

}  // namespace

absl::StatusOr<discovery::WrittenMember> ParseServer(absl::string_view text) {
  absl::string_view address = text;
  for (;;) {
    const std::size_t colon = address.rfind(':');
    if (colon == absl::string_view::npos) break;
    const auto word = std::find_if(kWords.begin(), kWords.end(), [&](const Word& row) {
      return row.word == address.substr(colon + 1);
    });
    if (word == kWords.end()) break;
    if (!word->problem.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("\"", word->word, "\": ", word->problem));
    }
    address = address.substr(0, colon);
  }
  return discovery::WrittenMember::Parse(address);
}

}  // namespace ringcache::router
