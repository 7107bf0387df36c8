#include "router/stats/router_commands.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "process/version.h"
#include "protocol/command_table.h"
#include "protocol/standard_reply.h"
#include "router/route/route.h"

namespace ringcache::router {

using absl::string_view;
using protocol::Operation;
using protocol::StandardReply;

// Ways to ask for one: the name, and how many words it takes.
struct RouterCommands::AdminKey {
  string_view name;
  std::size_t min_words;
  std::size_t max_words;
  absl::StatusOr<std::string> (RouterCommands::*answer)(const Words&, const RouteTree&);
};

const RouterCommands::AdminKey RouterCommands::kAdminKeys[] = {
    {"version", 0, 0, &RouterCommands::Version},
    {"config", 0, 0, &RouterCommands::ConfigText},
    {"preprocessed_config", 0, 0, &RouterCommands::ConfigText},
    {"config_age", 0, 0, &RouterCommands::ConfigAge},
    {"config_md5_digest", 0, 0, &RouterCommands::ConfigDigest},
    {"config_file", 0, 0, &RouterCommands::ConfigFile},
    {"options", 0, 1, &RouterCommands::Options},
    {"route", 2, 2, &RouterCommands::RouteMembers},
    {"route_handles", 2, 2, &RouterCommands::RouteHandles},
    {"hostid", 0, 0, &RouterCommands::HostId},
    {"pools", 0, 0, &RouterCommands::Pools},
    {"verbosity", 0, 1, &RouterCommands::Verbosity},
};

namespace {

constexpr string_view kLineEnd = "\r\n";

std::string Text(StandardReply reply) { return std::string(protocol::ReplyText(reply)); }

// mcrouter's answer where the command was not enabled.
constexpr string_view kDisabled = "SERVER_ERROR Command disabled\r\n";

// The route's way with a request: names, indented by their depth, or members alone.
class WayVisitor final : public RouteVisitor {
 public:
  explicit WayVisitor(bool members_only) : members_only_(members_only) {}

  void OnRoute(const Route& route, int depth) override {
    if (!members_only_) Add(route.name(), depth);
  }
  void OnMember(const std::string& name, int depth) override {
    Add(name, members_only_ ? 0 : depth);
  }
  std::string text() const { return absl::StrJoin(lines_, kLineEnd); }

 private:
  void Add(string_view name, int depth) {
    std::string line(static_cast<std::size_t>(depth), ' ');
    absl::StrAppend(&line, name);
    const bool known = std::find(lines_.begin(), lines_.end(), line) != lines_.end();
    if (!members_only_ || !known) lines_.push_back(std::move(line));
  }

  const bool members_only_;
  std::vector<std::string> lines_;
};

// What `operation` would do with `key`.
absl::StatusOr<std::string> WayOf(string_view operation, string_view key, bool members_only,
                                  const RouteTree& tree) {
  RouteRequest request;
  const auto row =
      std::find_if(protocol::kCommands.begin(), protocol::kCommands.end(),
                   [operation](const protocol::CommandRow& row) { return row.word == operation; });
  if (row == protocol::kCommands.end() || row->operation > Operation::kMetaDebug) {
    return absl::InvalidArgumentError(
        absl::StrCat("route: '", operation, "' is no operation on a key, as get and set are"));
  }
  request.request.operation = row->operation;
  const Route* const route = tree.For(key, &request.request.key);
  if (route == nullptr) {
    return absl::NotFoundError(absl::StrCat("no route has the prefix of ", key));
  }
  WayVisitor visitor(members_only);
  route->Visit(request, &visitor, 0);
  return visitor.text();
}

}  // namespace

RouterCommands::RouterCommands(const RouterOptions* options, RouterInspector* inspector,
                               std::string command_line, SpelledOptions spelled)
    : options_(*options),
      inspector_(*inspector),
      stats_(options, inspector, std::move(command_line)),
      spelled_(std::move(spelled)) {}

std::string RouterCommands::Answer(const protocol::Request& request) {
  switch (request.operation) {
    case Operation::kVersion:
      return absl::StrCat("VERSION ", process::kProtocolVersion, kLineEnd);
    case Operation::kStats:
      return stats_.Reply(request.arguments);
    case Operation::kVerbosity: {
      constexpr std::uint64_t kMost = std::numeric_limits<int>::max();
      inspector_.SetVerbosity(static_cast<int>(std::min(request.delta, kMost)));
      return Text(StandardReply::kOk);
    }
    case Operation::kFlushAll:
      return std::string(kDisabled);
    case Operation::kShutdown:
      return Text(StandardReply::kShutdownNotEnabled);
    case Operation::kWatch:
      return Text(StandardReply::kWatchNotAllowed);
    case Operation::kCacheMemlimit:
    case Operation::kSlabs:
    case Operation::kLru:
    case Operation::kLruCrawler:
      return absl::StrCat("CLIENT_ERROR ", RowOf(request.operation).word,
                          " is for a server; connect to one", kLineEnd);
    // Requests with keys go to members; the rest nobody knows.
    case Operation::kGet:
    case Operation::kGets:
    case Operation::kGat:
    case Operation::kGats:
    case Operation::kSet:
    case Operation::kAdd:
    case Operation::kReplace:
    case Operation::kAppend:
    case Operation::kPrepend:
    case Operation::kCas:
    case Operation::kDelete:
    case Operation::kIncrement:
    case Operation::kDecrement:
    case Operation::kTouch:
    case Operation::kMetaGet:
    case Operation::kMetaSet:
    case Operation::kMetaDelete:
    case Operation::kMetaArithmetic:
    case Operation::kMetaDebug:
    case Operation::kMetaNoOp:
    case Operation::kQuit:
    case Operation::kDebugTime:
    case Operation::kConfig:
      return Text(StandardReply::kError);
  }
  return Text(StandardReply::kError);
}

absl::StatusOr<std::string> RouterCommands::AnswerKey(string_view command, const RouteTree& tree) {
  const std::size_t parenthesis = command.find('(');
  const string_view name = command.substr(0, parenthesis);
  Words words;
  if (parenthesis != string_view::npos) {
    string_view arguments = command.substr(parenthesis + 1);
    if (!absl::ConsumeSuffix(&arguments, ")")) {
      return absl::InvalidArgumentError(absl::StrCat(command, ": a ')' is missing at its end"));
    }
    // A key may have commas.
    if (!arguments.empty()) words = absl::StrSplit(arguments, absl::MaxSplits(',', 1));
  }
  for (const AdminKey& key : kAdminKeys) {
    if (key.name != name) continue;
    if (words.size() >= key.min_words && words.size() <= key.max_words) {
      return (this->*key.answer)(words, tree);
    }
    return absl::InvalidArgumentError(absl::StrCat(name, " takes ",
                                                   key.max_words == 2 ? "(operation,key)"
                                                   : key.max_words == 1
                                                       ? "one word in parentheses, or none"
                                                       : "no words"));
  }
  return absl::NotFoundError(absl::StrCat("unknown command: ", name));
}

absl::StatusOr<std::string> RouterCommands::Version(const Words&, const RouteTree&) {
  return std::string(process::kProgramVersion);
}

absl::StatusOr<std::string> RouterCommands::ConfigText(const Words&, const RouteTree&) {
  return inspector_.Config().text;
}

absl::StatusOr<std::string> RouterCommands::ConfigAge(const Words&, const RouteTree&) {
  const absl::Time loaded = inspector_.Config().last_success;
  if (loaded == absl::InfinitePast()) return absl::NotFoundError("no configuration is in use yet");
  return absl::StrCat(absl::ToInt64Seconds(absl::Now() - loaded));
}

absl::StatusOr<std::string> RouterCommands::ConfigDigest(const Words&, const RouteTree&) {
  return inspector_.Config().md5;
}

absl::StatusOr<std::string> RouterCommands::ConfigFile(const Words&, const RouteTree&) {
  if (!options_.config_file.empty()) return options_.config_file;
  return absl::NotFoundError("the configuration is not from a file");
}

absl::StatusOr<std::string> RouterCommands::Options(const Words& words, const RouteTree&) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : spelled_) {
    if (!words.empty() && name == words[0]) return value;
    lines.push_back(absl::StrCat(name, " ", value));
  }
  if (words.empty()) return absl::StrJoin(lines, kLineEnd);
  return absl::NotFoundError(absl::StrCat("there is no option ", words[0]));
}

absl::StatusOr<std::string> RouterCommands::RouteMembers(const Words& words,
                                                         const RouteTree& tree) {
  return WayOf(words[0], words[1], true, tree);
}

absl::StatusOr<std::string> RouterCommands::RouteHandles(const Words& words,
                                                         const RouteTree& tree) {
  return WayOf(words[0], words[1], false, tree);
}

absl::StatusOr<std::string> RouterCommands::HostId(const Words&, const RouteTree&) {
  return absl::StrCat(options_.routes.host_id);
}

absl::StatusOr<std::string> RouterCommands::Pools(const Words&, const RouteTree& tree) {
  std::vector<string_view> names;
  for (const auto& [name, pool] : tree.pools()) names.push_back(name);
  return absl::StrJoin(names, kLineEnd);
}

absl::StatusOr<std::string> RouterCommands::Verbosity(const Words& words, const RouteTree&) {
  if (words.empty()) return absl::StrCat(inspector_.verbosity());
  int verbosity = 0;
  if (!absl::SimpleAtoi(words[0], &verbosity) || verbosity < 0) {
    return absl::InvalidArgumentError(absl::StrCat("verbosity: '", words[0], "' is no number"));
  }
  inspector_.SetVerbosity(verbosity);
  return std::string("OK");
}

}  // namespace ringcache::router
