// Whether a key can be sent as it stands.
//
// Thread safety: functions only.

#ifndef RINGCACHE_CLIENT_KEY_CHECK_H_
#define RINGCACHE_CLIENT_KEY_CHECK_H_

#include <string>

#include "absl/strings/string_view.h"

namespace ringcache::client {

// Empty if `key` has 1 to 250 bytes without spaces and control characters; else what is wrong.
std::string KeyProblem(absl::string_view key);

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_KEY_CHECK_H_
