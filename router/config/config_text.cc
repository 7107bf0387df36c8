#include "router/config/config_text.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ringcache::router {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

void Blank(std::string* text, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    if ((*text)[i] != '\n' && (*text)[i] != '\r') (*text)[i] = ' ';
  }
}

// Just past the quote that ends the string which begins at `at`; npos if there is none. A string
// has no line break, so that a quote that is missing is found in its own line.
std::size_t EndOfString(absl::string_view text, std::size_t at) {
  for (std::size_t i = at + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\') ++i;
  }
  return absl::string_view::npos;
}

// Just past the comment that begins at `at`; npos if it does not end.
std::size_t EndOfComment(absl::string_view text, std::size_t at) {
  if (text[at + 1] == '/') return std::min(text.find('\n', at), text.size());
  const std::size_t end = text.find("*/", at + 2);
  return end == absl::string_view::npos ? end : end + 2;
}

bool BeginsComment(absl::string_view text, std::size_t at) {
  return text[at] == '/' && at + 1 < text.size() && (text[at + 1] == '/' || text[at + 1] == '*');
}

}  // namespace

TextProblem BlankComments(std::string* text) {
  if (text->size() > kMaxConfigBytes) {
    return {absl::StrCat("has ", text->size(), " bytes; at most ", kMaxConfigBytes, " are read"),
            0};
  }
  if (absl::StartsWith(*text, kByteOrderMark)) Blank(text, 0, kByteOrderMark.size());
  std::size_t depth = 0, values = 1;
  for (std::size_t i = 0; i < text->size();) {
    const char c = (*text)[i];
    if (c == '"') {
      const std::size_t end = EndOfString(*text, i);
      if (end == std::string::npos) {
        return {"the string that begins here has no closing \" in its line", i};
      }
      i = end;
      continue;
    }
    if (BeginsComment(*text, i)) {
      const std::size_t end = EndOfComment(*text, i);
      if (end == std::string::npos) return {"the comment that begins here has no closing */", i};
      Blank(text, i, end);
      i = end;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && depth > 0) --depth;
    if (c == '{' || c == '[' || c == ',') ++values;
    if (depth > kMaxConfigDepth) {
      return {absl::StrCat("is nested deeper than ", kMaxConfigDepth,
                           "; name parts of it in \"named_handles\""),
              i};
    }
    if (values > kMaxConfigValues) {
      return {absl::StrCat("has more than ", kMaxConfigValues, " values"), i};
    }
    ++i;
  }
  return {};
}

}  // namespace ringcache::router
