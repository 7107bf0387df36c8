// What the program's exit status says to a script or a probe. Of several pods, the highest counts.
//
// Thread safety: values only.

#ifndef RINGCACHE_TOOLS_RINGCTL_EXIT_STATUS_H_
#define RINGCACHE_TOOLS_RINGCTL_EXIT_STATUS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace ringcache::ringctl {

enum class ExitStatus : std::uint8_t {
  kDone,         // all was done; of health: it serves
  kNotServing,   // of health only
  kUnreachable,  // it could not be reached or did not answer in time, or no pod was found
  kRefused,      // it answered with an error
  kUsage,        // wrong options
  kStreams,      // standard output could not be written
};

// What a complaint says, and how it ends the program.
struct Problem {
  ExitStatus status = ExitStatus::kDone;
  std::string text;  // a sentence without a full stop
};

// For the help.
inline constexpr absl::string_view kExitStatusHelp =
    "Exits with 0 if all was done, 1 if health finds that it does not serve, 2 if it cannot be "
    "asked\n"
    "or does not answer, 3 if it refuses, 4 for wrong usage, 5 if standard output failed. Of "
    "several\n"
    "pods, the highest counts.";

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_EXIT_STATUS_H_
