#include "router/spool/file_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace ringcache::router {
namespace {

constexpr absl::string_view kVersion = ".v1";
constexpr absl::string_view kOverflowed = "overflowed";
constexpr std::size_t kSequenceDigits = 16;
static_assert(1 + kSequenceDigits + kVersion.size() + kMaxEscapedNameBytes == 255);

std::string Escape(absl::string_view member) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string escaped;
  for (const char character : member) {
    const auto byte = static_cast<unsigned char>(character);
    // A leading dot would hide the file, or be "..".
    const bool is_plain = absl::ascii_isalnum(byte) || character == '-' || character == '_' ||
                          character == ':' || character == '[' || character == ']' ||
                          (character == '.' && !escaped.empty());
    if (is_plain) {
      escaped.push_back(character);
    } else {
      const char code[] = {'%', kDigits[byte >> 4], kDigits[byte & 15]};
      escaped.append(code, sizeof(code));
    }
  }
  return escaped;
}

std::string Unescape(absl::string_view escaped) {
  std::string member;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    std::uint32_t byte = 0;
    if (escaped[i] == '%' && absl::SimpleHexAtoi(escaped.substr(i + 1, 2), &byte)) {
      member.push_back(static_cast<char>(byte));
      i += 2;
    } else {
      member.push_back(escaped[i]);
    }
  }
  return member;
}

}  // namespace

bool CanNameFiles(absl::string_view member) {
  return !member.empty() && Escape(member).size() <= kMaxEscapedNameBytes;
}

std::string SpellFileName(const FileName& name) {
  const std::string escaped = Escape(name.member);
  if (!name.sequence) return absl::StrCat(escaped, "~", kOverflowed);
  return absl::StrCat(escaped, "~", absl::Hex(*name.sequence, absl::kZeroPad16), kVersion);
}

std::optional<FileName> ParseFileName(absl::string_view text) {
  const std::size_t end = text.find('~');
  if (end == text.npos) return std::nullopt;
  FileName name;
  name.member = Unescape(text.substr(0, end));
  absl::string_view rest = text.substr(end + 1);
  if (rest != kOverflowed) {
    std::uint64_t sequence = 0;
    if (!absl::ConsumeSuffix(&rest, kVersion) || !absl::SimpleHexAtoi(rest, &sequence)) {
      return std::nullopt;
    }
    name.sequence = sequence;
  }
  // One spelling each: two files are never the same segment.
  if (!CanNameFiles(name.member) || SpellFileName(name) != text) return std::nullopt;
  return name;
}

}  // namespace ringcache::router
