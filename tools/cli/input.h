// What the program reads: a whole value, or lines of keys and values.
//
// A line is `key value`; the value is all after the first space. In it a newline is written \n, a
// carriage return \r and a backslash \\, so that a line can hold any value and what `get -` writes
// can be read by `set -`.
//
// Thread safety: belongs to one thread. Streams are not owned.

#ifndef RINGCACHE_TOOLS_CLI_INPUT_H_
#define RINGCACHE_TOOLS_CLI_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ringcache::cli {

// The largest that a server can be told to take, and what the client takes from one.
inline constexpr std::size_t kMaxValueBytes = std::size_t{1} << 30;

// All that is left of `stream`. Fails if there is more than `max_bytes` or reading fails.
absl::StatusOr<std::string> ReadAll(std::FILE* stream, std::size_t max_bytes = kMaxValueBytes);

class LineReader {
 public:
  // Far above the usual limit of an item, 1 MiB; what is longer is set alone.
  static constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20;

  explicit LineReader(std::FILE* stream, std::size_t max_line_bytes = kMaxLineBytes)
      : stream_(stream), max_line_bytes_(max_line_bytes) {}

  // The next line without its newline, which the last one may lack; false at the end. Fails for a
  // line that is too long or if reading fails; there is nothing to read after that.
  absl::StatusOr<bool> Next(std::string* line);
  // Of the last line, from 1.
  std::uint64_t number() const { return number_; }

 private:
  std::FILE* const stream_;
  const std::size_t max_line_bytes_;
  std::uint64_t number_ = 0;
};

// A value as lines have it.
std::string EscapeValue(absl::string_view value);
// The value. Fails for a backslash before anything else than n, r or a backslash.
absl::StatusOr<std::string> UnescapeValue(absl::string_view text);

}  // namespace ringcache::cli

#endif  // RINGCACHE_TOOLS_CLI_INPUT_H_
