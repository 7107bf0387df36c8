// The figures of a cache server that matter to a person, out of the many that `stats` has.
//
// Thread safety: plain values, functions only.

#ifndef RINGCACHE_TOOLS_CLI_FIGURES_H_
#define RINGCACHE_TOOLS_CLI_FIGURES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "client/result.h"

namespace ringcache::cli {

struct Figures {
  std::string member;
  bool known = false;  // the member has answered; else all below is 0
  std::string version;
  std::uint64_t uptime_s = 0;
  // As of now.
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
  std::uint64_t limit_bytes = 0;
  std::uint64_t connections = 0;
  // Since its start.
  std::uint64_t gets = 0;
  std::uint64_t hits = 0;
  std::uint64_t sets = 0;
  std::uint64_t evictions = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t sent_bytes = 0;
};

// What `result` has of them; what a server leaves out is 0.
Figures FiguresOf(const client::MemberResult& result);

// Sums over the members that are known, called "total"; not known if none is.
Figures TotalOf(absl::Span<const Figures> members);

// What was counted between the two, with `after`'s state of now. Not known if one of them is not,
// or if the server has begun anew in between.
Figures Since(const Figures& before, const Figures& after);
// The same for each member of `after`; one that `before` does not have is not known.
std::vector<Figures> Since(absl::Span<const Figures> before, absl::Span<const Figures> after);

}  // namespace ringcache::cli

#endif  // RINGCACHE_TOOLS_CLI_FIGURES_H_
