#include "tools/trace/trace_flags.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "flags/flag_table.h"
#include "storage/store_options.h"

namespace ringcache::trace {
namespace {

using absl::string_view;
using O = TraceOptions;
using F = flags::Of<O>;

using flags::Wrong;

absl::Status ReadCurve(string_view text, O* options) {
  options->curve_mib.clear();
  for (const string_view part : absl::StrSplit(text, ',')) {
    if (!absl::SimpleAtoi(part, &options->curve_mib.emplace_back())) {
      return Wrong(part, "no size in MiB; sizes are given as 16,32,64");
    }
  }
  return absl::OkStatus();
}

absl::Status ReadFormat(string_view text, O* options) {
  if (text != "csv" && text != "keys") return Wrong(text, "neither csv nor keys");
  options->format = text == "csv" ? FileFormat::kCsv : FileFormat::kKeys;
  return absl::OkStatus();
}

std::string SpellFormat(const O& options) {
  return options.format == FileFormat::kCsv ? "csv" : "keys";
}

std::string SpellRequests(const O& options) {
  return absl::StrCat("all of a file, ", options.synthetic.requests, " without one");
}

#define MEMBER(path) \
  [](O & o) -> auto& { return o.path; }

constexpr F::Row kRows[] = {
    F::Switch<MEMBER(in_process)>("in-process", "target: the storage library in this process"),
    F::Switch<MEMBER(memcached)>("memcached",
                                 "target: a memcached that is started for it and ended afterwards"),
    F::List<MEMBER(servers), ','>(
        "server", "ADDRESS", "target: a server at HOST:PORT or unix:PATH; several with commas"),
    F::NonEmptyText<MEMBER(memcached_program)>("memcached-program", "PATH",
                                               "what --memcached starts"),
    F::List<MEMBER(memcached_arguments), ' '>("memcached-arguments", "TEXT",
                                              "further arguments for it, such as '-t 1'"),
    F::Switch<MEMBER(flush)>("flush", "remove all that each --server holds before the replay"),
    F::Integer<MEMBER(memory_mib)>("memory", "memory limit in MiB; -m N is the same"),
    {"curve", "LIST", "", "replay at each of these limits, such as 16,32,64, and plot the misses",
     ReadCurve, F::SpellNothing},
    F::Number<MEMBER(growth_factor)>("growth-factor", "X",
                                     "from one size class to the next, in the library and as "
                                     "memcached's -f; 0: their own classes"),
    F::Word<MEMBER(eviction), storage::kEvictionNames>(
        "eviction", "s3fifo|slru", "", "how the library chooses the items that leave"),
    F::NonEmptyText<MEMBER(file)>("file", "FILE",
                                  "replay this trace; without it a synthetic one is drawn"),
    {"format", "csv|keys", "",
     "of the file: time,key,key size,value size,client id,operation,TTL in each line; or a key",
     ReadFormat, SpellFormat},
    {"requests", "N", "", "how many to replay",
     [](string_view text, O* o) {
       if (absl::SimpleAtoi(text, &o->requests) && o->requests > 0) return absl::OkStatus();
       return Wrong(text, "no whole number from 1");
     },
     SpellRequests},
    F::Integer<MEMBER(synthetic.keys)>("keys", "how many there are"),
    F::Number<MEMBER(synthetic.zipf_exponent)>("zipf-exponent", "X",
                                               "of their popularity; 0: all alike"),
    F::Number<MEMBER(synthetic.one_hit_share)>(
        "one-hit-share", "X", "share of requests for a key that never comes again"),
    F::Integer<MEMBER(synthetic.scan_every)>("scan-every",
                                             "requests between two scans; 0: no scans"),
    F::Integer<MEMBER(synthetic.scan_keys)>("scan-keys", "keys that a scan reads, once each"),
    F::Integer<MEMBER(synthetic.shift_every)>("shift-every",
                                              "requests after which popularity shifts; 0: never"),
    F::Integer<MEMBER(synthetic.shift_keys)>(
        "shift-keys", "most popular keys that become the least popular in a shift"),
    F::Integer<MEMBER(synthetic.key_bytes)>("key-size", "bytes of each key"),
    F::Parsed<MEMBER(synthetic.value_sizes)>(
        "value-size", "SIZES",
        "100, 10-4000 (uniform) or lognormal:MEDIAN:SIGMA[:MAX], in bytes; with a file, of reads"
        " that name no size"),
    F::Parsed<MEMBER(synthetic.lifetimes)>(
        "ttl", "SECONDS", "0 (for ever), 60, or 60-3600 (uniform); not for csv files"),
    F::Number<MEMBER(synthetic.rate_per_s)>("rate", "X",
                                            "requests per second of the trace's time; not for csv"),
    F::Integer<MEMBER(synthetic.seed)>("seed", "the same seed gives the same trace"),
    F::Integer<MEMBER(batch)>("batch", "requests that are sent to a server at once"),
    F::Switch<MEMBER(reference)>("reference", "simulate LRU and the static optimum beside"),
    F::NonEmptyText<MEMBER(svg)>("svg", "FILE", "write the curve there; - for standard output"),
    F::NonEmptyText<MEMBER(json)>("json", "FILE", "write all figures there; - for standard output"),
    F::Switch<MEMBER(quiet)>("quiet", "no progress and no table"),
    F::Switch<MEMBER(help)>("help", "print this"),
};

#undef MEMBER

}  // namespace

absl::StatusOr<TraceOptions> ParseTraceOptions(absl::Span<const string_view> arguments) {
  std::vector<string_view> spelled(arguments.begin(), arguments.end());
  for (string_view& argument : spelled) {
    if (argument == "-m") argument = "--memory";
  }
  TraceOptions options;
  const absl::Status parsed = F::Parse(kRows, spelled, &options);
  if (!parsed.ok()) return parsed;
  if (!options.help) {
    const absl::Status status = options.Validate();
    if (!status.ok()) return status;
  }
  return options;
}

std::string TraceOptionsHelp() {
  return F::Help(
      "Replays a trace of requests, storing what a read misses, and reports the hit ratio and what"
      " the memory held.",
      kRows);
}

}  // namespace ringcache::trace
