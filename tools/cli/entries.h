// The keys, and values, that a command is to be done for: those of the command line, or what the
// lines of standard input say.
//
// Thread safety: belongs to one thread. Streams are not owned.

#ifndef RINGCACHE_TOOLS_CLI_ENTRIES_H_
#define RINGCACHE_TOOLS_CLI_ENTRIES_H_

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/cli/command_line.h"
#include "tools/cli/console.h"
#include "tools/cli/input.h"

namespace ringcache::cli {

struct Entry {
  std::string key;
  std::string value;  // of commands that store
};

class Entries {
 public:
  // What is in memory at once. A round trip for 256 keys costs little more than for one, and as
  // many values of 1 MiB, the usual limit, are 256 MiB at worst.
  static constexpr std::size_t kBatchEntries = 256;
  // Below what a connection may have queued.
  static constexpr std::size_t kBatchBytes = std::size_t{8} << 20;

  // `line` outlives this.
  Entries(const CommandLine& line, std::FILE* input);

  // The next ones, none at the end. A line that cannot be read is complained of and left out.
  std::vector<Entry> NextBatch(Console* console);

 private:
  std::vector<Entry> FromWords(Console* console);
  // False at the end.
  bool NextLine(Console* console);
  absl::Status ReadEntry(Entry* entry) const;

  const CommandLine& line_;
  const bool has_values_;
  std::FILE* const input_;
  LineReader lines_;
  std::string text_;
  std::size_t next_word_ = 0;
  bool ended_ = false;
};

}  // namespace ringcache::cli

#endif  // RINGCACHE_TOOLS_CLI_ENTRIES_H_
