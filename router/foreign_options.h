// mcrouter's options that have no function here: accepted with a note, or refused with a reason.
//
// Thread safety: constants and pure functions.

#ifndef RINGCACHE_ROUTER_FOREIGN_OPTIONS_H_
#define RINGCACHE_ROUTER_FOREIGN_OPTIONS_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "flags/argument_reader.h"

namespace ringcache::router {

struct ForeignOption {
  flags::Syntax syntax;
  bool refused = false;
  // Why it changes nothing, or what to do instead.
  absl::string_view remark;
};

absl::Span<const ForeignOption> ForeignOptions();

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_FOREIGN_OPTIONS_H_
