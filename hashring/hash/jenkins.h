// Jenkins' lookup3, hashlittle() with the start value 13, as libmemcached and twemproxy have it.
//
// Source: B. Jenkins, lookup3.c, 2006.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_HASHRING_HASH_JENKINS_H_
#define RINGCACHE_HASHRING_HASH_JENKINS_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::hashring {

std::uint32_t Jenkins(absl::string_view key);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_HASH_JENKINS_H_
