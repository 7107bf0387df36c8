// What a person asks of the load generator, with defaults. load_flags.h fills it from a command
// line.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_TOOLS_LOADGEN_LOAD_OPTIONS_H_
#define RINGCACHE_TOOLS_LOADGEN_LOAD_OPTIONS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "tools/loadgen/arrival_schedule.h"
#include "tools/loadgen/key_distribution.h"
#include "tools/loadgen/value_model.h"
#include "tools/loadgen/workload.h"

namespace ringcache::loadgen {

// How a connection is kept `depth` requests deep in a closed loop.
enum class Refill : std::uint8_t {
  kBatch,    // `depth` requests in one write, all replies awaited, the next batch
  kSliding,  // a request for every reply
};

enum class Prefill : std::uint8_t { kNo, kYes, kOnly };

struct LoadOptions {
  // Most requests that may be on their way at once, over all connections, counting each key.
  static constexpr std::uint64_t kMaxKeysInFlight = 16 << 20;
  // A day.
  static constexpr double kMaxDurationS = 86400;
  // Bound of a run that has only --requests.
  static constexpr double kRequestsDurationS = 600;

  std::string target = "127.0.0.1:11211";
  int threads = 1;
  int connections = 50;  // over all threads
  int depth = 1;
  Refill refill = Refill::kBatch;
  std::uint32_t multiget = 1;

  std::uint32_t keys = 1'000'000;
  int key_bytes = 32;
  std::string key_prefix = "key:";
  KeyDistribution::Kind distribution = KeyDistribution::Kind::kUniform;
  double zipf_exponent = 0.99;
  ValueSizes value_sizes;
  RequestMix mix;
  Dialect dialect = Dialect::kClassic;
  bool meta_return_key = false;

  // Requests per second over all threads: an open loop. 0: a closed loop, as fast as replies come.
  double rate_per_s = 0;
  Arrivals arrivals = Arrivals::kPoisson;

  Prefill prefill = Prefill::kNo;
  double warmup_s = 0;
  double duration_s = 0;       // 0: 10 s, or kRequestsDurationS if `requests` is given
  std::uint64_t requests = 0;  // 0: no bound
  // A run in which nothing is answered for this long ends, and so does waiting for last replies.
  double stall_timeout_s = 5;
  std::uint64_t seed = 1;

  ReplyCheck check = ReplyCheck::kFull;
  Verify verify = Verify::kSample;

  int server_pid = 0;  // 0: the server's CPU time is not looked at
  std::string json;    // a file, "-" for standard output; empty: none
  bool quiet = false;
  bool help = false;

  // The bound in force.
  double EffectiveDurationS() const;
  // Says which option is wrong and what would be right.
  absl::Status Validate() const;
  // What runs: REQUIRES Validate().ok().
  Workload MakeWorkload() const;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_LOAD_OPTIONS_H_
