#include "tools/cli/pool_commands.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/result.h"
#include "hashring/ownership.h"
#include "hashring/ring.h"
#include "tools/cli/figure_tables.h"
#include "tools/cli/figures.h"
#include "tools/table/text_table.h"

namespace ringcache::cli {
namespace {

using client::MemberResult;
using table::TextTable;

// Where a ring has no arcs, shares are measured on these, to a few tenths of a percent.
constexpr std::uint64_t kSampleKeys = 100'000;

void ComplainOfFailures(const std::vector<MemberResult>& results, const PoolSession& session,
                        Console* console) {
  for (const MemberResult& result : results) {
    if (!result.result.ok()) {
      console->Complain(StatusOf(result.result.outcome), session.ExplainMember(result));
    }
  }
}

std::vector<Figures> AllFigures(const std::vector<MemberResult>& results) {
  std::vector<Figures> all;
  for (const MemberResult& result : results) all.push_back(FiguresOf(result));
  return all;
}

void Stats(const CommandLine& line, PoolSession* session, Console* console) {
  const std::vector<MemberResult> results = session->Stats(line.group);
  if (line.group.empty() && !line.all) {
    console->Write(StatsTable(AllFigures(results)));
  } else {
    console->Write(EveryStatTable(results));
  }
  ComplainOfFailures(results, *session, console);
}

// The figures of all members, and when they were asked.
struct Sample {
  explicit Sample(PoolSession* session)
      : time(std::chrono::steady_clock::now()),
        results(session->Stats("")),
        figures(AllFigures(results)) {}

  std::chrono::steady_clock::time_point time;
  std::vector<MemberResult> results;
  std::vector<Figures> figures;
};

void Top(const CommandLine& line, PoolSession* session, Console* console) {
  // To the upper left, and clear what is below.
  constexpr absl::string_view kClearTerminal = "\x1b[H\x1b[J";
  Sample before(session);
  for (std::uint64_t i = 0; line.count == 0 || i < line.count; ++i) {
    session->Wait(absl::Seconds(line.interval_s));
    Sample after(session);
    const std::string table = RatesTable(Since(before.figures, after.figures),
                                         absl::FromChrono(after.time - before.time));
    console->Write(console->is_terminal() ? kClearTerminal : i > 0 ? "\n" : "");
    console->Write(table);
    if (!console->Flush()) return;
    // Below the table, which a terminal clears with the next one.
    ComplainOfFailures(after.results, *session, console);
    before = std::move(after);
  }
}

// "up", or what is wrong; of a member that has joined since, nothing is known.
std::string StateOf(const std::string& name, const std::vector<MemberResult>& results) {
  for (const MemberResult& member : results) {
    if (member.name == name) return member.result.ok() ? "up" : Describe(member.result);
  }
  return "-";
}

void Members(PoolSession* session, Console* console) {
  const std::vector<MemberResult> results = session->Version();
  const client::Pool& pool = session->pool();
  const hashring::Ownership ownership = hashring::OwnershipOf(*pool.ring(), kSampleKeys);
  TextTable table("llrrl");
  table.AddRow({"member", "address", "weight", "owns", "state"});
  for (std::size_t i = 0; i < pool.size(); ++i) {
    const discovery::Member& member = pool.member(i).member();
    const std::string name = session->MemberName(i);
    table.AddRow({name, member.vanished ? "-" : member.address.ToString(),
                  absl::StrCat(member.weight),
                  absl::StrFormat("%.1f %%", 100 * ownership.shares[i]), StateOf(name, results)});
  }
  console->Write(table.ToString());
  ComplainOfFailures(results, *session, console);
  const std::string warning = session->client().watcher().stats().warning;
  if (!warning.empty()) console->Write(absl::StrCat("\nnote: ", warning, "\n"));
}

// Its owner and those who are asked after it.
std::vector<std::string> OwnersOf(const std::string& key, std::size_t count,
                                  const PoolSession& session) {
  std::vector<std::uint32_t> members(count);
  members.resize(session.pool().ring()->Replicas(key, absl::MakeSpan(members)));
  std::vector<std::string> names;
  for (const std::uint32_t member : members) names.push_back(session.MemberName(member));
  return names;
}

void Locate(const CommandLine& line, const PoolSession& session, Console* console) {
  TextTable table(line.owners > 1 ? "lll" : "ll");
  table.AddRow(line.owners > 1 ? std::vector<std::string>{"owner", "then", "key"}
                               : std::vector<std::string>{"owner", "key"});
  for (const std::string& key : line.keys) {
    const std::vector<std::string> owners = OwnersOf(key, line.owners, session);
    const absl::string_view hashed = session.pool().ring()->HashedPart(key);
    std::vector<std::string> row = {owners[0]};
    if (line.owners > 1) row.push_back(absl::StrJoin(owners.begin() + 1, owners.end(), ", "));
    row.push_back(absl::StrCat(
        absl::CHexEscape(key),
        hashed == key ? "" : absl::StrCat("   hashed as '", absl::CHexEscape(hashed), "'")));
    table.AddRow(std::move(row));
  }
  console->Write(table.ToString());
}

void Version(PoolSession* session, Console* console) {
  const std::vector<MemberResult> results = session->Version();
  TextTable table("ll");
  table.AddRow({"member", "version"});
  for (const MemberResult& member : results) {
    table.AddRow({member.name, member.result.ok() ? member.result.text : "-"});
  }
  console->Write(table.ToString());
  ComplainOfFailures(results, *session, console);
}

}  // namespace

void RunPoolCommand(const CommandLine& line, PoolSession* session, Console* console) {
  switch (line.command) {
    case Command::kStats:
      return Stats(line, session, console);
    case Command::kTop:
      return Top(line, session, console);
    case Command::kMembers:
      return Members(session, console);
    case Command::kLocate:
      return Locate(line, *session, console);
    case Command::kVersion:
      return Version(session, console);
    case Command::kFlush:
      return ComplainOfFailures(session->FlushAll(static_cast<std::int64_t>(line.seconds)),
                                *session, console);
    case Command::kGet:
    case Command::kGets:
    case Command::kSet:
    case Command::kAdd:
    case Command::kReplace:
    case Command::kAppend:
    case Command::kPrepend:
    case Command::kCas:
    case Command::kDelete:
    case Command::kIncrement:
    case Command::kDecrement:
    case Command::kTouch:
      break;
  }
}

}  // namespace ringcache::cli
