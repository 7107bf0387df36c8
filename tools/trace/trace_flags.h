// The trace player's command line: one table of flags, read and explained.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_TRACE_TRACE_FLAGS_H_
#define RINGCACHE_TOOLS_TRACE_TRACE_FLAGS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tools/trace/trace_options.h"

namespace ringcache::trace {

// Reads `--name=value`, `--name value` and, for switches, `--name`. The result is validated unless
// it asks for help.
absl::StatusOr<TraceOptions> ParseTraceOptions(absl::Span<const absl::string_view> arguments);

// The text of --help.
std::string TraceOptionsHelp();

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_TRACE_FLAGS_H_
