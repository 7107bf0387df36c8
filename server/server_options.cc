#include "server/server_options.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace ringcache::server {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr std::size_t kMaxItemBytes = 1024 * kMiB;
constexpr std::size_t kMaxChunkBytes = kMiB / 2;
constexpr std::size_t kMinItemBytes = 1024;
// Less does not hold a page for each of a handful of size classes.
constexpr std::size_t kMinMemoryBytes = 2 * kMiB;
// storage::StoreOptions' bounds, told here in the words of the command line.
constexpr std::size_t kMaxMemoryBytes = std::size_t{1} << 42;
constexpr double kMaxGrowthFactor = 64;
constexpr std::size_t kChunkAlignment = 8;
// A chunk for the shortest key and value: a header of up to 38 bytes, rounded up, and some more.
constexpr std::size_t kMinChunkBytes = 56;
// memcached has 63 classes; the last is that of the largest item.
constexpr std::size_t kMaxChunkSizes = 62;
// One for each processor is enough, and machines with more are rare.
constexpr int kMaxThreads = 256;
// The longest event, or line of one, twice; and as much as a slow watcher may reasonably lag.
constexpr std::size_t kMinLogBufferBytes = std::size_t{2} << 10;
constexpr std::size_t kMaxLogBufferBytes = std::size_t{64} << 20;

absl::Status ValidateChunkSizes(const ServerOptions& options) {
  std::size_t previous = 0;
  for (std::size_t chunk : options.chunk_sizes) {
    if (chunk < kMinChunkBytes || chunk > kMaxChunkBytes || chunk < previous + kChunkAlignment) {
      return absl::InvalidArgumentError(absl::StrCat(
          "-o slab_sizes: ", chunk, " is out of place; sizes are ", kMinChunkBytes, " to ",
          kMaxChunkBytes, " bytes, ascending, at least 8 apart, for example 96-192-1024"));
    }
    previous = chunk;
  }
  if (options.chunk_sizes.size() > kMaxChunkSizes) {
    return absl::InvalidArgumentError(
        absl::StrCat("-o slab_sizes: at most ", kMaxChunkSizes, " sizes"));
  }
  return absl::OkStatus();
}

absl::Status ValidateMemory(const ServerOptions& options) {
  if (options.memory_limit_bytes < kMinMemoryBytes) {
    return absl::InvalidArgumentError(absl::StrCat("-m ", options.memory_limit_bytes / kMiB,
                                                   ": the memory limit must be at least ",
                                                   kMinMemoryBytes / kMiB, " megabytes"));
  }
  if (options.memory_limit_bytes > kMaxMemoryBytes) {
    return absl::InvalidArgumentError(absl::StrCat("-m ", options.memory_limit_bytes / kMiB,
                                                   ": the memory limit must be at most ",
                                                   kMaxMemoryBytes / kMiB, " megabytes"));
  }
  if (options.max_item_bytes < kMinItemBytes) {
    return absl::InvalidArgumentError(
        "-I: the largest item cannot be below 1024 bytes; give 1k or more");
  }
  if (options.max_item_bytes > kMaxItemBytes) {
    return absl::InvalidArgumentError("-I: the largest item cannot be above 1024m");
  }
  if (options.max_item_bytes > options.memory_limit_bytes / 2) {
    return absl::InvalidArgumentError(absl::StrCat(
        "-I ", options.max_item_bytes, ": the largest item cannot be above half of the ",
        "memory limit (-m), which is ", options.memory_limit_bytes / 2, " bytes"));
  }
  // Written so that what is no number fails, too.
  if (options.growth_factor.has_value() &&
      !(*options.growth_factor > 1.0 && *options.growth_factor <= kMaxGrowthFactor)) {
    return absl::InvalidArgumentError(
        "-f: the growth factor must be greater than 1 and at most 64; try 1.25");
  }
  if (options.min_value_bytes.has_value() &&
      (*options.min_value_bytes < 1 || *options.min_value_bytes > options.max_item_bytes / 2)) {
    return absl::InvalidArgumentError(
        absl::StrCat("-n: the least space for key and value must be 1 to ",
                     options.max_item_bytes / 2, ", half of the largest item (-I)"));
  }
  if (options.initial_items_log2 != 0 &&
      (options.initial_items_log2 < 12 || options.initial_items_log2 > 32)) {
    return absl::InvalidArgumentError("-o hashpower: give 12 to 32");
  }
  return ValidateChunkSizes(options);
}

absl::Status ValidateBuffer(absl::string_view name, std::size_t bytes) {
  if (bytes >= kMinLogBufferBytes && bytes <= kMaxLogBufferBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("-o ", name, ": give ", kMinLogBufferBytes >> 10,
                                                 " to ", kMaxLogBufferBytes >> 10, " kilobytes"));
}

absl::Status ValidateClients(const ServerOptions& options) {
  if (options.threads < 1 || options.threads > kMaxThreads) {
    return absl::InvalidArgumentError(absl::StrCat("-t ", options.threads, ": give 1 to ",
                                                   kMaxThreads,
                                                   " threads; one for each processor is enough"));
  }
  if (options.max_connections < 1) {
    return absl::InvalidArgumentError("-c: the number of connections must be greater than 0");
  }
  if (options.max_operations_per_event < 1) {
    return absl::InvalidArgumentError("-R: requests per event must be greater than 0");
  }
  if (options.listen_backlog < 1) {
    return absl::InvalidArgumentError("-b: the backlog must be greater than 0");
  }
  if (options.idle_timeout_s < 0) {
    return absl::InvalidArgumentError("-o idle_timeout: give 0 (never) or a number of seconds");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ServerOptions::Validate() const {
  if (port < 0 || port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat("-p ", port, ": ports are 0 to 65535"));
  }
  for (const ListenAddress& address : listen) {
    if (address.port != ListenAddress::kDefaultPort && (address.port < 0 || address.port > 65535)) {
      return absl::InvalidArgumentError(
          absl::StrCat("-l ", address.host, ":", address.port, ": ports are 0 to 65535"));
    }
  }
  if (!unix_socket.empty() && !listen.empty()) {
    return absl::InvalidArgumentError(
        "-s and -l: a server on a unix socket listens on no network address; give one of them");
  }
  if (absl::Status memory = ValidateMemory(*this); !memory.ok()) return memory;
  absl::Status buffer = ValidateBuffer("worker_logbuf_size", worker_buffer_bytes);
  if (!buffer.ok()) return buffer;
  buffer = ValidateBuffer("watcher_logbuf_size", watcher_buffer_bytes);
  if (!buffer.ok()) return buffer;
  if (drain_wait < absl::ZeroDuration() || drain_wait > kMaxDrainWait) {
    return absl::InvalidArgumentError(
        absl::StrCat("--drain-wait: give 0 to ", absl::ToInt64Seconds(kMaxDrainWait), " seconds"));
  }
  if (absl::Status status = admin.Validate(); !status.ok()) return status;
  return ValidateClients(*this);
}

}  // namespace ringcache::server
