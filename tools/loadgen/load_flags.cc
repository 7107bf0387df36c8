#include "tools/loadgen/load_flags.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace ringcache::loadgen {
namespace {

using absl::string_view;

// A word for each enumerator, in order.
template <std::size_t kSize>
using Words = std::array<string_view, kSize>;

constexpr Words<2> kRefills = {"batch", "sliding"};
constexpr Words<2> kDistributions = {"uniform", "zipf"};
constexpr Words<2> kDialects = {"classic", "meta"};
constexpr Words<2> kArrivals = {"poisson", "fixed"};
constexpr Words<3> kPrefills = {"no", "yes", "only"};
constexpr Words<2> kChecks = {"full", "size"};
constexpr Words<3> kVerifies = {"none", "sample", "all"};
constexpr Words<2> kSwitch = {"no", "yes"};

struct Row {
  string_view name;
  string_view value;    // how the help calls the value
  string_view if_bare;  // what `--name` alone stands for; empty: a value is needed
  string_view help;
  absl::Status (*read)(string_view text, LoadOptions* options);
  std::string (*spell)(const LoadOptions& options);
};

template <auto kMember>
std::string SpellMember(const LoadOptions& options) {
  return absl::StrCat(options.*kMember);
}

template <auto kMember>
constexpr Row Integer(string_view name, string_view help) {
  const auto read = [](string_view text, LoadOptions* options) {
    if (absl::SimpleAtoi(text, &(options->*kMember))) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat("'", text, "' is no whole number that fits"));
  };
  return {name, "N", "", help, read, SpellMember<kMember>};
}

template <auto kMember>
constexpr Row Number(string_view name, string_view value, string_view help) {
  const auto read = [](string_view text, LoadOptions* options) {
    double* const number = &(options->*kMember);
    // The comparison refuses NaN and infinity.
    if (absl::SimpleAtod(text, number) && *number >= 0 && *number <= 1e18) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat("'", text, "' is no number from 0"));
  };
  return {name, value, "", help, read, SpellMember<kMember>};
}

template <auto kMember>
constexpr Row Text(string_view name, string_view value, string_view help) {
  const auto read = [](string_view text, LoadOptions* options) {
    options->*kMember = std::string(text);
    return absl::OkStatus();
  };
  return {name, value, "", help, read, SpellMember<kMember>};
}

template <auto kMember, const auto& kWords>
constexpr Row Word(string_view name, string_view value, string_view if_bare, string_view help) {
  const auto read = [](string_view text, LoadOptions* options) {
    for (std::size_t i = 0; i < kWords.size(); ++i) {
      if (text != kWords[i]) continue;
      auto& member = options->*kMember;
      member = static_cast<std::remove_reference_t<decltype(member)>>(i);
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is none of ", absl::StrJoin(kWords, ", ")));
  };
  const auto spell = [](const LoadOptions& options) {
    return std::string(kWords[static_cast<std::size_t>(options.*kMember)]);
  };
  return {name, value, if_bare, help, read, spell};
}

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

absl::Status ReadValueSizes(string_view text, LoadOptions* options) {
  auto sizes = ValueSizes::Parse(text);
  if (sizes.ok()) options->value_sizes = *sizes;
  return sizes.status();
}

std::string SpellValueSizes(const LoadOptions& options) { return options.value_sizes.ToString(); }

using O = LoadOptions;
constexpr Row kRows[] = {
    Text<&O::target>("target", "HOST:PORT", "or unix:PATH; the server to load"),
    Integer<&O::threads>("threads", "each with its own loop and its share of the connections"),
    Integer<&O::connections>("connections", "over all threads"),
    Integer<&O::depth>("depth", "requests on their way at once on a connection"),
    Word<&O::refill, kRefills>("refill", "batch|sliding", "",
                               "closed loop: write depth requests at once and await all replies,"
                               " or a request for every reply"),
    Integer<&O::multiget>("multiget", "keys in each get"),
    Integer<&O::keys>("keys", "how many there are"),
    Integer<&O::key_bytes>("key-size", "bytes of each key"),
    Text<&O::key_prefix>("key-prefix", "TEXT", "what all keys begin with"),
    Word<&O::distribution, kDistributions>("distribution", "uniform|zipf", "",
                                           "which keys are asked for"),
    Number<&O::zipf_exponent>("zipf-exponent", "X", "of --distribution=zipf"),
    {"value-size", "SIZES", "", "100, 10-4000 (uniform) or lognormal:MEDIAN:SIGMA[:MAX], in bytes",
     ReadValueSizes, SpellValueSizes},
    {"mix", "SHARES", "", "such as get=10,set=1; kinds are get, set, add, delete", ReadMix,
     SpellMix},
    Word<&O::dialect, kDialects>("dialect", "classic|meta", "", "get and set, or mg and ms"),
    Word<&O::meta_return_key, kSwitch>("meta-return-key", "no|yes", "yes",
                                       "mg asks for the key, too"),
    Number<&O::rate_per_s>("rate", "PER_SECOND",
                           "open loop: requests are due at this rate, over all threads, and"
                           " latency counts from then; 0: closed loop"),
    Word<&O::arrivals, kArrivals>("arrivals", "poisson|fixed", "", "how an open loop spaces them"),
    Word<&O::prefill, kPrefills>("prefill", "no|yes|only", "yes", "store every key first"),
    Number<&O::warmup_s>("warmup", "SECONDS", "run before measuring"),
    Number<&O::duration_s>("duration", "SECONDS",
                           "how long to measure; 0: 10, or 600 at most with --requests"),
    Integer<&O::requests>("requests", "most requests to measure; 0: no bound"),
    Number<&O::stall_timeout_s>("stall-timeout", "SECONDS",
                                "give up when nothing is answered for so long"),
    Integer<&O::seed>("seed", "of keys, kinds and arrivals"),
    Word<&O::check, kChecks>("check", "full|size", "",
                             "look at every reply, or only count its bytes: for servers that answer"
                             " without looking at the request"),
    Word<&O::verify, kVerifies>("verify", "none|sample|all", "",
                                "which values to compare with what was stored"),
    Integer<&O::server_pid>("server-pid", "report the CPU time that this process spent; 0: none"),
    Text<&O::json>("json", "FILE", "write the report there; - for standard output"),
    Word<&O::quiet, kSwitch>("quiet", "no|yes", "yes", "no progress line and no summary"),
    Word<&O::help, kSwitch>("help", "no|yes", "yes", "print this"),
};

const Row* FindRow(string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<LoadOptions> ParseLoadOptions(absl::Span<const string_view> arguments) {
  LoadOptions options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].substr(0, 2) != "--") {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", arguments[i], "' is no option; options begin with --",
          i > 0 ? absl::StrCat("; a value of ", arguments[i - 1], " follows a =") : ""));
    }
    const string_view argument = arguments[i].substr(2);
    const std::size_t equals = argument.find('=');
    const string_view name = argument.substr(0, equals);
    const Row* const row = FindRow(name);
    if (row == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("there is no option --", name, "; --help lists them"));
    }
    string_view value = row->if_bare;
    if (equals != string_view::npos) {
      value = argument.substr(equals + 1);
    } else if (value.empty()) {
      if (++i == arguments.size()) {
        return absl::InvalidArgumentError(absl::StrCat("--", name, " needs a value: ", row->value));
      }
      value = arguments[i];
    }
    const absl::Status status = row->read(value, &options);
    if (!status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("--", name, ": ", status.message()));
    }
  }
  if (!options.help) {
    const absl::Status status = options.Validate();
    if (!status.ok()) return status;
  }
  return options;
}

std::vector<std::pair<std::string, std::string>> SpellLoadOptions(const LoadOptions& options) {
  std::vector<std::pair<std::string, std::string>> spelled;
  for (const Row& row : kRows) {
    if (row.name == "help") continue;
    spelled.emplace_back(std::string(row.name), row.spell(options));
  }
  return spelled;
}

std::string LoadOptionsHelp() {
  std::string text =
      "Loads a memcached server and reports throughput, latency and the server's CPU time.\n\n";
  const LoadOptions defaults;
  for (const Row& row : kRows) {
    const bool bare = !row.if_bare.empty();
    absl::StrAppend(&text, "  --", row.name, bare ? "[=" : "=", row.value, bare ? "]" : "");
    const std::string usual = row.spell(defaults);
    absl::StrAppend(&text, usual.empty() ? "" : absl::StrCat("  (", usual, ")"), "\n      ",
                    row.help, "\n");
  }
  return text;
}

}  // namespace ringcache::loadgen
