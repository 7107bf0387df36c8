// Hsieh's SuperFastHash from a zero start, as twemproxy's "hsieh". The third byte of a tail of
// three counts as a signed number there; so here. Debian's libmemcached is built without it.
//
// Source: P. Hsieh, "Hash functions", 2004 to 2008.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_HASHRING_HASH_HSIEH_H_
#define RINGCACHE_HASHRING_HASH_HSIEH_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::hashring {

std::uint32_t Hsieh(absl::string_view key);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_HASH_HSIEH_H_
