#include "tools/cli/input.h"

#include <algorithm>
#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace ringcache::cli {
namespace {

absl::Status ReadError() { return absl::ErrnoToStatus(errno, "standard input cannot be read"); }

}  // namespace

absl::StatusOr<std::string> ReadAll(std::FILE* stream, std::size_t max_bytes) {
  // What a pipe holds.
  constexpr std::size_t kReadBytes = 65536;
  std::string text;
  while (true) {
    const std::size_t old_size = text.size();
    text.resize(old_size + kReadBytes);
    text.resize(old_size + std::fread(&text[old_size], 1, kReadBytes, stream));
    if (text.size() > max_bytes) {
      return absl::InvalidArgumentError(absl::StrCat("the value on standard input has more than ",
                                                     max_bytes, " bytes, which no server takes"));
    }
    if (std::ferror(stream) != 0) return ReadError();
    if (text.size() == old_size) return text;
  }
}

absl::StatusOr<bool> LineReader::Next(std::string* line) {
  line->clear();
  ++number_;
  for (int byte = getc_unlocked(stream_); byte != EOF; byte = getc_unlocked(stream_)) {
    if (byte == '\n') return true;
    if (line->size() == max_line_bytes_) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number_, " has more than ", max_line_bytes_,
                       " bytes; set such a value by its key, which reads it from standard input"));
    }
    line->push_back(static_cast<char>(byte));
  }
  if (std::ferror(stream_) != 0) return ReadError();
  return !line->empty();
}

std::string EscapeValue(absl::string_view value) {
  return absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"\n", "\\n"}, {"\r", "\\r"}});
}

absl::StatusOr<std::string> UnescapeValue(absl::string_view text) {
  std::string value;
  value.reserve(text.size());
  while (true) {
    const std::size_t backslash = text.find('\\');
    value.append(text.data(), std::min(backslash, text.size()));
    if (backslash == absl::string_view::npos) return value;
    const absl::string_view escape = text.substr(backslash, 2);
    if (escape == "\\n") {
      value.push_back('\n');
    } else if (escape == "\\r") {
      value.push_back('\r');
    } else if (escape == "\\\\") {
      value.push_back('\\');
    } else {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", escape,
          "' in a value stands for nothing; a backslash is written \\\\, a newline \\n,"
          " a carriage return \\r"));
    }
    text.remove_prefix(backslash + 2);
  }
}

}  // namespace ringcache::cli
