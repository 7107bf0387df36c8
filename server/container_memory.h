// How much memory the container grants, and how much of it can be items: the arithmetic behind
// `-m auto`. Files are read through a function, so tests need no container.
//
// Thread safety: functions only.

#ifndef RINGCACHE_SERVER_CONTAINER_MEMORY_H_
#define RINGCACHE_SERVER_CONTAINER_MEMORY_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

namespace ringcache::server {

// The content of the file at `path`, or nothing if it cannot be read.
using FileReader = absl::FunctionRef<absl::optional<std::string>(const std::string& path)>;

absl::optional<std::string> ReadWholeFile(const std::string& path);

// The least of the limits on this process's control group and the groups above it (cgroup v2, then
// v1). kNotFound if there is no limit.
absl::StatusOr<std::uint64_t> ContainerMemoryLimit(FileReader read);

// What is left for items of a container with `container_bytes`:
//
//   (container - 32 MiB program - 2 MiB per thread - 4 KiB per connection) * 4/5
//
// Program: code, libraries, stacks in use. Thread: its receive and reply buffers (they are bounded;
// server.h has the bounds). Connection: the kernel accounts the socket's memory to the container as
// well. The last fifth is for the index and the ghosts (10 and up to 8 bytes for each item: 19 % of
// the smallest items, 9 % of those with 100 bytes of value; docs/storage.md), for the one page that
// a size class without any may have beyond the limit, and for the kernel's page tables. Not
// covered: many peers at once that leave replies untaken. Rounded down to whole megabytes; 0 if
// nothing is left.
std::uint64_t ItemBytesWithin(std::uint64_t container_bytes, int threads, int connections);

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_CONTAINER_MEMORY_H_
