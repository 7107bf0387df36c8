#include "tools/footprint/footprint_options.h"

#include <cstdint>

#include "absl/status/status.h"
#include "flags/flag_table.h"

namespace ringcache::footprint {
namespace {

using O = FootprintOptions;
using F = flags::Of<O>;

#define MEMBER(path) \
  [](O & o) -> auto& { return o.path; }

// What makes sense: with less than 8 MiB a cache is full of pages' tails; the sets are numbered in
// thirds, and each connection wants some of each.
constexpr F::Row kRows[] = {
    F::IntegerWithin<MEMBER(scale.memory_mib), 8, 1 << 20>("memory", "memory limit in MiB"),
    F::IntegerWithin<MEMBER(scale.idle_connections), 100, 1'000'000>("idle-connections",
                                                                     "how many are opened"),
    F::IntegerWithin<MEMBER(scale.sets), 3000, std::uint64_t{1} << 40>(
        "sets", "how many go into a full cache"),
    F::IntegerWithin<MEMBER(scale.connections), 1, 64>("connections",
                                                       "that send these sets at once"),
    F::Text<&O::ringcache>("ringcache", "PATH",
                           "of this project's server; empty: it is not measured"),
    F::Text<&O::memcached>("memcached", "PATH", "of a memcached; empty: it is not measured"),
    F::Text<&O::json>("json", "FILE", "write the figures there; - for standard output"),
    F::Switch<&O::help>("help", "print this"),
};

#undef MEMBER

}  // namespace

absl::StatusOr<FootprintOptions> ParseFootprintOptions(
    const std::vector<absl::string_view>& arguments) {
  FootprintOptions options;
  const absl::Status status = F::Parse(kRows, arguments, &options);
  if (!status.ok()) return status;
  return options;
}

std::string FootprintOptionsHelp() {
  return F::Help("Measures what a cache's memory holds.", kRows);
}

}  // namespace ringcache::footprint
