// Text for a protobuf string, which must be UTF-8: a receiver refuses a whole message otherwise.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ADMIN_SERVICE_UTF8_TEXT_H_
#define RINGCACHE_ADMIN_SERVICE_UTF8_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace ringcache::admin {

// `text` as it is if it is UTF-8, as RFC 3629 says; otherwise with '?' for each byte above 127.
// Names of hosts, members and stats come from outside.
std::string Utf8Text(absl::string_view text);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_UTF8_TEXT_H_
