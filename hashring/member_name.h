// How a member is called in errors, tables and configurations.
//
// Thread safety: a function only.

#ifndef RINGCACHE_HASHRING_MEMBER_NAME_H_
#define RINGCACHE_HASHRING_MEMBER_NAME_H_

#include <string>

#include "hashring/member.h"

namespace ringcache::hashring {

// `host:port`, with brackets around an IPv6 address; the path alone for a unix socket.
std::string NameOf(const Member& member);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_MEMBER_NAME_H_
