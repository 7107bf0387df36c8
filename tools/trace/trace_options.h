// What the trace player is asked to do.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_TOOLS_TRACE_TRACE_OPTIONS_H_
#define RINGCACHE_TOOLS_TRACE_TRACE_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/store_options.h"
#include "tools/trace/file_trace.h"
#include "tools/trace/synthetic_trace.h"
#include "tools/trace/trace_request.h"

namespace ringcache::trace {

struct TraceOptions {
  static constexpr int kMaxMemoryMib = 1 << 20;
  static constexpr std::size_t kMaxCurveSizes = 32;
  static constexpr std::size_t kMaxServers = 4;

  // Targets; at least one.
  bool in_process = false;
  bool memcached = false;
  std::vector<std::string> servers;  // HOST:PORT or unix:PATH
  std::string memcached_program = "memcached";
  std::vector<std::string> memcached_arguments;
  bool flush = false;  // empty each of `servers` first

  int memory_mib = 64;
  // Between size classes, for the library and for the memcached that is started; as its -f.
  double growth_factor = 0;  // 0: the targets' own size classes
  storage::EvictionKind eviction = storage::EvictionKind::kS3Fifo;  // of the library
  std::vector<int> curve_mib;  // ascending; if not empty, in the place of memory_mib

  std::string file;  // empty: a synthetic trace
  FileFormat format = FileFormat::kCsv;
  std::uint64_t requests = 0;  // 0: all of a file, as many as `synthetic` says without one
  SyntheticOptions synthetic;  // its sizes, lifetimes and rate count for files, too

  std::uint32_t batch = 256;  // requests that are given to a target at once
  bool reference = true;      // simulate the reference policies
  std::string svg;            // files to write; "-" is standard output
  std::string json;
  bool quiet = false;
  bool help = false;

  // Says what is wrong and what would be right.
  absl::Status Validate() const;
  // memory_mib, or the sizes of the curve.
  std::vector<int> MemorySizes() const;
  // The trace from its start; each call gives the same one.
  absl::StatusOr<std::unique_ptr<TraceSource>> OpenTrace() const;
  // Such as "zipf 1 over 1000000 keys".
  std::string DescribeTrace() const;
};

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_TRACE_OPTIONS_H_
