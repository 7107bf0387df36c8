// What a client is made to do again and again, and what that took.
//
// Thread safety: plain values.

#ifndef RINGCACHE_TOOLS_CLIENTLOAD_LOAD_H_
#define RINGCACHE_TOOLS_CLIENTLOAD_LOAD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ringcache::clientload {

enum class ClientKind : std::uint8_t { kRingcache, kLibmemcached };
inline constexpr std::array<absl::string_view, 2> kClientNames = {"ringcache", "libmemcached"};

enum class CallKind : std::uint8_t {
  kGet,       // one key a call
  kMultiGet,  // `keys` keys a call
  kSet,
};
inline constexpr std::array<absl::string_view, 3> kCallNames = {"get", "multiget", "set"};

struct LoadOptions {
  ClientKind client = ClientKind::kRingcache;
  CallKind call = CallKind::kGet;
  std::string server = "127.0.0.1:11211";
  // Calls under way at once. libmemcached has one: a get of depth n is a retrieval of n keys there,
  // which is its way to have several gets under way.
  std::size_t depth = 1;
  std::size_t keys = 50;
  std::size_t key_bytes = 30;
  std::size_t value_bytes = 100;
  std::uint64_t seconds = 1;
  // Ringcache: how long its loop looks for replies before it sleeps.
  std::uint64_t spin_us = 0;

  // Says which value is wrong and what would be right.
  absl::Status Validate() const;
};

struct LoadResult {
  std::uint64_t operations = 0;  // keys read or stored
  std::uint64_t failures = 0;    // those of them that did not give what is expected
  double seconds = 0;
  double cpu_seconds = 0;  // of this process, in user and kernel
};

// The key that every call has: a server that answers without looking knows no other.
std::string TheKey(const LoadOptions& options);

// CPU time of this process so far.
double CpuSeconds();

}  // namespace ringcache::clientload

#endif  // RINGCACHE_TOOLS_CLIENTLOAD_LOAD_H_
