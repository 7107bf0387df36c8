// What the program's exit status says to a script. Of several keys or members, the highest counts.
//
// Thread safety: values only.

#ifndef RINGCACHE_TOOLS_CLI_EXIT_STATUS_H_
#define RINGCACHE_TOOLS_CLI_EXIT_STATUS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "client/result.h"

namespace ringcache::cli {

enum class ExitStatus : std::uint8_t {
  kDone,         // all was done
  kMiss,         // no such key, not stored, or changed since it was read
  kUsage,        // wrong options, a key that cannot be one, a line that cannot be read
  kRefused,      // a server answered with an error
  kUnreachable,  // a server could not be reached or did not answer in time, or none was found
  kStreams,      // standard input could not be read or standard output not be written
};

// For the help.
inline constexpr absl::string_view kExitStatusHelp =
    "Exits with 0 if all was done, 1 if a key was missing or not stored, 2 for wrong usage, 3 if "
    "a\n"
    "server refused, 4 if one could not be reached or did not answer, 5 if standard input or "
    "output\n"
    "failed. Of several keys or members, the highest counts.";

constexpr ExitStatus StatusOf(client::Outcome outcome) {
  switch (outcome) {
    case client::Outcome::kDone:
      return ExitStatus::kDone;
    case client::Outcome::kMiss:
    case client::Outcome::kNotStored:
    case client::Outcome::kExists:
      return ExitStatus::kMiss;
    case client::Outcome::kRefused:
      return ExitStatus::kRefused;
    case client::Outcome::kInvalid:
      return ExitStatus::kUsage;
    case client::Outcome::kFailed:
      return ExitStatus::kUnreachable;
  }
  return ExitStatus::kUnreachable;
}

}  // namespace ringcache::cli

#endif  // RINGCACHE_TOOLS_CLI_EXIT_STATUS_H_
