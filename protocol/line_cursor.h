// Reads the words of one command or reply line, left to right, without splitting it first.
//
// Thread safety: a cursor belongs to one caller; it holds pointers and owns nothing.

#ifndef RINGCACHE_PROTOCOL_LINE_CURSOR_H_
#define RINGCACHE_PROTOCOL_LINE_CURSOR_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "protocol/decimal.h"
#include "protocol/word_end.h"

namespace ringcache::protocol {

class LineCursor {
 public:
  explicit LineCursor(absl::string_view line)
      : next_(line.data()), end_(line.data() + line.size()) {}
  LineCursor(const char* begin, const char* end) : next_(begin), end_(end) {}

  // The next word, empty at the end of the line.
  absl::string_view Word() {
    SkipSpaces();
    const char* begin = next_;
    next_ = WordEnd(begin, end_);
    return absl::string_view(begin, static_cast<std::size_t>(next_ - begin));
  }

  // Reads a word of at most 18 digits: the common case of every number. Returns false, and reads
  // nothing, on any other word; the caller falls back to Word() and decimal.h.
  bool ShortNumber(std::uint64_t* value) {
    SkipSpaces();
    const char* cursor = next_;
    std::uint64_t result = 0;
    while (cursor != end_) {
      const unsigned digit = static_cast<unsigned char>(*cursor) - unsigned{'0'};
      if (digit > 9) break;
      result = result * 10 + digit;
      ++cursor;
    }
    const std::ptrdiff_t digits = cursor - next_;
    if (digits == 0 || digits > 18 || (cursor != end_ && *cursor != ' ')) return false;
    next_ = cursor;
    *value = result;
    return true;
  }

  bool Uint64(std::uint64_t* value) { return ShortNumber(value) || ParseUint64(Word(), value); }

  bool Uint32(std::uint32_t* value) {
    std::uint64_t wide = 0;
    if (!Uint64(&wide) || wide > 0xffffffff) return false;
    *value = static_cast<std::uint32_t>(wide);
    return true;
  }

  bool Int64(std::int64_t* value) {
    std::uint64_t wide = 0;
    if (!ShortNumber(&wide)) return ParseInt64(Word(), value);
    *value = static_cast<std::int64_t>(wide);
    return true;
  }

  bool AtEnd() {
    SkipSpaces();
    return next_ == end_;
  }

  // What is left, without surrounding spaces; the cursor is at the end afterwards.
  absl::string_view Rest() {
    SkipSpaces();
    const char* begin = next_;
    const char* end = end_;
    while (end != begin && end[-1] == ' ') --end;
    next_ = end_;
    return absl::string_view(begin, static_cast<std::size_t>(end - begin));
  }

 private:
  void SkipSpaces() {
    while (next_ != end_ && *next_ == ' ') ++next_;
  }

  const char* next_;
  const char* end_;
};

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_LINE_CURSOR_H_
