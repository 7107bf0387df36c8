// Seconds as the admin interface takes them.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_RINGCTL_DURATION_MESSAGE_H_
#define RINGCACHE_TOOLS_RINGCTL_DURATION_MESSAGE_H_

#include "google/protobuf/duration.pb.h"

namespace ringcache::ringctl {

// REQUIRES: 0 <= seconds <= 1e9.
google::protobuf::Duration DurationMessage(double seconds);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_DURATION_MESSAGE_H_
