// The options of the floor server: a table of flags, read from the command line.

#ifndef RINGCACHE_TOOLS_FLOOR_FLOOR_OPTIONS_H_
#define RINGCACHE_TOOLS_FLOOR_FLOOR_OPTIONS_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ringcache::floor {

struct FloorOptions {
  std::string listen = "127.0.0.1:11300";
  std::size_t threads = 1;
  // Bare system calls instead of net.
  bool raw = false;
  // get, set, multiget=N or mg.
  std::string reply = "get";
  std::size_t value_bytes = 100;
  std::size_t key_bytes = 30;
  // 0: what a request and its reply of the above sizes have.
  std::size_t request_bytes = 0;
  std::size_t reply_bytes = 0;

  absl::Status Validate() const;
};

// What is to be answered, derived from the options.
struct Exchange {
  std::size_t request_bytes;
  std::string reply;
};

// Fails with what was wrong and what would be right.
absl::StatusOr<FloorOptions> ReadFloorOptions(absl::Span<const char* const> arguments);
absl::StatusOr<Exchange> MakeExchange(const FloorOptions& options);
std::string FloorUsage();

}  // namespace ringcache::floor

#endif  // RINGCACHE_TOOLS_FLOOR_FLOOR_OPTIONS_H_
