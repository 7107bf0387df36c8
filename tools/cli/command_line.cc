#include "tools/cli/command_line.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "discovery/discovery_address.h"
#include "flags/flag_table.h"
#include "ring_flags/ring_flags.h"
#include "tools/cli/exit_status.h"

namespace ringcache::cli {
namespace {

using absl::string_view;
using C = CommandLine;
using F = flags::Of<C>;
using Words = absl::Span<const string_view>;

// In the order of the enumerations.
constexpr flags::Words<2> kIdentities = {"name", "address"};
constexpr flags::Words<3> kPolicies = {"fail", "miss", "next"};

#define MEMBER(path) \
  [](C & o) -> auto& { return o.path; }

using R = ring_flags::RingFlags<C, MEMBER(cluster.ring)>;

constexpr F::Row kRows[] = {
    F::NonEmptyText<MEMBER(servers)>(
        "servers", "ADDRESS",
        "the pool: a:11211,b:11211, dns+, dnssrv+ or config+NAME, k8s+SERVICE.NAMESPACE or"
        " file:/PATH"),
    R::Placement(),
    R::KeyHash(),
    R::Ordering(),
    R::HashStop(),
    R::HashTag(),
    F::Word<MEMBER(cluster.identity), kIdentities>(
        "identity", "name|address", "",
        "what is hashed of a member; clients that hash addresses, as pymemcache, need address"),
    F::Number<MEMBER(timeout_s)>("timeout", "SECONDS", "how long a server may take to answer"),
    F::Word<MEMBER(cluster.dead_member), kPolicies>(
        "on-dead", "fail|miss|next", "",
        "when a member does not answer: fail, take its keys as missing, or ask the next member"),
    F::IntegerWithin<MEMBER(flags), 0, std::numeric_limits<std::uint32_t>::max()>(
        "flags", "set, add, replace, cas: the client flags to store with a value"),
    F::IntegerWithin<MEMBER(ttl_s), 0, C::kMaxTtlSeconds>(
        "ttl", "set, add, replace, cas: seconds to live; 0: for ever"),
    F::Switch<MEMBER(all)>("all", "stats: every figure"),
    F::IntegerWithin<MEMBER(owners), 1, client::ClusterOptions::kMaxFailovers + 1>(
        "owners", "locate: members to name for each key, the owner first"),
    F::Number<MEMBER(interval_s)>("interval", "SECONDS", "top: between two tables"),
    F::Integer<MEMBER(count)>("count", "top: tables to print; 0: until it is interrupted"),
    F::Switch<MEMBER(help)>("help", "print this"),
};

#undef MEMBER

absl::Status Invalid(string_view what) { return absl::InvalidArgumentError(what); }

absl::Status WrongWords(const CommandRow& row, string_view what) {
  return Invalid(absl::StrCat(row.name, ": ", what, "; it is written ", row.name, " ", row.usage));
}

// `words` without the command's name, of which there are these many.
absl::Status CheckCount(const CommandRow& row, Words words, std::size_t least, std::size_t most) {
  if (words.size() < least) return WrongWords(row, "something is missing");
  if (words.size() > most) {
    return WrongWords(row, absl::StrCat("'", words[most], "' is too much"));
  }
  return absl::OkStatus();
}

absl::Status ReadNumber(const CommandRow& row, string_view text, std::uint64_t most,
                        std::uint64_t* number) {
  if (absl::SimpleAtoi(text, number) && *number <= most) return absl::OkStatus();
  return WrongWords(row, absl::StrCat("'", text, "' is no whole number from 0 to ", most));
}

struct WordCount {
  std::size_t least;
  std::size_t most;
};

constexpr WordCount CountOf(Shape shape) {
  constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
  switch (shape) {
    case Shape::kKeys:
    case Shape::kPlainKeys:
      return {1, kAny};
    case Shape::kValue:
    case Shape::kNumber:
      return {1, 2};
    case Shape::kTtl:
      return {2, 2};
    case Shape::kCasValue:
      return {2, 3};
    case Shape::kWords:
      return {0, kAny};
    case Shape::kSeconds:
      return {0, 1};
    case Shape::kNothing:
      return {0, 0};
  }
  return {0, 0};
}

absl::Status ReadKeys(const CommandRow& row, Words words, C* line) {
  const bool takes_many = row.shape == Shape::kKeys || row.shape == Shape::kPlainKeys;
  line->from_input = words[0] == "-" && row.shape <= Shape::kTtl;
  if (line->from_input) {
    const bool has_more = takes_many || row.shape == Shape::kValue;
    return has_more ? CheckCount(row, words, 1, 1) : absl::OkStatus();
  }
  for (const string_view key : takes_many ? words : words.first(1)) line->keys.emplace_back(key);
  return absl::OkStatus();
}

// What follows the keys.
absl::Status ReadRest(const CommandRow& row, Words words, C* line) {
  constexpr std::uint64_t kAny = std::numeric_limits<std::uint64_t>::max();
  switch (row.shape) {
    case Shape::kValue:
      if (words.size() == 2) line->value = std::string(words[1]);
      break;
    case Shape::kNumber:
      if (words.size() == 2) return ReadNumber(row, words[1], kAny, &line->delta);
      break;
    case Shape::kTtl:
      return ReadNumber(row, words[1], C::kMaxTtlSeconds, &line->seconds);
    case Shape::kCasValue:
      if (words.size() == 3) line->value = std::string(words[2]);
      return ReadNumber(row, words[1], kAny, &line->cas);
    case Shape::kSeconds:
      if (words.size() == 1) return ReadNumber(row, words[0], C::kMaxTtlSeconds, &line->seconds);
      break;
    case Shape::kWords:
      line->group = absl::StrJoin(words, " ");
      break;
    case Shape::kKeys:
    case Shape::kPlainKeys:
    case Shape::kNothing:
      break;
  }
  return absl::OkStatus();
}

absl::Status ReadWords(Words words, C* line) {
  if (words.empty()) return Invalid("a command is missing; --help lists them");
  const auto row = std::find_if(kCommands.begin(), kCommands.end(),
                                [&](const CommandRow& row) { return row.name == words[0]; });
  if (row == kCommands.end()) {
    return Invalid(absl::StrCat("'", words[0], "' is no command; --help lists them"));
  }
  line->command = row->command;
  words.remove_prefix(1);
  const WordCount count = CountOf(row->shape);
  absl::Status status = CheckCount(*row, words, count.least, count.most);
  if (status.ok() && (IsOfKeys(row->command) || row->shape == Shape::kPlainKeys)) {
    status = ReadKeys(*row, words, line);
  }
  return status.ok() ? ReadRest(*row, words, line) : status;
}

constexpr double kMaxWaitSeconds = 86400;  // a day

// What no row of the flags can see alone.
absl::Status Check(C* line) {
  const auto address = discovery::DiscoveryAddress::Parse(line->servers);
  if (!address.ok()) return Invalid(absl::StrCat("--servers: ", address.status().message()));
  line->cluster.timeout = absl::Seconds(line->timeout_s);
  // A person waits as long for a distant server's handshake as for its answer.
  line->cluster.member.connection.connect_timeout = line->cluster.timeout;
  for (const auto& [name, seconds] :
       {std::pair("--timeout", line->timeout_s), std::pair("--interval", line->interval_s)}) {
    if (seconds > 0 && seconds <= kMaxWaitSeconds) continue;
    return Invalid(absl::StrCat(name, ": '", seconds, "' is not above 0 and at most ",
                                kMaxWaitSeconds, " seconds"));
  }
  if (!line->group.empty() && line->all) {
    return Invalid("--all is for stats without a group; a group is printed whole");
  }
  return line->cluster.Validate();
}

std::string Purpose() {
  std::string text =
      "Reads, writes and watches a pool of cache servers.\n"
      "\n";
  for (const CommandRow& row : kCommands) {
    absl::StrAppendFormat(&text, "  %-23s%s\n", absl::StrCat(row.name, " ", row.usage), row.help);
  }
  absl::StrAppend(
      &text,
      "\n"
      "In place of a key, - reads keys from standard input, one a line. Lines of key and value "
      "have\n"
      "the value behind the first space, a newline in it as \\n, a carriage return as \\r, a\n"
      "backslash as \\\\; what `get -` prints, `set -` reads. Words that begin with -- follow a "
      "--.\n"
      "\n",
      kExitStatusHelp,
      "\n\n"
      "  ringcache-cli --servers=k8s+mycache-memcached.default set greeting hello --ttl=60\n"
      "  ringcache-cli set picture < picture.png\n"
      "  ringcache-cli get - < keys.txt | ringcache-cli --servers=b:11211 set -");
  return text;
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(Words arguments) {
  CommandLine line;
  std::vector<string_view> words;
  absl::Status status = F::Parse(kRows, arguments, &line, &words);
  if (!status.ok()) return status;
  if (line.help) return line;
  status = ReadWords(words, &line);
  if (status.ok()) status = Check(&line);
  if (!status.ok()) return status;
  return line;
}

std::string CommandLineHelp() { return F::Help(Purpose(), kRows); }

}  // namespace ringcache::cli
