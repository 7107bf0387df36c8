#include "tools/ring/command_line.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "flags/flag_table.h"
#include "ring_flags/ring_flags.h"
#include "tools/ring/pool.h"

namespace ringcache::ring {
namespace {

using absl::string_view;
using hashring::Member;
using hashring::PlacementKind;
using hashring::PlacementRow;
using C = CommandLine;
using F = flags::Of<C>;
using R = ring_flags::RingFlags<C, &C::ring>;

constexpr std::array<string_view, 3> kCommands = {"show", "locate", "scale"};

absl::Status ReadPlacement(string_view text, C* line) {
  line->placements.clear();
  for (const PlacementRow& row : hashring::kPlacements) {
    if (text == "all" || text == row.name) line->placements.push_back(row.kind);
  }
  if (!line->placements.empty()) return absl::OkStatus();
  return flags::Wrong(text,
                      absl::StrCat("none of ",
                                   absl::StrJoin(hashring::kPlacements, ", ",
                                                 [](std::string* out, const PlacementRow& row) {
                                                   absl::StrAppend(out, row.name);
                                                 }),
                                   ", all"));
}

std::string SpellPlacement(const C& line) {
  return line.placements.size() > 1 ? "all" : std::string(RowOf(line.placements[0]).name);
}

constexpr F::Row WithoutDefault(F::Row row) {
  row.spell = F::SpellNothing;
  return row;
}

#define MEMBER(path) \
  [](C & o) -> auto& { return o.path; }

constexpr F::Row kRows[] = {
    F::List<MEMBER(servers), ','>("servers", "LIST", "the members, as a:11211,b:11211"),
    F::NonEmptyText<MEMBER(stateful_set)>("stateful-set", "SET[.SERVICE].NAMESPACE",
                                          "or: a StatefulSet, as mycache-memcached.default; its "
                                          "Service has its name if none is given"),
    F::IntegerWithin<MEMBER(replicas), 1, C::kMaxReplicas>("replicas", "pods of the set"),
    F::IntegerWithin<MEMBER(port), 1, 65535>("port", "of the pods"),
    F::List<MEMBER(weights), ','>("weights", "LIST", "of the members, in their order; else 1"),
    WithoutDefault(F::IntegerWithin<MEMBER(to), 1, C::kMaxReplicas>(
        "to", "scale: pods of the set afterwards")),
    F::List<MEMBER(to_servers), ','>("to-servers", "LIST", "scale: the members afterwards"),
    F::List<MEMBER(to_weights), ','>("to-weights", "LIST",
                                     "scale: the weights afterwards, if they change"),
    {"placement", "NAME|all", "", ring_flags::kPlacementHelp, ReadPlacement, SpellPlacement},
    R::KeyHash(),
    R::Ordering(),
    R::HashStop(),
    R::HashTag(),
    F::IntegerWithin<MEMBER(owners), 1, C::kMaxReplicas>(
        "owners", "locate: members to name for each key, the owner first"),
    F::IntegerWithin<MEMBER(sample_keys), 1, C::kMaxSampleKeys>(
        "sample-keys", "keys on which is measured what cannot be computed"),
    F::IntegerWithin<MEMBER(lines), 2, C::kMaxLines>("lines", "longest list of members or moves"),
    F::Switch<MEMBER(help)>("help", "print this"),
};

#undef MEMBER

constexpr string_view kPurpose =
    "Shows who owns which keys of a pool, and what a change of it moves.\n"
    "\n"
    "  ring show                 how much each member owns\n"
    "  ring locate KEY...        which member owns a key\n"
    "  ring scale --to=N         what moves when a set is scaled from --replicas to N pods\n"
    "  ring scale --to-servers=LIST   or when one list of servers takes the place of another\n"
    "\n"
    "With --placement=all, every placement is compared.\n"
    "\n"
    "  ring show --stateful-set=mycache-memcached.default --replicas=3\n"
    "  ring scale --stateful-set=mycache-memcached.default --replicas=3 --to=4 --placement=all\n"
    "  ring locate --servers=a:11211,b:11211 --placement=ch3 user:1 user:2";

absl::Status Invalid(string_view what) { return absl::InvalidArgumentError(what); }

absl::Status ReadWords(absl::Span<const string_view> words, C* line) {
  if (words.empty()) {
    return Invalid("a command is missing: show, locate or scale; --help explains them");
  }
  std::size_t command = 0;
  while (command < kCommands.size() && kCommands[command] != words[0]) ++command;
  if (command == kCommands.size()) {
    return Invalid(absl::StrCat("'", words[0], "' is no command; there are show, locate, scale"));
  }
  line->command = static_cast<Command>(command);
  for (const string_view key : words.subspan(1)) line->keys.emplace_back(key);
  if (line->command == Command::kLocate && line->keys.empty()) {
    return Invalid("locate needs keys: ring locate KEY...");
  }
  if (line->command != Command::kLocate && !line->keys.empty()) {
    return Invalid(absl::StrCat("'", line->keys[0], "' is too much; only locate takes keys"));
  }
  return absl::OkStatus();
}

absl::Status CheckMembers(const C& line) {
  if (line.servers.empty() == line.stateful_set.empty()) {
    return Invalid(
        "members are given by --servers=a:11211,b:11211 or by --stateful-set=SET.NAMESPACE, one of"
        " the two");
  }
  const bool changes = line.to > 0 || !line.to_servers.empty() || !line.to_weights.empty();
  if (line.command != Command::kScale) {
    return changes ? Invalid("--to, --to-servers and --to-weights are for scale")
                   : absl::OkStatus();
  }
  if (!changes) return Invalid("scale needs --to, --to-servers or --to-weights");
  if (line.to > 0 && line.stateful_set.empty()) {
    return Invalid("--to is for a --stateful-set; a list of servers is followed by --to-servers");
  }
  if (!line.to_servers.empty() && line.servers.empty()) {
    return Invalid("--to-servers follows --servers; a --stateful-set is followed by --to");
  }
  return absl::OkStatus();
}

// The pool of these servers, or else of this many pods.
absl::StatusOr<std::vector<Member>> Pool(const C& line, const std::vector<std::string>& servers,
                                         std::uint32_t replicas) {
  if (!servers.empty()) return MembersOfList(servers);
  absl::StatusOr<StatefulSet> set = ParseStatefulSet(line.stateful_set);
  if (!set.ok()) return Invalid(absl::StrCat("--stateful-set: ", set.status().message()));
  set->port = line.port;
  return MembersOfSet(*set, replicas);
}

}  // namespace

absl::StatusOr<std::vector<Member>> CommandLine::Members() const {
  absl::StatusOr<std::vector<Member>> members = Pool(*this, servers, replicas);
  if (!members.ok()) return members;
  const absl::Status status = SetWeights(weights, &*members);
  if (!status.ok()) return Invalid(absl::StrCat("--weights: ", status.message()));
  return members;
}

absl::StatusOr<std::vector<Member>> CommandLine::MembersAfter() const {
  absl::StatusOr<std::vector<Member>> members =
      Pool(*this, to_servers.empty() ? servers : to_servers, to > 0 ? to : replicas);
  if (!members.ok()) return members;
  std::vector<std::string> after = to_weights.empty() ? weights : to_weights;
  if (to_weights.empty()) after.resize(std::min(after.size(), members->size()));
  const absl::Status status = SetWeights(after, &*members);
  if (!status.ok()) return Invalid(absl::StrCat("--to-weights: ", status.message()));
  return members;
}

absl::StatusOr<std::shared_ptr<const hashring::Ring>> CommandLine::RingOf(
    PlacementKind placement, std::vector<Member> members) const {
  hashring::RingOptions options = ring;
  options.placement = placement;
  if (placements.size() > 1 && !RowOf(placement).takes_key_hash) {
    options.key_hash = hashring::KeyHash::kDefault;
  }
  return hashring::Ring::Create(options, std::move(members));
}

absl::StatusOr<CommandLine> ParseCommandLine(absl::Span<const string_view> arguments) {
  CommandLine line;
  std::vector<string_view> words;
  absl::Status status = F::Parse(kRows, arguments, &line, &words);
  if (!status.ok()) return status;
  if (line.help) return line;
  status = ReadWords(words, &line);
  if (!status.ok()) return status;
  status = CheckMembers(line);
  if (!status.ok()) return status;
  return line;
}

std::string CommandLineHelp() { return F::Help(kPurpose, kRows); }

}  // namespace ringcache::ring
