// MD5 by OpenSSL: ketama's hash of points and keys. Not for security.
//
// Thread safety: pure functions.

#ifndef RINGCACHE_HASHRING_HASH_MD5_H_
#define RINGCACHE_HASHRING_HASH_MD5_H_

#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::hashring {

// The four words of the digest. As bytes they are little endian, so `words[0]` is the number that
// the digest's first four bytes make in that order, which is what ketama takes.
using Md5Words = std::array<std::uint32_t, 4>;

Md5Words Md5(absl::string_view text);

// The first word: libmemcached's and twemproxy's hash "md5" of a key.
inline std::uint32_t Md5_32(absl::string_view key) { return Md5(key)[0]; }

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_HASH_MD5_H_
