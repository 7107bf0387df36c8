#include "tools/ringctl/stats_text.h"

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "tools/ring/short_names.h"
#include "tools/ringctl/figure_columns.h"
#include "tools/ringctl/figure_table.h"
#include "tools/ringctl/stats_columns.h"
#include "tools/table/text_table.h"

namespace ringcache::ringctl {
namespace {

using absl::string_view;
using admin::v1::GeneralStats;
using admin::v1::MemberStats;
using admin::v1::RouterStats;
using admin::v1::SlabStats;
using admin::v1::Stats;
using admin::v1::WorkerStats;
using google::protobuf::Message;
using table::Clip;
using table::TextTable;
using Columns = absl::Span<const FigureColumn>;

constexpr string_view kUptime = "general.uptime";
// Of the pods above the columns of --all.
constexpr std::size_t kNameColumns = 40;

// Pods as the tables call them: where there are several, without what all names end with.
using ShownNames = std::map<std::string, std::string>;

ShownNames ShownNamesOf(const Pods& pods) {
  std::vector<std::string> names;
  for (const Pod& pod : pods.pods()) {
    if (!pod.name().empty()) names.push_back(pod.name());
  }
  ShownNames shown;
  const ring::ShortNames shorter = ring::Shorten(names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    shown[names[i]] = names.size() > 1 ? shorter.names[i] : names[i];
  }
  return shown;
}

bool IsRouter(const Pod& pod) { return pod.stats().has_router(); }

// Pods of which nothing is known stand with the servers, unless there are routers only.
bool UnknownAreRouters(const Pods& pods) {
  bool has_router = false;
  for (const Pod& pod : pods.pods()) {
    if (pod.has_stats() && !IsRouter(pod)) return false;
    has_router |= IsRouter(pod);
  }
  return has_router;
}

std::vector<FigureRow> GeneralRows(const Pods& pods, bool routers) {
  std::vector<FigureRow> rows;
  for (const Pod& pod : pods.pods()) {
    const bool is_known = pod.has_stats();
    if ((is_known ? IsRouter(pod) : UnknownAreRouters(pods)) != routers) continue;
    rows.push_back({{pod.name()}, is_known ? &pod.stats() : nullptr, pod.problem()});
  }
  return rows;
}

// Rows of what each pod has several of. Pods of which nothing is known have one that says so.
template <typename Message, typename ListOf, typename RowOf>
std::vector<FigureRow> RowsOfEach(const Pods& pods, std::size_t names, ListOf list_of,
                                  RowOf row_of) {
  std::vector<FigureRow> rows;
  for (const Pod& pod : pods.pods()) {
    if (!pod.has_stats()) {
      FigureRow row;
      row.names.assign(names, "-");
      row.names[0] = pod.name();
      row.note = pod.problem();
      rows.push_back(std::move(row));
      continue;
    }
    for (const Message& message : list_of(pod.stats())) rows.push_back(row_of(pod, message));
  }
  return rows;
}

std::vector<FigureRow> SlabRows(const Pods& pods) {
  return RowsOfEach<SlabStats>(
      pods, 2, [](const Stats& stats) -> const auto& { return stats.slabs(); },
      [](const Pod& pod, const SlabStats& slab) -> FigureRow {
        return {{pod.name(), absl::StrCat(slab.size_class())}, &slab, ""};
      });
}

std::vector<FigureRow> WorkerRows(const Pods& pods) {
  return RowsOfEach<WorkerStats>(
      pods, 2, [](const Stats& stats) -> const auto& { return stats.workers(); },
      [](const Pod& pod, const WorkerStats& worker) -> FigureRow {
        return {{pod.name(), absl::StrCat(worker.index())}, &worker, ""};
      });
}

std::string StateOf(const MemberStats& member) {
  if (member.vanished()) return "vanished";
  if (!member.has_up()) return "-";
  return member.up() != 0 ? "up" : "down";
}

// The state is a figure of now, so it stands with the note.
std::vector<FigureRow> MemberRows(const Pods& pods) {
  return RowsOfEach<MemberStats>(
      pods, 3, [](const Stats& stats) -> const auto& { return stats.members(); },
      [](const Pod& pod, const MemberStats& member) -> FigureRow {
        const string_view colon = member.last_problem().empty() ? "" : ", last problem: ";
        return {{pod.name(), member.pool(), member.name()},
                &member,
                absl::StrCat(StateOf(member), colon, member.last_problem())};
      });
}

std::vector<FigureRow> RowsOf(const Pods& pods, StatsGroup group, bool routers) {
  switch (group) {
    case StatsGroup::kGeneral:
      return GeneralRows(pods, routers);
    case StatsGroup::kSlabs:
      return SlabRows(pods);
    case StatsGroup::kWorkers:
      return WorkerRows(pods);
    case StatsGroup::kMembers:
      return MemberRows(pods);
    case StatsGroup::kAll:
      break;
  }
  return {};
}

// `group` for people, if nobody has it.
string_view WordsFor(StatsGroup group) {
  switch (group) {
    case StatsGroup::kSlabs:
      return "nobody told of slab classes, which servers and memcached have\n";
    case StatsGroup::kWorkers:
      return "nobody told of worker threads\n";
    case StatsGroup::kMembers:
      return "nobody told of members, which routers have\n";
    case StatsGroup::kGeneral:
    case StatsGroup::kAll:
      break;
  }
  return "";
}

FigureTableShape ShapeOf(StatsGroup group, bool routers) {
  switch (group) {
    case StatsGroup::kSlabs:
      return {{"pod", "class"}, kSlabColumns};
    case StatsGroup::kWorkers:
      return {{"pod", "worker"}, kWorkerColumns};
    case StatsGroup::kMembers:
      return {{"pod", "pool", "member"}, kMemberColumns};
    case StatsGroup::kGeneral:
    case StatsGroup::kAll:
      break;
  }
  return {{"pod"}, routers ? Columns(kRouterColumns) : Columns(kServerColumns)};
}

bool BeganAnew(const Message& before, const Message& now) {
  return FigureOf(now, kUptime) < FigureOf(before, kUptime);
}

// Of several rows the sums, of now and of before. What did not answer both times, or began anew in
// between, is in neither.
struct Sums {
  Stats now;
  Stats before;
};

Sums SumsOf(const std::vector<FigureRow>& rows, const EarlierFigures* earlier) {
  Sums sums;
  for (const FigureRow& row : rows) {
    if (row.now == nullptr) continue;
    if (earlier != nullptr) {
      const auto before = earlier->messages.find(row.names);
      if (before == earlier->messages.end() || BeganAnew(*before->second, *row.now)) continue;
      AddFigures(*before->second, &sums.before);
    }
    AddFigures(*row.now, &sums.now);
  }
  // Ages do not add up.
  sums.now.mutable_general()->clear_uptime();
  return sums;
}

// One table; empty if it has no row. Totals if there is no `before`.
std::string GroupTable(const Pods* before, const Pods& now, double seconds, StatsGroup group,
                       bool routers) {
  std::vector<FigureRow> rows = RowsOf(now, group, routers);
  if (rows.empty()) return "";
  EarlierFigures figures_before = {{}, seconds};
  EarlierFigures* const earlier = before == nullptr ? nullptr : &figures_before;
  if (before != nullptr) {
    for (const FigureRow& row : RowsOf(*before, group, routers)) {
      if (row.now != nullptr) earlier->messages[row.names] = row.now;
    }
  }
  Sums sums;
  if (group == StatsGroup::kGeneral && rows.size() > 1) {
    sums = SumsOf(rows, earlier);
    rows.push_back({{"total"}, &sums.now, ""});
    if (earlier != nullptr) earlier->messages[{"total"}] = &sums.before;
  }
  return FigureTable(ShapeOf(group, routers), rows, ShownNamesOf(now), earlier);
}

// A row for each field of `Group` that some pod has.
void AddEveryFigure(const google::protobuf::Descriptor* group, string_view path, const Pods& pods,
                    TextTable* table) {
  for (int i = 0; i < group->field_count(); ++i) {
    const std::string field = absl::StrCat(path, ".", group->field(i)->name());
    std::vector<std::string> cells = {group->field(i)->name()};
    bool is_known = false;
    for (const Pod& pod : pods.pods()) {
      const auto figure = FigureOf(pod.stats(), field);
      is_known |= figure.has_value();
      cells.push_back(figure ? absl::StrCat(*figure) : "-");
    }
    if (is_known) table->AddRow(std::move(cells));
  }
}

std::string EveryFigure(const Pods& pods) {
  TextTable table(absl::StrCat("l", std::string(static_cast<std::size_t>(pods.pods_size()), 'r')));
  std::vector<std::string> heading = {"figure"};
  std::string problems;
  ShownNames shown = ShownNamesOf(pods);
  for (const Pod& pod : pods.pods()) {
    heading.push_back(Clip(shown[pod.name()], kNameColumns));
    if (!pod.has_stats()) absl::StrAppend(&problems, pod.name(), ": ", pod.problem(), "\n");
  }
  table.AddRow(std::move(heading));
  AddEveryFigure(GeneralStats::descriptor(), "general", pods, &table);
  AddEveryFigure(RouterStats::descriptor(), "router", pods, &table);
  return absl::StrCat(table.ToString(), problems.empty() ? "" : "\n", problems);
}

std::string Text(const Pods* before, const Pods& now, double seconds, StatsGroup group) {
  if (group == StatsGroup::kAll) return EveryFigure(now);
  std::string text = GroupTable(before, now, seconds, group, /*routers=*/false);
  if (group == StatsGroup::kGeneral) {
    const std::string of_routers = GroupTable(before, now, seconds, group, /*routers=*/true);
    absl::StrAppend(&text, text.empty() || of_routers.empty() ? "" : "\n", of_routers);
  }
  return text.empty() ? std::string(WordsFor(group)) : text;
}

}  // namespace

std::string StatsText(const Pods& now, StatsGroup group) { return Text(nullptr, now, 1, group); }

std::string StatsRatesText(const Pods& before, const Pods& now, double seconds, StatsGroup group) {
  return Text(&before, now, seconds, group);
}

}  // namespace ringcache::ringctl
