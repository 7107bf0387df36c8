// What a run measures, and how that is told on the command line.
//
// Thread safety: plain values and pure functions.

#ifndef RINGCACHE_TOOLS_FOOTPRINT_FOOTPRINT_OPTIONS_H_
#define RINGCACHE_TOOLS_FOOTPRINT_FOOTPRINT_OPTIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/footprint/measurements.h"

namespace ringcache::footprint {

struct FootprintOptions {
  Scale scale;
  // Paths, or names to be looked up; empty: not measured.
  std::string ringcache = "server/server";  // where `bazel run` has it
  std::string memcached = "memcached";
  std::string json;  // a file, or - for standard output, which then has no table
  bool help = false;
};

// Fails with what is wrong and what would be right.
absl::StatusOr<FootprintOptions> ParseFootprintOptions(
    const std::vector<absl::string_view>& arguments);
std::string FootprintOptionsHelp();

}  // namespace ringcache::footprint

#endif  // RINGCACHE_TOOLS_FOOTPRINT_FOOTPRINT_OPTIONS_H_
