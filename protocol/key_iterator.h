// Walks the keys of a retrieval line, and the flags of a meta line, in the bytes where they lie.
//
// Thread safety: an iterator belongs to one caller; it holds views and owns nothing.

#ifndef RINGCACHE_PROTOCOL_KEY_ITERATOR_H_
#define RINGCACHE_PROTOCOL_KEY_ITERATOR_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "protocol/word_end.h"

namespace ringcache::protocol {

// Splits at runs of spaces. Control bytes are part of a word, as in memcached.
//
//   KeyIterator keys(request.keys);
//   for (absl::string_view key; keys.Next(&key);) { ... }
class KeyIterator {
 public:
  explicit KeyIterator(absl::string_view keys)
      : next_(keys.data()), end_(keys.data() + keys.size()) {}

  // Stores the next key and returns true, or returns false at the end.
  bool Next(absl::string_view* key) {
    while (next_ != end_ && *next_ == ' ') ++next_;
    if (next_ == end_) return false;
    const char* begin = next_;
    next_ = WordEnd(begin, end_);
    *key = absl::string_view(begin, static_cast<std::size_t>(next_ - begin));
    return true;
  }

 private:
  const char* next_;
  const char* end_;
};

// Number of keys in `keys`.
inline std::size_t CountKeys(absl::string_view keys) {
  std::size_t count = 0;
  bool in_key = false;
  for (const char c : keys) {
    count += static_cast<std::size_t>(c != ' ' && !in_key);
    in_key = c != ' ';
  }
  return count;
}

// One flag of a meta line: its letter and the token glued to it ("T30": 'T' and "30").
struct MetaFlag {
  char letter;
  absl::string_view token;
};

// Walks MetaFlags::text in the order sent, which is the order in which replies return flags.
class MetaFlagIterator {
 public:
  explicit MetaFlagIterator(absl::string_view text) : words_(text) {}

  bool Next(MetaFlag* flag) {
    absl::string_view word;
    if (!words_.Next(&word)) return false;
    flag->letter = word.front();
    word.remove_prefix(1);
    flag->token = word;
    return true;
  }

 private:
  KeyIterator words_;
};

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_KEY_ITERATOR_H_
