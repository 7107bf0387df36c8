// How pymemcache writes a member's name, which it hashes: "host:port", or the path of a unix
// socket.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_HASHRING_PLACEMENT_NODE_NAME_H_
#define RINGCACHE_HASHRING_PLACEMENT_NODE_NAME_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "hashring/member.h"

namespace ringcache::hashring {

// With port 0 the host as it is.
inline std::string NodeName(const Member& member) {
  return member.port == 0 ? member.host : absl::StrCat(member.host, ":", member.port);
}

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_NODE_NAME_H_
