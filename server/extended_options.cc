#include "server/extended_options.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace ringcache::server {
namespace {

// What a value must look like.
enum class ValueKind : std::uint8_t {
  kNone,
  kOptional,
  kNumber,
  kDecimal,
  kHashName,
  kEvictionName,
  kSizes
};

using Apply = absl::Status (*)(absl::string_view value, ServerOptions* options);

struct ExtendedOption {
  absl::string_view name;
  ValueKind kind;
  // Null: accepted, or refused, without effect; `remark` says why.
  Apply apply;
  bool refused;
  absl::string_view remark;
};

absl::Status SetHashpower(absl::string_view value, ServerOptions* options) {
  int power = 0;
  if (!absl::SimpleAtoi(value, &power) || power < 12 || power > 32) {
    return absl::InvalidArgumentError("-o hashpower: give 12 to 32");
  }
  options->initial_items_log2 = power;
  return absl::OkStatus();
}

absl::Status SetIdleTimeout(absl::string_view value, ServerOptions* options) {
  if (!absl::SimpleAtoi(value, &options->idle_timeout_s) || options->idle_timeout_s < 0) {
    return absl::InvalidArgumentError("-o idle_timeout: give seconds, or 0 for never");
  }
  return absl::OkStatus();
}

absl::Status SetSizes(absl::string_view value, ServerOptions* options) {
  options->chunk_sizes.clear();
  for (absl::string_view text : absl::StrSplit(value, '-')) {
    std::size_t bytes = 0;
    if (!absl::SimpleAtoi(text, &bytes)) {
      return absl::InvalidArgumentError(
          absl::StrCat("-o slab_sizes: '", text, "' is not a size; give for example 96-192-1024"));
    }
    options->chunk_sizes.push_back(bytes);
  }
  return absl::OkStatus();
}

template <std::size_t ServerOptions::*kField>
absl::Status SetBuffer(absl::string_view value, ServerOptions* options) {
  std::size_t kilobytes = 0;
  // Beyond what Validate() allows, so it can say so.
  constexpr std::size_t kMost = std::size_t{1} << 40;
  if (!absl::SimpleAtoi(value, &kilobytes) || kilobytes > kMost) kilobytes = kMost;
  options->*kField = kilobytes << 10;
  return absl::OkStatus();
}

absl::Status SetAutomove(absl::string_view value, ServerOptions* options) {
  int mode = 1;
  if (!value.empty() && (!absl::SimpleAtoi(value, &mode) || mode < 0 || mode > 2)) {
    return absl::InvalidArgumentError("-o slab_automove: give 0, 1 or 2");
  }
  options->move_pages = mode != 0;
  return absl::OkStatus();
}
absl::Status KeepPages(absl::string_view, ServerOptions* options) {
  options->move_pages = false;
  return absl::OkStatus();
}
absl::Status SetAutomoveRatio(absl::string_view value, ServerOptions* options) {
  if (!absl::SimpleAtod(value, &options->move_ratio) ||
      !(options->move_ratio > 0 && options->move_ratio <= 1)) {
    return absl::InvalidArgumentError("-o slab_automove_ratio: give a number above 0, at most 1");
  }
  return absl::OkStatus();
}

absl::Status SetEviction(absl::string_view value, ServerOptions* options) {
  const auto& names = storage::kEvictionNames;
  const auto found = std::find(names.begin(), names.end(), value);
  if (found == names.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("-o eviction: '", value, "' is none of ", absl::StrJoin(names, ", ")));
  }
  options->eviction = static_cast<storage::EvictionKind>(found - names.begin());
  return absl::OkStatus();
}

absl::Status RefuseExcess(absl::string_view, ServerOptions* options) {
  options->refuse_excess_connections = true;
  return absl::OkStatus();
}
absl::Status QueueExcess(absl::string_view, ServerOptions* options) {
  options->refuse_excess_connections = false;
  return absl::OkStatus();
}
absl::Status AllowDebugTime(absl::string_view, ServerOptions* options) {
  options->allow_debug_time = true;
  return absl::OkStatus();
}
absl::Status ForbidDebugTime(absl::string_view, ServerOptions* options) {
  options->allow_debug_time = false;
  return absl::OkStatus();
}
absl::Status TrackSizes(absl::string_view, ServerOptions* options) {
  options->track_sizes = true;
  return absl::OkStatus();
}
absl::Status LeaveSizes(absl::string_view, ServerOptions* options) {
  options->track_sizes = false;
  return absl::OkStatus();
}
absl::Status RequireZero(absl::string_view value, ServerOptions*) {
  int number = 0;
  if (absl::SimpleAtoi(value, &number) && number == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "-o read_buf_mem_limit: buffers are bounded per connection and not in total; give 0");
}

absl::Status Crawl(absl::string_view, ServerOptions* options) {
  options->crawl = true;
  return absl::OkStatus();
}
absl::Status DoNotCrawl(absl::string_view, ServerOptions* options) {
  options->crawl = false;
  return absl::OkStatus();
}

constexpr absl::string_view kOwnIndex = "the index grows by itself and has one hash function";
constexpr absl::string_view kOwnPages =
    "pages move as slab_automove and slab_automove_ratio say (docs/storage.md)";
constexpr absl::string_view kOwnEviction =
    "neither way of eviction has such parts (docs/storage.md); see -o eviction";
constexpr absl::string_view kOwnCrawler =
    "the search for expired items takes at most a tenth of a core (docs/storage.md)";
constexpr absl::string_view kNoTls = "TLS is not built; put a TLS proxy in front of the server";
constexpr absl::string_view kNoDisk = "items are kept in memory only; leave it out";
constexpr absl::string_view kNoProxy =
    "this is a cache, no proxy; run a proxy beside it and leave it out";

constexpr ExtendedOption kExtendedOptions[] = {
    // With effect.
    {"maxconns_fast", ValueKind::kNone, RefuseExcess, false, "answer and close past -c (default)"},
    {"no_maxconns_fast", ValueKind::kNone, QueueExcess, false, "past -c, leave peers waiting"},
    {"hashpower", ValueKind::kNumber, SetHashpower, false,
     "log2 of the items the index is laid out for at the start, 12 to 32"},
    {"idle_timeout", ValueKind::kNumber, SetIdleTimeout, false,
     "close connections idle for this many seconds (default: 0, never)"},
    {"eviction", ValueKind::kEvictionName, SetEviction, false,
     "which items leave: s3fifo (default), or slru, segmented LRU"},
    {"slab_automove", ValueKind::kOptional, SetAutomove, false,
     "0: pages stay with their size class until reassigned; 1, 2: they move (default)"},
    {"no_slab_automove", ValueKind::kNone, KeepPages, false, "as slab_automove=0"},
    {"no_slab_reassign", ValueKind::kNone, KeepPages, false, "as slab_automove=0"},
    {"slab_automove_ratio", ValueKind::kDecimal, SetAutomoveRatio, false,
     "a class gets a page if its items are idle for less than this part of another's (0.8)"},
    {"lru_crawler", ValueKind::kNone, Crawl, false, "look for expired items (default)"},
    {"no_lru_crawler", ValueKind::kNone, DoNotCrawl, false,
     "expired items stay until they are asked for or their room is needed"},
    {"slab_sizes", ValueKind::kSizes, SetSizes, false, "chunk sizes, ascending: a-b-c"},
    {"track_sizes", ValueKind::kNone, TrackSizes, false, "count items by size for `stats sizes`"},
    {"no_track_sizes", ValueKind::kNone, LeaveSizes, false, "(default)"},
    {"watcher_logbuf_size", ValueKind::kNumber, SetBuffer<&ServerOptions::watcher_buffer_bytes>,
     false, "kilobytes of lines that wait for one watcher (default: 256)"},
    {"worker_logbuf_size", ValueKind::kNumber, SetBuffer<&ServerOptions::worker_buffer_bytes>,
     false, "kilobytes of events of one thread that wait for the logging thread (default: 64)"},
    {"relaxed_privileges", ValueKind::kNone, AllowDebugTime, false,
     "for tests: enables the debugtime command"},
    {"no_relaxed_privileges", ValueKind::kNone, ForbidDebugTime, false, "(default)"},
    {"read_buf_mem_limit", ValueKind::kNumber, RequireZero, false, "0 only"},
    // Accepted; no effect.
    {"modern", ValueKind::kNone, nullptr, false, "it stands for defaults that apply anyway"},
    {"no_modern", ValueKind::kNone, nullptr, false, kOwnEviction},
    {"no_hashexpand", ValueKind::kNone, nullptr, false, kOwnIndex},
    {"hash_algorithm", ValueKind::kHashName, nullptr, false, kOwnIndex},
    {"slab_reassign", ValueKind::kNone, nullptr, false, kOwnPages},
    {"slab_automove_window", ValueKind::kNumber, nullptr, false, kOwnPages},
    {"slab_automove_freeratio", ValueKind::kDecimal, nullptr, false, kOwnPages},
    {"slab_chunk_max", ValueKind::kNumber, nullptr, false,
     "the largest chunk is half a page; larger items take several"},
    {"no_chunked_items", ValueKind::kNone, nullptr, false,
     "the largest chunk is half a page; larger items take several"},
    {"tail_repair_time", ValueKind::kNumber, nullptr, false, "there is no tail to repair"},
    {"lru_crawler_sleep", ValueKind::kNumber, nullptr, false, kOwnCrawler},
    {"lru_crawler_tocrawl", ValueKind::kNumber, nullptr, false, kOwnCrawler},
    {"lru_maintainer", ValueKind::kNone, nullptr, false, kOwnEviction},
    {"no_lru_maintainer", ValueKind::kNone, nullptr, false, kOwnEviction},
    {"hot_lru_pct", ValueKind::kNumber, nullptr, false, kOwnEviction},
    {"warm_lru_pct", ValueKind::kNumber, nullptr, false, kOwnEviction},
    {"hot_max_factor", ValueKind::kDecimal, nullptr, false, kOwnEviction},
    {"warm_max_factor", ValueKind::kDecimal, nullptr, false, kOwnEviction},
    {"temporary_ttl", ValueKind::kNumber, nullptr, false, kOwnEviction},
    {"no_temporary_ttl", ValueKind::kNone, nullptr, false, kOwnEviction},
    {"inline_ascii_resp", ValueKind::kNone, nullptr, false, "memcached ignores it, too"},
    {"no_inline_ascii_resp", ValueKind::kNone, nullptr, false, "memcached ignores it, too"},
    {"resp_obj_mem_limit", ValueKind::kNumber, nullptr, false, "memcached ignores it, too"},
    {"drop_privileges", ValueKind::kNone, nullptr, false, "use the container's seccomp profile"},
    {"no_drop_privileges", ValueKind::kNone, nullptr, false, "nothing is dropped"},
    // Refused.
    {"sock_cookie_id", ValueKind::kOptional, nullptr, true, "sockets are not tagged; leave it out"},
};

// Families of options that are refused alike.
struct RefusedFamily {
  absl::string_view prefix;
  absl::string_view remark;
};
constexpr RefusedFamily kRefusedFamilies[] = {
    {"ssl_", kNoTls}, {"ext_", kNoDisk}, {"proxy_", kNoProxy}};

absl::Status CheckValue(const ExtendedOption& option, bool has_value, absl::string_view value) {
  double number = 0;
  std::uint64_t integer = 0;
  switch (option.kind) {
    case ValueKind::kNone:
      if (!has_value) return absl::OkStatus();
      return absl::InvalidArgumentError(
          absl::StrCat("-o ", option.name, " takes no value; leave out '=", value, "'"));
    // What applies them looks at the value.
    case ValueKind::kOptional:
    case ValueKind::kEvictionName:
      return absl::OkStatus();
    case ValueKind::kSizes:
      if (has_value && !value.empty()) return absl::OkStatus();
      break;
    case ValueKind::kNumber:
      if (absl::SimpleAtoi(value, &integer)) return absl::OkStatus();
      break;
    case ValueKind::kDecimal:
      if (absl::SimpleAtod(value, &number) && number >= 0) return absl::OkStatus();
      break;
    case ValueKind::kHashName:
      if (value == "jenkins" || value == "murmur3" || value == "xxh3") return absl::OkStatus();
      return absl::InvalidArgumentError(
          absl::StrCat("-o hash_algorithm: '", value, "' is none of jenkins, murmur3, xxh3"));
  }
  return absl::InvalidArgumentError(absl::StrCat("-o ", option.name, ": '", value,
                                                 "' is not a value; give a number as in ",
                                                 option.name, "=1"));
}

absl::Status ApplyOne(absl::string_view item, ServerOptions* options,
                      std::vector<std::string>* notes) {
  const std::size_t equals = item.find('=');
  const absl::string_view name = item.substr(0, equals);
  const bool has_value = equals != absl::string_view::npos;
  const absl::string_view value = has_value ? item.substr(equals + 1) : absl::string_view();
  for (const RefusedFamily& family : kRefusedFamilies) {
    if (absl::StartsWith(name, family.prefix)) {
      return absl::InvalidArgumentError(absl::StrCat("-o ", name, ": ", family.remark));
    }
  }
  for (const ExtendedOption& option : kExtendedOptions) {
    if (option.name != name) continue;
    if (option.refused) {
      return absl::InvalidArgumentError(absl::StrCat("-o ", name, ": ", option.remark));
    }
    if (absl::Status status = CheckValue(option, has_value, value); !status.ok()) return status;
    if (option.apply != nullptr) return option.apply(value, options);
    notes->push_back(absl::StrCat("-o ", name, " has no effect: ", option.remark));
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("-o ", name, ": there is no such option; -h lists them"));
}

}  // namespace

absl::Status ApplyExtendedOptions(absl::string_view list, ServerOptions* options,
                                  std::vector<std::string>* notes) {
  for (absl::string_view item : absl::StrSplit(list, ',')) {
    item = absl::StripAsciiWhitespace(item);
    if (item.empty()) continue;
    if (absl::Status status = ApplyOne(item, options, notes); !status.ok()) return status;
  }
  return absl::OkStatus();
}

std::string ExtendedOptionsHelp() {
  std::string text;
  std::string without_effect;
  for (const ExtendedOption& option : kExtendedOptions) {
    if (option.refused) continue;
    if (option.apply != nullptr) {
      absl::StrAppend(&text, "   - ", option.name, ": ", option.remark, "\n");
    } else {
      absl::StrAppend(&without_effect, without_effect.empty() ? "" : " ", option.name);
    }
  }
  absl::StrAppend(&text, "   - accepted without effect: ", without_effect, "\n");
  return text;
}

}  // namespace ringcache::server
