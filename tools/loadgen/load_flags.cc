#include "tools/loadgen/load_flags.h"

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "flags/flag_table.h"

namespace ringcache::loadgen {
namespace {

using absl::string_view;

using flags::Words;
using flags::Wrong;

constexpr Words<2> kRefills = {"batch", "sliding"};
constexpr Words<2> kDistributions = {"uniform", "zipf"};
constexpr Words<2> kDialects = {"classic", "meta"};
constexpr Words<2> kArrivals = {"poisson", "fixed"};
constexpr Words<3> kPrefills = {"no", "yes", "only"};
constexpr Words<2> kChecks = {"full", "size"};
constexpr Words<3> kVerifies = {"none", "sample", "all"};

absl::Status ReadMix(string_view text, LoadOptions* options) {
  auto& weights = options->mix.weights;
  weights.fill(0);
  constexpr std::uint32_t kMaxWeight = 1'000'000;
  for (const string_view part : absl::StrSplit(text, ',')) {
    const std::pair<string_view, string_view> pair = absl::StrSplit(part, absl::MaxSplits('=', 1));
    int kind = 0;
    while (kind < kRequestKindCount && pair.first != kRequestKindNames[kind]) ++kind;
    if (kind == kRequestKindCount || !absl::SimpleAtoi(pair.second, &weights[kind]) ||
        weights[kind] > kMaxWeight) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", part, "' is no share such as get=10 or set=1; kinds are get, set, add, delete"));
    }
  }
  return absl::OkStatus();
}

std::string SpellMix(const LoadOptions& options) {
  std::vector<std::string> parts;
  for (int kind = 0; kind < kRequestKindCount; ++kind) {
    const std::uint32_t weight = options.mix.weights[kind];
    if (weight > 0) parts.push_back(absl::StrCat(kRequestKindNames[kind], "=", weight));
  }
  return absl::StrJoin(parts, ",");
}

using O = LoadOptions;
using F = flags::Of<O>;
constexpr F::Row kRows[] = {
    F::Text<&O::target>("target", "HOST:PORT", "or unix:PATH; the server to load"),
    F::Integer<&O::threads>("threads", "each with its own loop and its share of the connections"),
    F::Integer<&O::connections>("connections", "over all threads"),
    F::Integer<&O::depth>("depth", "requests on their way at once on a connection"),
    F::Word<&O::refill, kRefills>("refill", "batch|sliding", "",
                                  "closed loop: write depth requests at once and await all replies,"
                                  " or a request for every reply"),
    F::Integer<&O::multiget>("multiget", "keys in each get"),
    F::Integer<&O::keys>("keys", "how many there are"),
    F::Integer<&O::key_bytes>("key-size", "bytes of each key"),
    F::Text<&O::key_prefix>("key-prefix", "TEXT", "what all keys begin with"),
    F::Word<&O::distribution, kDistributions>("distribution", "uniform|zipf", "",
                                              "which keys are asked for"),
    F::Number<&O::zipf_exponent>("zipf-exponent", "X", "of --distribution=zipf"),
    F::Parsed<&O::value_sizes>("value-size", "SIZES",
                               "100, 10-4000 (uniform) or lognormal:MEDIAN:SIGMA[:MAX], in bytes"),
    {"mix", "SHARES", "", "such as get=10,set=1; kinds are get, set, add, delete", ReadMix,
     SpellMix},
    F::Word<&O::dialect, kDialects>("dialect", "classic|meta", "", "get and set, or mg and ms"),
    F::Switch<&O::meta_return_key>("meta-return-key", "mg asks for the key, too"),
    F::Number<&O::rate_per_s>("rate", "PER_SECOND",
                              "open loop: requests are due at this rate, over all threads, and"
                              " latency counts from then; 0: closed loop"),
    F::Word<&O::arrivals, kArrivals>("arrivals", "poisson|fixed", "",
                                     "how an open loop spaces them"),
    F::Word<&O::prefill, kPrefills>("prefill", "no|yes|only", "yes", "store every key first"),
    F::Number<&O::warmup_s>("warmup", "SECONDS", "run before measuring"),
    F::Number<&O::duration_s>("duration", "SECONDS",
                              "how long to measure; 0: 10, or 600 at most with --requests"),
    F::Integer<&O::requests>("requests", "most requests to measure; 0: no bound"),
    F::Number<&O::stall_timeout_s>("stall-timeout", "SECONDS",
                                   "give up when nothing is answered for so long"),
    F::Integer<&O::seed>("seed", "of keys, kinds and arrivals"),
    F::Word<&O::check, kChecks>(
        "check", "full|size", "",
        "look at every reply, or only count its bytes: for servers that answer"
        " without looking at the request"),
    F::Word<&O::verify, kVerifies>("verify", "none|sample|all", "",
                                   "which values to compare with what was stored"),
    F::Integer<&O::server_pid>("server-pid",
                               "report the CPU time that this process spent; 0: none"),
    F::Text<&O::json>("json", "FILE", "write the report there; - for standard output"),
    F::Switch<&O::quiet>("quiet", "no progress line and no summary"),
    F::Switch<&O::help>("help", "print this"),
};

}  // namespace

absl::StatusOr<LoadOptions> ParseLoadOptions(absl::Span<const string_view> arguments) {
  LoadOptions options;
  const absl::Status parsed = F::Parse(kRows, arguments, &options);
  if (!parsed.ok()) return parsed;
  if (!options.help) {
    const absl::Status status = options.Validate();
    if (!status.ok()) return status;
  }
  return options;
}

std::vector<std::pair<std::string, std::string>> SpellLoadOptions(const LoadOptions& options) {
  std::vector<std::pair<std::string, std::string>> spelled;
  for (const F::Row& row : kRows) {
    if (row.name == "help") continue;
    spelled.emplace_back(std::string(row.name), row.spell(options));
  }
  return spelled;
}

std::string LoadOptionsHelp() {
  return F::Help(
      "Loads a memcached server and reports throughput, latency and the server's CPU time.", kRows);
}

}  // namespace ringcache::loadgen
