// The comma-separated list behind `-o`.
//
// Thread safety: functions only.

#ifndef RINGCACHE_SERVER_EXTENDED_OPTIONS_H_
#define RINGCACHE_SERVER_EXTENDED_OPTIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/server_options.h"

namespace ringcache::server {

// Applies "name,name=value,..." to `options`; adds a sentence to `notes` for each that has no
// effect.
absl::Status ApplyExtendedOptions(absl::string_view list, ServerOptions* options,
                                  std::vector<std::string>* notes);

// The part of the help text about -o.
std::string ExtendedOptionsHelp();

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_EXTENDED_OPTIONS_H_
