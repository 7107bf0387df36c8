#include "server/options.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "admin/backend/admin_options.h"
#include "flags/argument_reader.h"
#include "process/log_format.h"
#include "process/version.h"
#include "server/extended_options.h"

namespace ringcache::server {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

absl::Status Wrong(absl::string_view flag, absl::string_view value, absl::string_view right) {
  return absl::InvalidArgumentError(absl::StrCat(flag, ": '", value, "' is not ", right));
}

template <typename Integer>
absl::Status ReadNumber(absl::string_view flag, absl::string_view value, absl::string_view what,
                        Integer* number) {
  if (absl::SimpleAtoi(value, number)) return absl::OkStatus();
  return Wrong(flag, value, what);
}

// The setters, one per flag of the table below.

absl::Status SetPort(absl::string_view value, CommandLine* line) {
  if (absl::SimpleAtoi(value, &line->options.port) && line->options.port >= -1 &&
      line->options.port <= 65535) {
    // memcached's tests say -1 for any port.
    line->options.port = std::max(line->options.port, 0);
    return absl::OkStatus();
  }
  return Wrong("-p", value, "a port; ports are 0 to 65535");
}

absl::Status SetUdpPort(absl::string_view value, CommandLine*) {
  int port = -1;
  if (absl::SimpleAtoi(value, &port) && port == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("-U ", value, ": UDP is not supported; give 0 or leave it out"));
}

absl::Status SetUnixSocket(absl::string_view value, CommandLine* line) {
  if (value.empty()) return Wrong("-s", value, "a path");
  line->options.unix_socket = std::string(value);
  return absl::OkStatus();
}

absl::Status SetUnixMode(absl::string_view value, CommandLine* line) {
  unsigned mode = 0;
  for (char digit : value) {
    if (digit < '0' || digit > '7' || mode > 0777) {
      return Wrong("-a", value, "an octal access mask such as 700");
    }
    mode = mode * 8 + static_cast<unsigned>(digit - '0');
  }
  if (value.empty() || mode > 0777) return Wrong("-a", value, "an octal access mask such as 700");
  line->options.unix_mode = mode;
  return absl::OkStatus();
}

// "host", "host:port", "1.2.3.4:port", "[v6]", "[v6]:port", "v6", "*".
absl::Status AddListenAddress(absl::string_view text, ServerOptions* options) {
  for (absl::string_view prefix : {"notls:", "btls:", "mtls:", "proto[", "tag[", "tag_"}) {
    if (absl::StartsWith(text, prefix)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "-l ", text, ": prefixes for TLS, protocols and tags are not supported; give host:port"));
    }
  }
  ListenAddress address;
  absl::string_view port;
  if (absl::StartsWith(text, "[")) {
    const std::size_t end = text.find(']');
    if (end == absl::string_view::npos) return Wrong("-l", text, "an address; a ']' is missing");
    address.host = std::string(text.substr(1, end - 1));
    port = text.substr(end + 1);
  } else {
    const std::size_t colon = text.find(':');
    // Two colons make a bare IPv6 address.
    const bool bare_v6 = colon != absl::string_view::npos && text.rfind(':') != colon;
    address.host = std::string(bare_v6 ? text : text.substr(0, colon));
    if (!bare_v6 && colon != absl::string_view::npos) port = text.substr(colon);
  }
  if (!port.empty() && (!absl::SimpleAtoi(port.substr(1), &address.port) || port[0] != ':' ||
                        address.port < 0 || address.port > 65535)) {
    return Wrong("-l", text, "host:port; ports are 0 to 65535");
  }
  if (address.host == "*") address.host.clear();
  options->listen.push_back(std::move(address));
  return absl::OkStatus();
}

absl::Status SetListen(absl::string_view value, CommandLine* line) {
  for (absl::string_view text : absl::StrSplit(value, absl::ByAnyChar(", "), absl::SkipEmpty())) {
    if (absl::Status status = AddListenAddress(text, &line->options); !status.ok()) return status;
  }
  if (line->options.listen.empty()) return Wrong("-l", value, "an address such as 127.0.0.1");
  return absl::OkStatus();
}

absl::Status SetMemory(absl::string_view value, CommandLine* line) {
  line->options.memory_limit_from_container = value == "auto";
  if (value == "auto") return absl::OkStatus();
  std::size_t megabytes = 0;
  if (!absl::SimpleAtoi(value, &megabytes) || megabytes == 0 || megabytes > (kMiB << 4)) {
    return Wrong("-m", value, "a number of megabytes; give for example 1024, or auto");
  }
  line->options.memory_limit_bytes = megabytes * kMiB;
  return absl::OkStatus();
}

absl::Status SetMaxItem(absl::string_view value, CommandLine* line) {
  std::size_t unit = 1;
  absl::string_view digits = value;
  if (!digits.empty() && (digits.back() == 'k' || digits.back() == 'K')) unit = 1024;
  if (!digits.empty() && (digits.back() == 'm' || digits.back() == 'M')) unit = kMiB;
  if (!digits.empty() && (digits.back() == 'g' || digits.back() == 'G')) unit = 1024 * kMiB;
  if (unit != 1) digits.remove_suffix(1);
  std::size_t number = 0;
  if (!absl::SimpleAtoi(digits, &number) || number > 1024 * kMiB) {
    return Wrong("-I", value, "a size; give for example 512k or 1m");
  }
  line->options.max_item_bytes = number * unit;
  return absl::OkStatus();
}

absl::Status SetGrowthFactor(absl::string_view value, CommandLine* line) {
  if (absl::SimpleAtod(value, &line->options.growth_factor.emplace())) return absl::OkStatus();
  return Wrong("-f", value, "a growth factor; give for example 1.25");
}
absl::Status SetMinValue(absl::string_view value, CommandLine* line) {
  return ReadNumber("-n", value, "a number of bytes", &line->options.min_value_bytes.emplace());
}
absl::Status SetConnections(absl::string_view value, CommandLine* line) {
  return ReadNumber("-c", value, "a number of connections", &line->options.max_connections);
}
absl::Status SetThreads(absl::string_view value, CommandLine* line) {
  return ReadNumber("-t", value, "a number of threads", &line->options.threads);
}
absl::Status SetMaxRequests(absl::string_view value, CommandLine* line) {
  return ReadNumber("-R", value, "a number of requests", &line->options.max_operations_per_event);
}
absl::Status SetBacklog(absl::string_view value, CommandLine* line) {
  return ReadNumber("-b", value, "a number of connections", &line->options.listen_backlog);
}
absl::Status SetUser(absl::string_view value, CommandLine* line) {
  line->options.user = std::string(value);
  return absl::OkStatus();
}
absl::Status SetPidFile(absl::string_view value, CommandLine* line) {
  line->options.pid_file = std::string(value);
  return absl::OkStatus();
}
absl::Status SetMemoryFile(absl::string_view value, CommandLine* line) {
  if (value.empty()) return Wrong("-e", value, "a path; name a file on a tmpfs");
  line->options.memory_file = std::string(value);
  return absl::OkStatus();
}
absl::Status SetDelimiter(absl::string_view value, CommandLine* line) {
  if (value.size() != 1) return Wrong("-D", value, "one character");
  line->options.prefix_delimiter = value[0];
  line->options.count_prefixes = true;
  return absl::OkStatus();
}
absl::Status SetProtocol(absl::string_view value, CommandLine*) {
  if (value == "auto" || value == "ascii") return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("-B ", value, ": only the ascii protocol is spoken; give ascii or auto"));
}
absl::Status SetNapiIds(absl::string_view value, CommandLine*) {
  int ids = -1;
  if (absl::SimpleAtoi(value, &ids) && ids == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("-N ", value, ": connections go to threads in turn; leave it out"));
}
absl::Status SetLogFormat(absl::string_view value, CommandLine* line) {
  if (value != "text" && value != "json") return Wrong("--log-format", value, "text or json");
  line->options.log_format =
      value == "json" ? process::LogFormat::kJson : process::LogFormat::kText;
  return absl::OkStatus();
}
absl::Status SetDrainWait(absl::string_view value, CommandLine* line) {
  double seconds = 0;
  if (!absl::SimpleAtod(value, &seconds)) return Wrong("--drain-wait", value, "a time in seconds");
  line->options.drain_wait = absl::Seconds(seconds);
  return absl::OkStatus();
}
absl::Status SetExtended(absl::string_view value, CommandLine* line) {
  return ApplyExtendedOptions(value, &line->options, &line->notes);
}

absl::Status RefuseSasl(absl::string_view, CommandLine*) {
  return absl::InvalidArgumentError(
      "-S: SASL needs the binary protocol, which is not spoken; leave it out");
}
absl::Status RefuseAuthFile(absl::string_view, CommandLine*) {
  return absl::InvalidArgumentError(
      "-Y: authentication is not built; restrict access by network policy and leave it out");
}
absl::Status RefuseTls(absl::string_view, CommandLine*) {
  return absl::InvalidArgumentError(
      "-Z: TLS is not built; put a TLS proxy in front of the server and leave it out");
}

template <bool ServerOptions::*kField, bool kValue>
absl::Status Switch(absl::string_view, CommandLine* line) {
  line->options.*kField = kValue;
  return absl::OkStatus();
}
template <ProgramAction kAction>
absl::Status Choose(absl::string_view, CommandLine* line) {
  line->action = kAction;
  return absl::OkStatus();
}
absl::Status RaiseVerbosity(absl::string_view, CommandLine* line) {
  ++line->options.verbosity;
  return absl::OkStatus();
}
absl::Status NoteLargePages(absl::string_view, CommandLine* line) {
  line->notes.push_back("-L has no effect: the kernel decides on large pages");
  return absl::OkStatus();
}

struct Flag {
  char letter;              // or flags::kNoLetter
  absl::string_view name;   // empty: none
  absl::string_view value;  // what the help calls the value; empty: the flag takes none
  absl::Status (*apply)(absl::string_view value, CommandLine* line);
  absl::string_view help;  // empty: not in the help
};

constexpr Flag kFlags[] = {
    {'p', "port", "num", SetPort, "TCP port to listen on (default: 11211; 0: any)"},
    {'U', "udp-port", "num", SetUdpPort, "0 only: there is no UDP"},
    {'s', "unix-socket", "file", SetUnixSocket, "unix socket to listen on instead of the network"},
    {'a', "unix-mask", "mask", SetUnixMode, "access mask of the unix socket, octal (default: 700)"},
    {'A', "enable-shutdown", "", Switch<&ServerOptions::allow_shutdown, true>,
     "enable the shutdown command"},
    {'l', "listen", "addr", SetListen,
     "address to listen on, host or host:port; comma list or several (default: all)"},
    {'d', "daemon", "", Switch<&ServerOptions::daemonize, true>, "run in the background"},
    {'r', "enable-coredumps", "", Switch<&ServerOptions::maximize_core_file, true>,
     "raise the core file limit"},
    {'u', "user", "name", SetUser, "user to become when started as root"},
    {'m', "memory-limit", "num", SetMemory,
     "memory for items in megabytes (default: 64); auto: from the container's limit"},
    {'e', "memory-file", "file", SetMemoryFile,
     "keep items in this file (on a tmpfs), to go on with them after a clean stop"},
    {'M', "disable-evictions", "", Switch<&ServerOptions::evict, false>,
     "answer an error when memory is full, evict nothing"},
    {'c', "conn-limit", "num", SetConnections, "most connections at a time (default: 1024)"},
    {'k', "lock-memory", "", Switch<&ServerOptions::lock_memory, true>, "lock memory into RAM"},
    {'v', "verbose", "", RaiseVerbosity,
     "log more; -vv: connections and commands; -vvv: items, too"},
    {'h', "help", "", Choose<ProgramAction::kPrintHelp>, "print this and exit"},
    {'i', "license", "", Choose<ProgramAction::kPrintLicense>, "print licenses and exit"},
    {'V', "version", "", Choose<ProgramAction::kPrintVersion>, "print the version and exit"},
    {'P', "pidfile", "file", SetPidFile, "write the process id to this file"},
    {'f', "slab-growth-factor", "num", SetGrowthFactor,
     "growth of chunk sizes (default: finer ones)"},
    {'n', "slab-min-size", "bytes", SetMinValue,
     "least space for key and value (default: finer sizes)"},
    {'L', "enable-largepages", "", NoteLargePages, "no effect"},
    {'D', "", "char", SetDelimiter,
     "count commands per key prefix, which this ends (stats detail)"},
    {'t', "threads", "num", SetThreads, "worker threads (default: 4)"},
    {'R', "max-reqs-per-event", "num", SetMaxRequests,
     "operations of one connection before others have their turn (default: 1024)"},
    {'C', "disable-cas", "", Switch<&ServerOptions::cas, false>, "keep no CAS ids"},
    {'b', "listen-backlog", "num", SetBacklog, "length of the listen queue (default: 1024)"},
    {'B', "protocol", "name", SetProtocol, "ascii or auto"},
    {'I', "max-item-size", "num", SetMaxItem,
     "largest item, 1k to 1g, at most half of -m (default: 1m)"},
    {'F', "disable-flush-all", "", Switch<&ServerOptions::allow_flush_all, false>,
     "disable the flush_all command"},
    {'X', "disable-dumping", "", Switch<&ServerOptions::allow_dump, false>,
     "disable commands that list keys"},
    {'W', "disable-watch", "", Switch<&ServerOptions::allow_watch, false>,
     "disable the watch command"},
    {flags::kNoLetter, "log-format", "name", SetLogFormat,
     "text, for people (default), or json, one object per line"},
    {flags::kNoLetter, "drain-wait", "seconds", SetDrainWait,
     "told to end: report not ready for so long, then refuse connections (default: 0)"},
    {'o', "extended", "list", SetExtended, "comma-separated options:"},
    {'S', "enable-sasl", "", RefuseSasl, ""},
    {'Y', "auth-file", "file", RefuseAuthFile, ""},
    {'Z', "enable-ssl", "", RefuseTls, ""},
    {'N', "napi_ids", "num", SetNapiIds, ""},
};

std::vector<admin::AdminFlag> AllAdminFlags() {
  const absl::Span<const admin::AdminFlag> all = admin::AdminFlags();
  std::vector<admin::AdminFlag> flags(all.begin(), all.end());
  const absl::Span<const admin::AdminFlag> ring = admin::RingObserverFlags();
  flags.insert(flags.end(), ring.begin(), ring.end());
  return flags;
}

constexpr bool LettersAreUnique() {
  for (const Flag& flag : kFlags) {
    for (const Flag& other : kFlags) {
      if (&flag != &other && flag.letter == other.letter && flag.letter != flags::kNoLetter)
        return false;
    }
  }
  return true;
}
static_assert(LettersAreUnique());

absl::Status ReadAdminFlag(const admin::AdminFlag& flag, absl::string_view value,
                           ServerOptions* options) {
  const absl::Status status = flag.read(value, &options->admin);
  if (status.ok()) return status;
  return absl::InvalidArgumentError(absl::StrCat("--", flag.name, ": ", status.message()));
}

// The flags of the tables above and those of the admin interface, which follow them.
absl::Status ReadFlags(absl::Span<const char* const> arguments, CommandLine* line) {
  std::vector<flags::Syntax> syntax;
  for (const Flag& flag : kFlags) syntax.push_back({flag.letter, flag.name, flag.value, ""});
  const std::vector<admin::AdminFlag> admin_flags = AllAdminFlags();
  for (const admin::AdminFlag& flag : admin_flags) {
    syntax.push_back({flags::kNoLetter, flag.name, flag.value, flag.if_bare});
  }
  const std::vector<absl::string_view> texts(arguments.begin(), arguments.end());
  return flags::ReadArguments(syntax, texts, [&](std::size_t row, absl::string_view value) {
    value = absl::StripAsciiWhitespace(value);
    if (row < std::size(kFlags)) return kFlags[row].apply(value, line);
    return ReadAdminFlag(admin_flags[row - std::size(kFlags)], value, &line->options);
  });
}

// In the manner of the other lines of the help.
std::string AdminHelp() {
  const ServerOptions defaults;
  std::string text;
  for (const admin::AdminFlag& flag : AllAdminFlags()) {
    const bool bare = !flag.if_bare.empty();
    const std::string spelling =
        absl::StrCat("--", flag.name, bare ? "[=<" : "=<", flag.value, bare ? ">]" : ">");
    const std::string usual = flag.spell(defaults.admin);
    absl::StrAppendFormat(&text, "%-32s %s%s\n", spelling, flag.help,
                          usual.empty() ? "" : absl::StrCat(" (default: ", usual, ")"));
  }
  return text;
}

absl::Status TakeContainerMemory(FileReader read_file, ServerOptions* options) {
  const absl::StatusOr<std::uint64_t> container = ContainerMemoryLimit(read_file);
  if (!container.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("-m auto: ", container.status().message()));
  }
  options->memory_limit_bytes =
      ItemBytesWithin(*container, options->threads, options->max_connections);
  if (options->memory_limit_bytes > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("-m auto: the container's ", *container / kMiB,
                   " megabytes leave none for items", " beside ", options->threads, " threads and ",
                   options->max_connections, " connections; raise the limit, or lower -t and -c"));
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(absl::Span<const char* const> arguments,
                                             FileReader read_file) {
  CommandLine line;
  if (absl::Status status = ReadFlags(arguments, &line); !status.ok()) return status;
  if (line.action != ProgramAction::kServe) return line;
  if (line.options.memory_limit_from_container) {
    absl::Status status = TakeContainerMemory(read_file, &line.options);
    if (!status.ok()) return status;
  }
  if (absl::Status status = line.options.Validate(); !status.ok()) return status;
  return line;
}

std::string HelpText() {
  std::string text = absl::StrCat(process::kProgramVersion, "\n");
  for (const Flag& flag : kFlags) {
    if (flag.help.empty()) continue;
    std::string spelling(1, '-');
    if (flag.letter != flags::kNoLetter) {
      spelling += flag.letter;
      if (!flag.name.empty()) absl::StrAppend(&spelling, ", -");
    }
    if (!flag.name.empty()) absl::StrAppend(&spelling, "-", flag.name);
    if (!flag.value.empty()) {
      absl::StrAppend(&spelling, flag.name.empty() ? " <" : "=<", flag.value, ">");
    }
    absl::StrAppendFormat(&text, "%-32s %s\n", spelling, flag.help);
  }
  return absl::StrCat(text, ExtendedOptionsHelp(), AdminHelp());
}

absl::string_view LicenseText() {
  return "Ringcache. It is linked with Abseil, gRPC and OpenSSL (Apache License 2.0), Protocol\n"
         "Buffers (BSD license), prometheus-cpp, CivetWeb and c-ares (MIT license), zlib (zlib\n"
         "license), and the GNU C and C++ libraries (LGPL 2.1; GPL 3 with the runtime library\n"
         "exception).\n";
}

}  // namespace ringcache::server
