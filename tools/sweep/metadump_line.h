// A line of `lru_crawler metadump`: "key=a%20b exp=-1 la=1700000000 cas=7 ...".
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_SWEEP_METADUMP_LINE_H_
#define RINGCACHE_TOOLS_SWEEP_METADUMP_LINE_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "protocol/request.h"

namespace ringcache::sweep {

// The key of `line`, which has no line break at its end, with %XX undone, as a view into `key`.
// Empty if there is no key, a % without two hexadecimal digits, or more than a key may have.
absl::string_view KeyOfMetadumpLine(absl::string_view line, char (&key)[protocol::kMaxKeyBytes]);

}  // namespace ringcache::sweep

#endif  // RINGCACHE_TOOLS_SWEEP_METADUMP_LINE_H_
