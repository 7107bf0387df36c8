#include "router/options.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "admin/flags/admin_rows.h"
#include "client/cluster_options.h"
#include "client/member_client.h"
#include "discovery/discovery_address.h"
#include "flags/argument_reader.h"
#include "flags/flag_table.h"
#include "process/version.h"
#include "ring_flags/ring_flags.h"
#include "router/foreign_options.h"
#include "router/hot_keys/local_cache_options.h"

namespace ringcache::router {
namespace {

using absl::string_view;
using F = flags::Of<CommandLine>;

constexpr std::uint64_t kMaxMs = 3'600'000;
constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 40;
constexpr std::uint64_t kMaxCount = 100'000'000;

constexpr auto kRing = [](CommandLine & line) -> auto& { return line.options.cluster.ring; };
using R = ring_flags::RingFlags<CommandLine, kRing>;

constexpr std::array<string_view, 3> kCheckWords = {"no", "exit", "run"};
constexpr std::array<string_view, 2> kFormatWords = {"text", "json"};
constexpr std::array<string_view, 2> kIdentityWords = {"name", "address"};
// Of flags that switch off what is on.
constexpr std::array<string_view, 2> kOffWords = {"yes", "no"};
// The file is looked at so often at most.
constexpr absl::Duration kLeastReloadInterval = absl::Milliseconds(10);
constexpr string_view kOneMore = "one more";

absl::Status ReadPorts(string_view text, CommandLine* line) {
  std::vector<int> ports;
  for (const string_view part : absl::StrSplit(text, absl::ByAnyChar(", "), absl::SkipEmpty())) {
    int port = -1;
    if (!absl::SimpleAtoi(part, &port) || port < 0 || port > 65535) {
      return flags::Wrong(part, "no port; ports are 0 to 65535");
    }
    ports.push_back(port);
  }
  if (ports.empty()) return flags::Wrong(text, "no port; give for example 5000,5001");
  line->options.ports = std::move(ports);
  return absl::OkStatus();
}
std::string SpellPorts(const CommandLine& line) { return absl::StrJoin(line.options.ports, ","); }

absl::Status ReadServers(string_view text, CommandLine* line) {
  const auto address = discovery::DiscoveryAddress::Parse(text);
  if (!address.ok()) return address.status();
  line->options.servers = std::string(text);
  return absl::OkStatus();
}
std::string SpellServers(const CommandLine& line) { return line.options.servers; }

absl::Status ReadVerbosity(string_view text, CommandLine* line) {
  if (text == kOneMore) {
    ++line->options.verbosity;
    return absl::OkStatus();
  }
  const bool is_number = absl::SimpleAtoi(text, &line->options.verbosity);
  return is_number && line->options.verbosity >= 0 ? absl::OkStatus()
                                                   : flags::Wrong(text, "no number from 0");
}
std::string SpellVerbosity(const CommandLine& line) { return absl::StrCat(line.options.verbosity); }

// 1 is mcrouter's word for "as many as descriptors", which 0 is here.
absl::Status ReadMaxConnections(string_view text, CommandLine* line) {
  std::size_t& number = line->options.max_connections;
  if (!absl::SimpleAtoi(text, &number) || number > kMaxCount) {
    return flags::Wrong(text, "no number of connections; 0 is as many as there are descriptors");
  }
  if (number == 1) number = 0;
  return absl::OkStatus();
}
std::string SpellMaxConnections(const CommandLine& line) {
  return absl::StrCat(line.options.max_connections);
}

absl::Status ReadDrainWait(string_view text, CommandLine* line) {
  double seconds = 0;
  // Validate() says how long it may be. NaN is no time at all.
  if (!absl::SimpleAtod(text, &seconds) || std::isnan(seconds)) {
    return flags::Wrong(text, "no time in seconds");
  }
  line->options.drain_wait = absl::Seconds(seconds);
  return absl::OkStatus();
}
std::string SpellDrainWait(const CommandLine& line) {
  return absl::StrCat(absl::ToDoubleSeconds(line.options.drain_wait));
}

constexpr F::Row WithoutDefault(F::Row row) {
  row.spell = F::SpellNothing;
  return row;
}

#define MEMBER(path) \
  [](CommandLine & o) -> auto& { return o.path; }
#define OPTION(path) MEMBER(options.path)
#define OF_MEMBERS(path) MEMBER(options.cluster.member.path)

constexpr F::Row kRows[] = {
    // Where to listen.
    {"port", "LIST", "", "TCP ports to listen on, 0 for any", ReadPorts, SpellPorts, 'p'},
    F::List<OPTION(listen_hosts), ','>("listen-addresses", "LIST",
                                       "names or addresses to listen on; all of them unless given"),
    F::Text<OPTION(unix_socket)>("unix-domain-sock", "PATH",
                                 "unix socket to listen on instead of ports"),
    F::IntegerWithin<OPTION(listen_backlog), 1, 65535>("tcp-listen-backlog",
                                                       "connections that may wait to be accepted"),
    F::IntegerWithin<OPTION(num_proxies), 1, RouterOptions::kMaxProxies>("num-proxies", "threads"),
    // Where routes come from.
    F::Short('f', F::Text<OPTION(config_file)>("config-file", "FILE",
                                               "mcrouter's JSON; read again when it changes")),
    WithoutDefault(F::Text<OPTION(config_text)>("config-str", "JSON", "the same, written here")),
    WithoutDefault(F::Text<MEMBER(config)>(
        "config", "file:FILE|JSON", "either of the two; takes the place of the other flags")),
    {"servers", "ADDRESS", "",
     "instead of a configuration, one pool: a:11211,b:11211, dns+NAME:11211, dnssrv+NAME, "
     "file:PATH, k8s+SERVICE[.NAMESPACE] or config+HOST:11211",
     ReadServers, SpellServers},
    R::Placement(),
    R::KeyHash(),
    F::Word<MEMBER(options.cluster.identity), kIdentityWords>("identity", "name|address", "",
                                                              "what of a member is hashed"),
    F::Switch<OPTION(failover)>(
        "failover", "--servers: ask a key's next members when its owner does not answer"),
    F::IntegerWithin<OPTION(max_failovers), 0, client::ClusterOptions::kMaxFailovers>(
        "max-failovers", "--failover: members that are asked besides the owner"),
    F::Milliseconds<OPTION(warm_up), 0, 24 * kMaxMs>(
        "warm-up",
        "--servers: for so long after a change of members, a miss is asked of who had "
        "the key before"),
    F::Short('R', F::Text<OPTION(tree.default_prefix)>("route-prefix", "/REGION/CLUSTER/",
                                                       "of keys that have no routing prefix")),
    F::Switch<OPTION(tree.send_invalid_route_to_default)>(
        "send-invalid-route-to-default", "keys with an unknown prefix take the default route"),
    F::Word<MEMBER(check), kCheckWords>(
        "validate-config", "no|exit|run", "exit",
        "read the configuration first; say whether it is good, and exit or go on"),
    F::Milliseconds<OPTION(reload_interval), 0, kMaxMs>(
        "reconfiguration-delay-ms", "between looks at the file, which is read when it has changed"),
    F::Word<OPTION(reload_config), kOffWords>("disable-reload-configs", "no|yes", "yes",
                                              "read the file only once"),
    // Members.
    F::Short('t', F::Milliseconds<MEMBER(options.cluster.timeout), 1, kMaxMs>(
                      "server-timeout", "that a member has for a reply")),
    F::Milliseconds<OF_MEMBERS(connection.connect_timeout), 1, kMaxMs>(
        "connect-timeout", "that connecting to a member may take"),
    F::IntegerWithin<OF_MEMBERS(connections), 1, 64>("connections",
                                                     "to each member, of each thread"),
    F::IntegerWithin<OF_MEMBERS(timeouts_to_down), 0, 1'000'000>(
        "timeouts-until-tko", "in a row after which a member is marked down; 0: never"),
    F::Switch<MEMBER(ignore_down_marks)>("disable-tko-tracking",
                                         "members that are down are asked all the same"),
    F::Short('r', F::Milliseconds<OF_MEMBERS(first_probe_pause), 1, kMaxMs>(
                      "probe-timeout-initial", "before the first probe of a member that is down")),
    F::Milliseconds<OF_MEMBERS(max_probe_pause), 1, kMaxMs>("probe-timeout-max",
                                                            "between probes at most"),
    F::IntegerWithin<OF_MEMBERS(connection.max_pending_calls), 1, kMaxCount>(
        "target-max-pending-requests",
        "that await replies on one connection to a member; past it they fail"),
    F::IntegerWithin<OF_MEMBERS(connection.max_queued_bytes), 4096, kMaxBytes>(
        "target-max-queued-bytes", "that a connection to a member has not taken"),
    F::Milliseconds<OPTION(discovery.min_refresh), 1, kMaxMs>(
        "discovery-min-refresh", "between questions for members, whatever the TTL"),
    F::Milliseconds<OPTION(discovery.max_refresh), 1, kMaxMs>("discovery-max-refresh", "the same"),
    F::Milliseconds<OPTION(discovery.grace), 0, 24 * kMaxMs>(
        "discovery-grace", "that a member who has vanished keeps its place"),
    F::List<OPTION(discovery.dns.servers), ','>("name-servers", "LIST",
                                                "to ask instead of those of resolv.conf"),
    // Clients.
    {"max-conns", "N", "", "connections of clients; 0: as many as there are descriptors",
     ReadMaxConnections, SpellMaxConnections},
    F::IntegerWithin<OPTION(max_client_outstanding), 0, kMaxCount>(
        "max-client-outstanding-reqs", "of one client that await replies; past it nothing is read"),
    F::IntegerWithin<OPTION(max_requests_per_event), 0, kMaxCount>(
        "reqs-per-read", "of one client before others have their turn; 1024 are a good number"),
    F::IntegerWithin<OPTION(client_pause_bytes), 0, kMaxBytes>(
        "client-pause-bytes", "replies that a client has not taken, past which nothing is read"),
    F::IntegerWithin<OPTION(max_client_reply_bytes), 0, kMaxBytes>(
        "max-client-reply-bytes", "the same, past which it is disconnected"),
    F::IntegerWithin<OPTION(max_reply_bytes), 0, kMaxBytes>("max-reply-bytes",
                                                            "the same of all clients together"),
    F::IntegerWithin<OPTION(max_held_value_bytes), 0, kMaxBytes>(
        "max-held-value", "bytes past which a value streams"),
    F::IntegerWithin<OF_MEMBERS(max_uploads), 0, 1024>(
        "max-uploads", "to a member, of each thread, of values that stream"),
    F::Milliseconds<OPTION(max_upload_pause), 1, kMaxMs>(
        "max-upload-pause", "of a client in the midst of such a value"),
    F::Word<OPTION(miss_on_get_errors), kOffWords>("disable-miss-on-get-errors", "no|yes", "yes",
                                                   "tell errors of a get, not misses"),
    F::Milliseconds<OPTION(hot_key_cache.ttl), 0, 1000>(
        "hot-key-cache-ttl",
        "that a thread answers gets of the hottest keys by itself; 0: never; so long "
        "what others write is not seen"),
    F::IntegerWithin<OPTION(hot_key_cache.max_keys), 1, LocalCacheOptions::kMaxKeys>(
        "hot-key-cache-keys", "of each thread at most"),
    F::IntegerWithin<OPTION(hot_key_cache.max_bytes), 1, LocalCacheOptions::kMaxBytes>(
        "hot-key-cache-bytes", "of their values, of each thread"),
    F::Switch<OPTION(enable_flush)>("enable-flush-cmd", "flush_all reaches every member"),
    F::IntegerWithin<OPTION(tree.big_value_split_bytes), 0, kMaxBytes>(
        "big-value-split-threshold", "bytes past which a value is kept in pieces; 0: none is"),
    F::IntegerWithin<OPTION(tree.big_value_batch), 1, RouteTreeOptions::kMaxBigValueBatch>(
        "big-value-batch-size", "pieces that are asked for at once"),
    F::Switch<OPTION(tree.logs_requests)>(
        "enable-logging-route", "say in the log what becomes of requests, of some each second"),
    F::Short('a', F::Text<OPTION(spool.folder)>(
                      "async-dir", "FOLDER",
                      "where deletes are kept for members that are away; else they are lost with "
                      "the process")),
    F::Word<OPTION(keep_deletes), kOffWords>("asynclog-disable", "no|yes", "yes",
                                             "keep no deletes for members that are away"),
    F::IntegerWithin<OPTION(spool.max_member_bytes), 0, kMaxBytes>(
        "spool-member-bytes", "of them, of one member; past it the member is flushed"),
    F::IntegerWithin<OPTION(spool.max_total_bytes), 0, kMaxBytes>("spool-bytes",
                                                                  "the same of all members"),
    F::IntegerWithin<OPTION(routes.host_id), 0, 0xffffffff>(
        "hostid", "of routes that choose by the host; 0: made of its name"),
    // The process.
    {"drain-wait", "SECONDS", "",
     "when told to stop, serve on for so long, but not ready: clients move on", ReadDrainWait,
     SpellDrainWait},
    {"verbosity", "N", kOneMore,
     "log more; from 1 on: what was read without effect, changes of pools", ReadVerbosity,
     SpellVerbosity, 'v'},
    F::Short('L', F::Text<OPTION(log_path)>("log-path", "FILE",
                                            "append the log to it instead of standard error")),
    F::Word<OPTION(log_format), kFormatWords>("log-format", "text|json", "",
                                              "for people, or for programs, one object per line"),
    F::Short('u', F::Text<OPTION(process.user)>("user", "NAME", "to become when started as root")),
    F::Short('P', F::Text<OPTION(process.pid_file)>("pid-file", "FILE",
                                                    "where the process id is written")),
    F::Short('d', F::Switch<OPTION(process.daemonize)>("daemonize", "run in the background")),
    F::Short('V', F::Switch<MEMBER(version)>("version", "print the version and exit")),
    F::Short('h', F::Switch<MEMBER(help)>("help", "print this and exit")),
};

#undef OF_MEMBERS
#undef OPTION
#undef MEMBER

constexpr bool LettersAreUnique() {
  for (const F::Row& row : kRows) {
    for (const F::Row& other : kRows) {
      if (&row != &other && row.letter == other.letter && row.letter != flags::kNoLetter) {
        return false;
      }
    }
  }
  return true;
}
static_assert(LettersAreUnique());

constexpr auto kAdmin = [](CommandLine & line) -> auto& { return line.options.admin; };

// With those of the admin interface.
std::vector<F::Row> AllRows() {
  std::vector<F::Row> rows(std::begin(kRows), std::end(kRows));
  admin::AdminRows<CommandLine, kAdmin>::AppendTo(&rows);
  return rows;
}

absl::Status ReadFlags(absl::Span<const char* const> arguments, CommandLine* line) {
  const absl::Span<const ForeignOption> foreign = ForeignOptions();
  const std::vector<F::Row> rows = AllRows();
  std::vector<flags::Syntax> syntax;
  for (const F::Row& row : rows) {
    syntax.push_back({row.letter, row.name, row.value, row.if_bare});
  }
  const std::size_t own = syntax.size();
  for (const ForeignOption& option : foreign) syntax.push_back(option.syntax);
  const std::vector<string_view> texts(arguments.begin(), arguments.end());
  return flags::ReadArguments(syntax, texts, [&](std::size_t index, string_view value) {
    if (index < own) return F::Apply(rows[index], value, line);
    const ForeignOption& option = foreign[index - own];
    if (option.refused) {
      return absl::InvalidArgumentError(
          absl::StrCat("--", option.syntax.name, ": ", option.remark, "; leave it out"));
    }
    line->notes.push_back(
        absl::StrCat("--", option.syntax.name, " has no effect: ", option.remark));
    return absl::OkStatus();
  });
}

// What flags say of each other.
void Settle(CommandLine* line) {
  RouterOptions& options = line->options;
  if (!line->config.empty()) {
    string_view text = line->config;
    const bool is_file = absl::ConsumePrefix(&text, "file:");
    options.config_file = is_file ? std::string(text) : "";
    options.config_text = is_file ? "" : std::string(text);
  }
  options.reload_interval = std::max(options.reload_interval, kLeastReloadInterval);
  options.routes.max_held_value_bytes = options.max_held_value_bytes;
  if (line->ignore_down_marks) options.cluster.max_down_share = 0;
  client::MemberOptions& member = options.cluster.member;
  member.max_probe_pause = std::max(member.max_probe_pause, member.first_probe_pause);
  options.process.clients = options.max_connections;
  options.process.clients_flag = "--max-conns";
  options.process.files = {options.unix_socket};
  if (line->check == ConfigCheck::kExit) line->action = ProgramAction::kCheckConfig;
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(absl::Span<const char* const> arguments) {
  CommandLine line;
  if (absl::Status status = ReadFlags(arguments, &line); !status.ok()) return status;
  if (line.help || line.version) {
    line.action = line.help ? ProgramAction::kPrintHelp : ProgramAction::kPrintVersion;
    return line;
  }
  Settle(&line);
  line.options.command_line = absl::StrJoin(arguments, " ");
  if (absl::Status status = line.options.Validate(); !status.ok()) return status;
  return line;
}

std::vector<std::pair<std::string, std::string>> SpellOptions(const RouterOptions& options) {
  CommandLine line;
  line.options = options;
  line.ignore_down_marks = options.cluster.max_down_share == 0;
  std::vector<std::pair<std::string, std::string>> spelled;
  for (const F::Row& row : AllRows()) spelled.emplace_back(std::string(row.name), row.spell(line));
  return spelled;
}

std::string HelpText() {
  std::string without_effect;
  for (const ForeignOption& option : ForeignOptions()) {
    if (!option.refused) absl::StrAppend(&without_effect, " --", option.syntax.name);
  }
  return absl::StrCat(F::Help(absl::StrCat(process::kProgramVersion,
                                           "\nRoutes the requests of memcached's clients to pools "
                                           "of servers. In parentheses: what applies if a flag is "
                                           "not given. MS are milliseconds."),
                              AllRows()),
                      "  accepted without effect:", without_effect, "\n");
}

}  // namespace ringcache::router
