// A request: an operation and its typed fields. Codecs produce it from bytes (request_parser.h) and
// spell it as bytes (request_writer.h); the server and the router work on nothing else.
//
// Views point into the bytes that were parsed and are valid as long as these stay where they are.
// A request never holds value bytes: storage requests carry the length of the data block only.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_PROTOCOL_REQUEST_H_
#define RINGCACHE_PROTOCOL_REQUEST_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "protocol/operation.h"

namespace ringcache::protocol {

// Longest key, in bytes as stored (a base64 key is measured after decoding).
inline constexpr std::size_t kMaxKeyBytes = 250;
// A line that has no newline within this many bytes closes the connection (retrieval by many keys
// excepted: see kMaxMultigetLineBytes in request_parser.h).
inline constexpr std::size_t kMaxLineBytes = 2048;
// Longest opaque token of a meta request.
inline constexpr std::size_t kMaxOpaqueBytes = 32;

// What a meta set (`M` flag) or meta arithmetic does.
enum class MetaSetMode : std::uint8_t { kSet, kAdd, kReplace, kAppend, kPrepend };

// The set of flag letters of a meta request: one bit per ASCII letter.
class MetaFlagSet {
 public:
  // REQUIRES: `flag` is an ASCII letter.
  constexpr void Add(char flag) { bits_ |= Bit(flag); }
  constexpr bool Has(char flag) const { return (bits_ & Bit(flag)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(MetaFlagSet, MetaFlagSet) = default;

 private:
  static constexpr std::uint64_t Bit(char flag) {
    return std::uint64_t{1} << (static_cast<unsigned char>(flag) - 'A');
  }
  std::uint64_t bits_ = 0;
};

// The typed flags of a meta request. A field is meaningful only if `has.Has(letter)`.
struct MetaFlags {
  MetaFlagSet has;
  // All flag tokens as sent ("v t O123 k"), for echoing in the order requested.
  absl::string_view text;
  absl::string_view opaque;              // O
  std::uint64_t compare_cas = 0;         // C
  std::uint64_t new_cas = 0;             // E
  std::uint32_t client_flags = 0;        // F
  std::int64_t ttl_s = 0;                // T, as sent: relative, absolute or negative
  std::int64_t vivify_ttl_s = 0;         // N
  std::int64_t recache_below_s = 0;      // R
  std::uint64_t initial = 0;             // J
  std::uint64_t delta = 1;               // D
  MetaSetMode mode = MetaSetMode::kSet;  // M of ms
  bool decrement = false;                // M of ma
};

struct Request {
  Operation operation = Operation::kVersion;
  // Classic `noreply`, or the meta flag `q`: normal replies are left out (which ones, the reply
  // writer decides by operation).
  bool quiet = false;
  // The key is base64 on the wire (meta flag `b`); DecodeKey() in base64_key.h gives its bytes.
  // The parser has verified that it decodes to 1 .. kMaxKeyBytes bytes.
  bool key_is_base64 = false;
  // The one key. For kGet, kGets, kGat, kGats it is empty: see `keys`.
  absl::string_view key;
  // kGet, kGets, kGat, kGats: the part of the line that holds the keys; iterate with KeyIterator
  // (key_iterator.h). At least one key; every key has been verified to be within kMaxKeyBytes.
  absl::string_view keys;
  // Storage operations: length of the data block that follows, without its "\r\n".
  std::uint32_t value_bytes = 0;
  std::uint32_t client_flags = 0;
  // As sent: 0 never, negative at once, up to 30 days relative, above that Unix time, in seconds.
  // Also the delay of flush_all (has_argument tells whether one was given).
  std::int64_t exptime_s = 0;
  std::uint64_t cas = 0;    // kCas
  std::uint64_t delta = 0;  // kIncrement, kDecrement; megabytes of kCacheMemlimit; kVerbosity level
  bool has_argument = false;  // flush_all: a delay was given
  // kStats, kShutdown, kSlabs, kLru, kLruCrawler, kWatch, kDebugTime, kConfig: what follows the
  // command word, without surrounding spaces.
  absl::string_view arguments;
  MetaFlags meta;
};

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_REQUEST_H_
