#include "tools/ringctl/command_line.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "discovery/discovery_address.h"
#include "flags/flag_table.h"
#include "flags/nearest_name.h"
#include "tools/ringctl/exit_status.h"

namespace ringcache::ringctl {
namespace {

using absl::string_view;
using C = CommandLine;
using F = flags::Of<C>;
using Words = absl::Span<const string_view>;

constexpr double kMaxSeconds = 86400;  // a day
// What the process takes: see admin/proto/admin.proto.
constexpr double kLeastWatchSeconds = 0.1;
constexpr double kMostWatchSeconds = 3600;
constexpr double kMostDelaySeconds = 30 * kMaxSeconds;

constexpr F::Row WithoutDefault(F::Row row) {
  row.spell = F::SpellNothing;
  return row;
}

// The same row, of which the name alone stands for `value`.
constexpr F::Row OrBare(string_view value, F::Row row) {
  row.if_bare = value;
  return row;
}

absl::Status ReadMembers(string_view text, C* line) {
  constexpr string_view kWant = "no whole number from 1 to ";
  if (text == "each") {
    line->members = C::kEachMember;
    return absl::OkStatus();
  }
  std::uint64_t number = 0;
  if (!absl::SimpleAtoi(text, &number) || number == 0 || number > C::kMaxPlannedMembers) {
    return flags::Wrong(text, absl::StrCat(kWant, C::kMaxPlannedMembers));
  }
  line->members = number;
  return absl::OkStatus();
}

absl::Status ReadWait(string_view text, C* line) {
  double seconds = 0;
  if (!absl::SimpleAtod(text, &seconds) || !(seconds >= 0 && seconds <= kMaxSeconds)) {
    return flags::Wrong(text, absl::StrCat("no number of seconds from 0 to ", kMaxSeconds));
  }
  line->wait_s = seconds;
  return absl::OkStatus();
}

constexpr F::Row kRows[] = {
    F::NonEmptyText<&C::address>("address", "HOST:PORT|unix:PATH",
                                 "the process to ask; a router has port 5010"),
    F::Number<&C::timeout_s>("timeout", "SECONDS",
                             "how long an answer may take; 0: 1 of health, else 5"),
    F::Switch<&C::json>("json",
                        "print JSON, an object a line: one, or in --watch and drain several"),
    F::Switch<&C::help>("help", "print this"),
    F::Text<&C::discovery>(
        "discovery", "ADDRESS",
        "stats: of all pods of a pool: a,b, dns+, dnssrv+ or config+NAME, k8s+SERVICE.NAMESPACE or"
        " file:/PATH"),
    F::IntegerWithin<&C::admin_port, 1, 65535>("admin-port",
                                               "stats: the admin port of each pod of --discovery"),
    OrBare("1", WithoutDefault(F::Number<&C::watch_s>(
                    "watch", "SECONDS",
                    "stats: again and again, what is counted as rates; ring: with each change"))),
    F::Switch<&C::all>("all", "stats: every figure, a column for each pod"),
    F::Switch<&C::slabs>("slabs", "stats: of each slab class"),
    F::Switch<&C::workers>("workers", "stats: of each worker thread"),
    {"members", "N", "each",
     "stats: of each member that a router talks to; plan: how many members there are to be",
     ReadMembers, F::SpellNothing},
    F::Text<&C::pool>(
        "pool", "NAME",
        "ring: of this pool only; locate, plan: the pool, needed where there are several"),
    F::IntegerWithin<&C::owners, 1, C::kMaxOwners>(
        "owners", "locate: members to name for each key, the owner first"),
    F::List<&C::add, ','>("add", "HOST:PORT", "plan: a member that joins; several by commas"),
    F::List<&C::remove, ','>("remove", "HOST:PORT", "plan: a member that leaves"),
    F::IntegerWithin<&C::count, 1, C::kMaxHotKeys>(
        "count", "hotkeys: how many of those that are read, and of those that are written"),
    {"wait", "SECONDS", "",
     "drain: how long it announces itself, with clients served; else as the process is set",
     ReadWait, F::SpellNothing},
    F::Number<&C::limit_s>("limit", "SECONDS",
                           "drain: how long to wait for the end; 0: not at all"),
    F::Number<&C::delay_s>("delay", "SECONDS", "flush: items live on for so long"),
};

// Which commands take a flag; one that is not here is for all.
struct FlagUse {
  string_view flag;
  bool (*is_given)(const C& line);
  std::array<Command, 3> commands;  // the first again, if there are fewer
};

template <auto kMember>
bool IsChanged(const C& line) {
  return line.*kMember != C().*kMember;
}

constexpr std::array<Command, 3> Only(Command command) { return {command, command, command}; }

constexpr FlagUse kUses[] = {
    {"discovery", IsChanged<&C::discovery>, Only(Command::kStats)},
    {"admin-port", IsChanged<&C::admin_port>, Only(Command::kStats)},
    {"watch", IsChanged<&C::watch_s>, {Command::kStats, Command::kRing, Command::kRing}},
    {"all", IsChanged<&C::all>, Only(Command::kStats)},
    {"slabs", IsChanged<&C::slabs>, Only(Command::kStats)},
    {"workers", IsChanged<&C::workers>, Only(Command::kStats)},
    {"members", IsChanged<&C::members>, {Command::kStats, Command::kPlan, Command::kPlan}},
    {"pool", IsChanged<&C::pool>, {Command::kRing, Command::kLocate, Command::kPlan}},
    {"owners", IsChanged<&C::owners>, Only(Command::kLocate)},
    {"add", IsChanged<&C::add>, Only(Command::kPlan)},
    {"remove", IsChanged<&C::remove>, Only(Command::kPlan)},
    {"count", IsChanged<&C::count>, Only(Command::kHotKeys)},
    {"wait", IsChanged<&C::wait_s>, Only(Command::kDrain)},
    {"limit", IsChanged<&C::limit_s>, Only(Command::kDrain)},
    {"delay", IsChanged<&C::delay_s>, Only(Command::kFlush)},
};

absl::Status Invalid(string_view what) { return absl::InvalidArgumentError(what); }

absl::StatusOr<const CommandRow*> FindCommand(string_view name) {
  std::vector<string_view> names;
  for (const CommandRow& row : kCommands) {
    if (row.name == name) return &row;
    names.push_back(row.name);
  }
  const string_view nearest = flags::NearestName(name, names);
  return Invalid(
      nearest.empty()
          ? absl::StrCat("'", name, "' is no command; there are ", absl::StrJoin(names, ", "))
          : absl::StrCat("'", name, "' is no command; do you mean ", nearest, "?"));
}

absl::Status ReadWords(Words words, C* line) {
  if (words.empty()) return Invalid("a command is missing; --help lists them");
  const auto found = FindCommand(words[0]);
  if (!found.ok()) return found.status();
  const CommandRow& row = **found;
  words.remove_prefix(1);
  const string_view space = row.usage.empty() ? "" : " ";
  if (words.size() < row.least_words || words.size() > row.most_words) {
    const std::string problem = words.size() < row.least_words
                                    ? "something is missing"
                                    : absl::StrCat("'", words[row.most_words], "' is too much");
    return Invalid(
        absl::StrCat(row.name, ": ", problem, "; it is written ", row.name, space, row.usage));
  }
  line->command = row.command;
  if (row.command == Command::kHealth && !words.empty()) line->service = std::string(words[0]);
  if (row.command == Command::kLocate) {
    for (const string_view key : words) line->keys.emplace_back(key);
  }
  if (row.command == Command::kVerbosity &&
      (!absl::SimpleAtoi(words[0], &line->verbosity) || line->verbosity > C::kMaxVerbosity)) {
    return Invalid(absl::StrCat("verbosity: '", words[0], "' is no whole number from 0 to ",
                                C::kMaxVerbosity));
  }
  return absl::OkStatus();
}

absl::Status CheckFlagsAreOfTheCommand(const C& line) {
  for (const FlagUse& use : kUses) {
    if (!use.is_given(line) || absl::c_linear_search(use.commands, line.command)) continue;
    std::vector<string_view> names;
    for (const Command command : use.commands) {
      const string_view name = RowOf(command).name;
      if (!absl::c_linear_search(names, name)) names.push_back(name);
    }
    return Invalid(absl::StrCat("--", use.flag, " is for ", absl::StrJoin(names, ", "),
                                ", not for ", RowOf(line.command).name));
  }
  return absl::OkStatus();
}

absl::Status CheckSeconds(const C& line) {
  struct Bound {
    string_view flag;
    double seconds;
    double least;
    double most;
  };
  for (const Bound& bound : {Bound{"timeout", line.timeout_s, 0, kMaxSeconds},
                             Bound{"watch", line.watch_s, kLeastWatchSeconds, kMostWatchSeconds},
                             Bound{"limit", line.limit_s, 0, kMaxSeconds},
                             Bound{"delay", line.delay_s, 0, kMostDelaySeconds}}) {
    const bool is_absent = bound.seconds == 0;
    if (is_absent || (bound.seconds >= bound.least && bound.seconds <= bound.most)) continue;
    return Invalid(absl::StrFormat("--%s: '%g' is not from %g to %g seconds", bound.flag,
                                   bound.seconds, bound.least, bound.most));
  }
  return absl::OkStatus();
}

absl::Status CheckAddresses(const C& line) {
  if (absl::StartsWith(line.address, "unix:")) {
    return line.address.size() > 5 ? absl::OkStatus()
                                   : Invalid("--address: unix: is followed by the socket's path");
  }
  const std::size_t colon = line.address.rfind(':');
  std::uint32_t port = 0;
  if (colon == std::string::npos || colon == 0 ||
      !absl::SimpleAtoi(string_view(line.address).substr(colon + 1), &port) || port == 0 ||
      port > 65535) {
    return Invalid(
        absl::StrCat("--address: '", line.address, "' is neither HOST:PORT nor unix:PATH"));
  }
  if (line.discovery.empty()) return absl::OkStatus();
  const auto address = discovery::DiscoveryAddress::Parse(line.discovery);
  if (!address.ok()) return Invalid(absl::StrCat("--discovery: ", address.status().message()));
  if (IsChanged<&C::address>(line)) {
    return Invalid("--address is one process, --discovery all pods of a pool: give one of them");
  }
  return absl::OkStatus();
}

absl::Status CheckStats(const C& line) {
  const int groups = line.all + line.slabs + line.workers + (line.members > 0);
  if (groups > 1) return Invalid("of --all, --slabs, --workers and --members, one is shown");
  if (line.members > 0 && line.members != C::kEachMember) {
    return Invalid("stats: --members has no number; plan --members=N says what scaling would move");
  }
  return absl::OkStatus();
}

absl::Status CheckPlan(const C& line) {
  if (line.members == C::kEachMember) {
    return Invalid("plan: --members needs a number: how many members there are to be");
  }
  if (line.members == 0 && line.add.empty() && line.remove.empty()) {
    return Invalid(
        "plan: say what is to change: --members=N, --add=HOST:PORT or "
        "--remove=HOST:PORT");
  }
  return absl::OkStatus();
}

std::string Purpose() {
  std::string text =
      "Asks a server, a router or a sidecar how it is, and tells it what to do.\n"
      "\n";
  for (const CommandRow& row : kCommands) {
    absl::StrAppendFormat(&text, "  %-18s%s\n", absl::StrCat(row.name, " ", row.usage), row.help);
  }
  absl::StrAppend(&text,
                  "\n"
                  "The commands from drain on change something; they are answered only on loopback "
                  "addresses and\n"
                  "Unix sockets, unless the process was started with --admin-open. drain can be a "
                  "container's\n"
                  "preStop hook, and health its probe. With --json, figures that the process does "
                  "not know are\n"
                  "left out, and counts are in quotes, as protobuf writes them.\n"
                  "\n",
                  kExitStatusHelp,
                  "\n\n"
                  "  ringctl health liveness --address=unix:/run/ringcache.sock\n"
                  "  ringctl stats --discovery=k8s+mycache-memcached.default --watch\n"
                  "  ringctl plan --members=5 --address=localhost:5010\n"
                  "  ringctl drain --wait=5 --limit=25");
  return text;
}

}  // namespace

absl::Duration CommandLine::timeout() const {
  if (timeout_s > 0) return absl::Seconds(timeout_s);
  return absl::Seconds(command == Command::kHealth ? 1 : 5);
}

StatsGroup CommandLine::group() const {
  if (all) return StatsGroup::kAll;
  if (slabs) return StatsGroup::kSlabs;
  if (workers) return StatsGroup::kWorkers;
  return members > 0 ? StatsGroup::kMembers : StatsGroup::kGeneral;
}

absl::StatusOr<CommandLine> ParseCommandLine(Words arguments) {
  CommandLine line;
  std::vector<string_view> words;
  absl::Status status = F::Parse(kRows, arguments, &line, &words);
  if (!status.ok()) return status;
  if (line.help) return line;
  status = ReadWords(words, &line);
  if (status.ok()) status = CheckFlagsAreOfTheCommand(line);
  if (status.ok()) status = CheckSeconds(line);
  if (status.ok()) status = CheckAddresses(line);
  if (status.ok() && line.command == Command::kStats) status = CheckStats(line);
  if (status.ok() && line.command == Command::kPlan) status = CheckPlan(line);
  if (!status.ok()) return status;
  return line;
}

std::string CommandLineHelp() { return F::Help(Purpose(), kRows); }

}  // namespace ringcache::ringctl
