// What became of a call to a pool.
//
// Thread safety: plain values.

#ifndef RINGCACHE_CLIENT_RESULT_H_
#define RINGCACHE_CLIENT_RESULT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/call_failure.h"

namespace ringcache::client {

enum class Outcome : std::uint8_t {
  kDone,       // hit, stored, deleted, touched, counted, flushed
  kMiss,       // no such key; or the policy for dead members says so, then `failure` tells why
  kNotStored,  // add of a key that is there, replace and append of one that is not
  kExists,     // cas: the item has changed since
  kRefused,    // the server answered an error line, which is in `text`
  kInvalid,    // the call was wrong and nothing was sent; `text` says what would be right
  kFailed,     // no reply: see `failure`
};

struct Result {
  Outcome outcome = Outcome::kFailed;
  // kFailed; kMiss if the policy for dead members made it one; else empty.
  std::optional<CallFailure> failure;
  std::uint32_t flags = 0;   // retrieval: the client flags
  std::uint64_t cas = 0;     // gets, gats: the CAS id; 0 if none was asked for
  std::uint64_t number = 0;  // incr, decr: the new number
  // Retrieval: the value. kRefused, kInvalid, version: words.
  std::string text;
  std::string meta_flags;  // meta: the flags of the reply, such as "f0 t-1"

  bool ok() const { return outcome == Outcome::kDone; }
};

// A sentence for people: "stored nothing", "cannot connect", the server's own words.
std::string Describe(const Result& result);

// One member's part of a call to all.
struct MemberResult {
  std::string name;  // its identity: "host:port", "[::1]:11211" or "/run/cache.sock"
  Result result;
  std::vector<std::pair<std::string, std::string>> stats;  // stats: name and value, in order
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_RESULT_H_
