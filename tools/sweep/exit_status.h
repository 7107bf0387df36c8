// What the program's exit status says to a script. Of several members, the highest counts.
//
// Thread safety: values only.

#ifndef RINGCACHE_TOOLS_SWEEP_EXIT_STATUS_H_
#define RINGCACHE_TOOLS_SWEEP_EXIT_STATUS_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::sweep {

enum class ExitStatus : std::uint8_t {
  kDone,         // every key is at home
  kForeign,      // a dry run found keys that are not
  kUsage,        // wrong options
  kRefused,      // a server answered with an error
  kUnreachable,  // a server could not be reached, died or did not answer, or none was found
  kUnsure,       // the members are not those of the ring, or changed meanwhile
  kStreams,      // standard output could not be written
};

// For the help.
inline constexpr absl::string_view kExitStatusHelp =
    "Exits with 0 if every key is at home now, 1 if a dry run found keys that are not, 2 for "
    "wrong\n"
    "usage, 3 if a server refused, 4 if one could not be reached, died or did not answer, 5 if "
    "the\n"
    "members are not as expected or changed meanwhile, 6 if standard output failed. Of several\n"
    "members, the highest counts.";

}  // namespace ringcache::sweep

#endif  // RINGCACHE_TOOLS_SWEEP_EXIT_STATUS_H_
