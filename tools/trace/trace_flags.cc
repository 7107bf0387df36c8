#include "tools/trace/trace_flags.h"

#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace ringcache::trace {
namespace {

using absl::string_view;
using O = TraceOptions;

struct Row {
  string_view name;
  string_view value;  // how the help calls the value; empty: a switch, on without one
  string_view help;
  absl::Status (*read)(string_view text, O* options);
  std::string (*spell)(O options);  // for the help; empty: say nothing
};

absl::Status Wrong(string_view text, string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("'", text, "' is ", what));
}

// kMember takes the options and gives a reference to one of their members.
template <auto kMember>
constexpr Row Integer(string_view name, string_view help) {
  const auto read = [](string_view text, O* options) {
    if (absl::SimpleAtoi(text, &kMember(*options))) return absl::OkStatus();
    return Wrong(text, "no whole number that fits");
  };
  return {name, "N", help, read, [](O options) { return absl::StrCat(kMember(options)); }};
}

template <auto kMember>
constexpr Row Number(string_view name, string_view help) {
  const auto read = [](string_view text, O* options) {
    double* const number = &kMember(*options);
    // The comparison refuses NaN and infinity.
    if (absl::SimpleAtod(text, number) && *number >= 0 && *number <= 1e18) return absl::OkStatus();
    return Wrong(text, "no number from 0");
  };
  return {name, "X", help, read, [](O options) { return absl::StrCat(kMember(options)); }};
}

template <auto kMember>
constexpr Row Text(string_view name, string_view value, string_view help) {
  const auto read = [](string_view text, O* options) {
    kMember(*options) = std::string(text);
    return text.empty() ? Wrong(text, "empty") : absl::OkStatus();
  };
  return {name, value, help, read, [](O options) { return kMember(options); }};
}

template <auto kMember, char kSeparator>
constexpr Row Words(string_view name, string_view value, string_view help) {
  const auto read = [](string_view text, O* options) {
    for (const string_view part : absl::StrSplit(text, kSeparator, absl::SkipEmpty())) {
      kMember(*options).emplace_back(part);
    }
    return absl::OkStatus();
  };
  return {name, value, help, read, [](O) { return std::string(); }};
}

template <auto kMember>
constexpr Row Switch(string_view name, string_view help) {
  const auto read = [](string_view text, O* options) {
    kMember(*options) = text == "yes";
    return text == "yes" || text == "no" ? absl::OkStatus() : Wrong(text, "neither yes nor no");
  };
  return {name, "", help, read,
          [](O options) { return std::string(kMember(options) ? "yes" : "no"); }};
}

// A member whose type reads and spells itself.
template <auto kMember>
constexpr Row Parsed(string_view name, string_view value, string_view help) {
  const auto read = [](string_view text, O* options) {
    auto parsed = std::decay_t<decltype(kMember(*options))>::Parse(text);
    if (parsed.ok()) kMember(*options) = *parsed;
    return parsed.status();
  };
  return {name, value, help, read, [](O options) { return kMember(options).ToString(); }};
}

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

std::string SpellFormat(O options) { return options.format == FileFormat::kCsv ? "csv" : "keys"; }

std::string SpellRequests(O options) {
  return absl::StrCat("all of a file, ", options.synthetic.requests, " without one");
}

#define MEMBER(path) \
  [](O & o) -> auto& { return o.path; }

constexpr Row kRows[] = {
    Switch<MEMBER(in_process)>("in-process", "target: the storage library in this process"),
    Switch<MEMBER(memcached)>("memcached",
                              "target: a memcached that is started for it and ended afterwards"),
    Words<MEMBER(servers), ','>("server", "ADDRESS",
                                "target: a server at HOST:PORT or unix:PATH; several with commas"),
    Text<MEMBER(memcached_program)>("memcached-program", "PATH", "what --memcached starts"),
    Words<MEMBER(memcached_arguments), ' '>("memcached-arguments", "TEXT",
                                            "further arguments for it, such as '-t 1'"),
    Switch<MEMBER(flush)>("flush", "remove all that each --server holds before the replay"),
    Integer<MEMBER(memory_mib)>("memory", "memory limit in MiB; -m N is the same"),
    {"curve", "LIST", "replay at each of these limits, such as 16,32,64, and plot the misses",
     ReadCurve, [](O) { return std::string(); }},
    Number<MEMBER(growth_factor)>("growth-factor",
                                  "from one size class to the next, in the library and as "
                                  "memcached's -f; 0: their own classes"),
    Text<MEMBER(file)>("file", "FILE", "replay this trace; without it a synthetic one is drawn"),
    {"format", "csv|keys",
     "of the file: time,key,key size,value size,client id,operation,TTL in each line; or a key",
     ReadFormat, SpellFormat},
    {"requests", "N", "how many to replay",
     [](string_view text, O* o) {
       if (absl::SimpleAtoi(text, &o->requests) && o->requests > 0) return absl::OkStatus();
       return Wrong(text, "no whole number from 1");
     },
     SpellRequests},
    Integer<MEMBER(synthetic.keys)>("keys", "how many there are"),
    Number<MEMBER(synthetic.zipf_exponent)>("zipf-exponent", "of their popularity; 0: all alike"),
    Number<MEMBER(synthetic.one_hit_share)>("one-hit-share",
                                            "share of requests for a key that never comes again"),
    Integer<MEMBER(synthetic.scan_every)>("scan-every", "requests between two scans; 0: no scans"),
    Integer<MEMBER(synthetic.scan_keys)>("scan-keys", "keys that a scan reads, once each"),
    Integer<MEMBER(synthetic.shift_every)>("shift-every",
                                           "requests after which popularity shifts; 0: never"),
    Integer<MEMBER(synthetic.shift_keys)>(
        "shift-keys", "most popular keys that become the least popular in a shift"),
    Integer<MEMBER(synthetic.key_bytes)>("key-size", "bytes of each key"),
    Parsed<MEMBER(synthetic.value_sizes)>(
        "value-size", "SIZES",
        "100, 10-4000 (uniform) or lognormal:MEDIAN:SIGMA[:MAX], in bytes; with a file, of reads"
        " that name no size"),
    Parsed<MEMBER(synthetic.lifetimes)>(
        "ttl", "SECONDS", "0 (for ever), 60, or 60-3600 (uniform); not for csv files"),
    Number<MEMBER(synthetic.rate_per_s)>("rate",
                                         "requests per second of the trace's time; not for csv"),
    Integer<MEMBER(synthetic.seed)>("seed", "the same seed gives the same trace"),
    Integer<MEMBER(batch)>("batch", "requests that are sent to a server at once"),
    Switch<MEMBER(reference)>("reference", "simulate LRU and the static optimum beside"),
    Text<MEMBER(svg)>("svg", "FILE", "write the curve there; - for standard output"),
    Text<MEMBER(json)>("json", "FILE", "write all figures there; - for standard output"),
    Switch<MEMBER(quiet)>("quiet", "no progress and no table"),
    Switch<MEMBER(help)>("help", "print this"),
};

#undef MEMBER

const Row* FindRow(string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<TraceOptions> ParseTraceOptions(absl::Span<const string_view> arguments) {
  TraceOptions options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool is_memory = arguments[i] == "-m";
    if (!is_memory && arguments[i].substr(0, 2) != "--") {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", arguments[i], "' is no option; options begin with --",
          i > 0 ? absl::StrCat("; a value of ", arguments[i - 1], " follows a =") : ""));
    }
    const string_view argument = is_memory ? "memory" : arguments[i].substr(2);
    const std::size_t equals = argument.find('=');
    const string_view name = argument.substr(0, equals);
    const Row* const row = FindRow(name);
    if (row == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("there is no option --", name, "; --help lists them"));
    }
    string_view value = "yes";
    if (equals != string_view::npos) {
      value = argument.substr(equals + 1);
    } else if (!row->value.empty()) {
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

std::string TraceOptionsHelp() {
  std::string text =
      "Replays a trace of requests, storing what a read misses, and reports the hit ratio and what"
      " the memory held.\n\n";
  for (const Row& row : kRows) {
    absl::StrAppend(&text, "  --", row.name,
                    row.value.empty() ? "[=no|yes]" : absl::StrCat("=", row.value));
    const std::string usual = row.spell(TraceOptions());
    absl::StrAppend(&text, usual.empty() ? "" : absl::StrCat("  (", usual, ")"), "\n      ",
                    row.help, "\n");
  }
  return text;
}

}  // namespace ringcache::trace
