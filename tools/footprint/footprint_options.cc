#include "tools/footprint/footprint_options.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ringcache::footprint {
namespace {

struct TextFlag {
  absl::string_view name;
  std::string FootprintOptions::*member;
  absl::string_view help;
};

constexpr TextFlag kTextFlags[] = {
    {"ringcache", &FootprintOptions::ringcache,
     "path of this project's server; empty: not measured"},
    {"memcached", &FootprintOptions::memcached, "path of a memcached; empty: not measured"},
    {"json", &FootprintOptions::json, "write the figures to this file, - for standard output"},
};

// What makes sense: with less than 8 MiB a cache is full of pages' tails; the sets are numbered in
// thirds, and each connection wants some of each.
struct NumberFlag {
  absl::string_view name;
  absl::string_view help;
  std::uint64_t least;
  std::uint64_t most;
  std::uint64_t (*get)(const Scale&);
  void (*set)(Scale*, std::uint64_t);
};

constexpr NumberFlag kNumberFlags[] = {
    {"memory", "memory limit in MiB", 8, 1 << 20,
     [](const Scale& scale) { return static_cast<std::uint64_t>(scale.memory_mib); },
     [](Scale* scale, std::uint64_t number) { scale->memory_mib = static_cast<int>(number); }},
    {"idle-connections", "how many are opened", 100, 1'000'000,
     [](const Scale& scale) { return static_cast<std::uint64_t>(scale.idle_connections); },
     [](Scale* scale, std::uint64_t number) {
       scale->idle_connections = static_cast<int>(number);
     }},
    {"sets", "how many go into a full cache", 3000, std::uint64_t{1} << 40,
     [](const Scale& scale) { return scale.sets; },
     [](Scale* scale, std::uint64_t number) { scale->sets = number; }},
    {"connections", "that send these sets at once", 1, 64,
     [](const Scale& scale) { return static_cast<std::uint64_t>(scale.connections); },
     [](Scale* scale, std::uint64_t number) { scale->connections = static_cast<int>(number); }},
};

absl::Status Apply(absl::string_view name, absl::string_view value, FootprintOptions* options) {
  for (const TextFlag& flag : kTextFlags) {
    if (flag.name != name) continue;
    options->*flag.member = std::string(value);
    return absl::OkStatus();
  }
  for (const NumberFlag& flag : kNumberFlags) {
    if (flag.name != name) continue;
    std::uint64_t number = 0;
    if (!absl::SimpleAtoi(value, &number) || number < flag.least || number > flag.most) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--", name, ": '", value, "' is no number from ", flag.least, " to ", flag.most));
    }
    flag.set(&options->scale, number);
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--", name, ": there is no such option; --help lists them"));
}

}  // namespace

absl::StatusOr<FootprintOptions> ParseFootprintOptions(
    const std::vector<absl::string_view>& arguments) {
  FootprintOptions options;
  for (const absl::string_view argument : arguments) {
    if (argument == "--help") {
      options.help = true;
      continue;
    }
    const std::size_t equals = argument.find('=');
    if (argument.substr(0, 2) != "--" || equals == absl::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", argument, "' is not understood; options are given as --name=value"));
    }
    absl::Status status =
        Apply(argument.substr(2, equals - 2), argument.substr(equals + 1), &options);
    if (!status.ok()) return status;
  }
  return options;
}

std::string FootprintOptionsHelp() {
  const FootprintOptions defaults;
  std::string text = "footprint [--name=value ...]: what a cache's memory holds\n";
  for (const NumberFlag& flag : kNumberFlags) {
    absl::StrAppend(&text, absl::StrFormat("  --%-18s %s (%d)\n", flag.name, flag.help,
                                           flag.get(defaults.scale)));
  }
  for (const TextFlag& flag : kTextFlags) {
    const std::string& value = defaults.*flag.member;
    absl::StrAppend(&text, absl::StrFormat("  --%-18s %s", flag.name, flag.help),
                    value.empty() ? "" : absl::StrCat(" (", value, ")"), "\n");
  }
  return text;
}

}  // namespace ringcache::footprint
