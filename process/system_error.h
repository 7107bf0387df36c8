// What went wrong with a system call, in words.
//
// Thread safety: functions only.

#ifndef RINGCACHE_PROCESS_SYSTEM_ERROR_H_
#define RINGCACHE_PROCESS_SYSTEM_ERROR_H_

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ringcache::process {

// "cannot <what>: <what errno says>". `what` and its parts must not have changed errno.
inline absl::Status SystemError(absl::string_view what) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", what));
}

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_SYSTEM_ERROR_H_
