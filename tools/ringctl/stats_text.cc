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
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using table::Clip;
using table::TextTable;
using Columns = absl::Span<const FigureColumn>;

constexpr std::size_t kNameColumns = 40;

// Of a server, or a memcached beside a sidecar.
constexpr FigureColumn kServerColumns[] = {
    {"uptime", Measure::kSeconds, "general.uptime"},
    {"items", Measure::kCount, "general.curr_items"},
    {"bytes", Measure::kBytes, "general.bytes"},
    {"limit", Measure::kBytes, "general.limit_maxbytes"},
    {"hits", Measure::kShare, "general.get_hits", "general.cmd_get"},
    {"gets", Measure::kCounter, "general.cmd_get"},
    {"sets", Measure::kCounter, "general.cmd_set"},
    {"evictions", Measure::kCounter, "general.evictions"},
    {"in", Measure::kByteCounter, "general.bytes_read"},
    {"out", Measure::kByteCounter, "general.bytes_written"},
    {"conns", Measure::kCount, "general.curr_connections"},
    {"cpu", Measure::kProcessorTime, "general.cpu_user_us", "general.cpu_system_us"},
    {"memory", Measure::kBytes, "general.resident_bytes"},
};

constexpr FigureColumn kRouterColumns[] = {
    {"uptime", Measure::kSeconds, "general.uptime"},
    {"requests", Measure::kCounter, "router.requests"},
    {"errors", Measure::kCounter, "router.errors"},
    {"failed first", Measure::kCounter, "router.failed_first"},
    {"no route", Measure::kCounter, "router.no_routes"},
    {"hot key hits", Measure::kCounter, "router.hot_key_hits"},
    {"in", Measure::kByteCounter, "general.bytes_read"},
    {"out", Measure::kByteCounter, "general.bytes_written"},
    {"conns", Measure::kCount, "general.curr_connections"},
    {"cpu", Measure::kProcessorTime, "general.cpu_user_us", "general.cpu_system_us"},
    {"memory", Measure::kBytes, "general.resident_bytes"},
};

constexpr FigureColumn kSlabColumns[] = {
    {"chunk", Measure::kBytes, "chunk_size"},
    {"pages", Measure::kCount, "total_pages"},
    {"used", Measure::kCount, "used_chunks"},
    {"free", Measure::kCount, "free_chunks"},
    {"items", Measure::kCount, "number"},
    {"age", Measure::kSeconds, "age"},
    {"hits", Measure::kCounter, "get_hits"},
    {"sets", Measure::kCounter, "cmd_set"},
    {"evicted", Measure::kCounter, "evicted"},
    {"reclaimed", Measure::kCounter, "reclaimed"},
    {"no memory", Measure::kCounter, "outofmemory"},
};

constexpr FigureColumn kWorkerColumns[] = {
    {"conns", Measure::kCount, "connections"},
    {"requests", Measure::kCounter, "requests"},
    {"running", Measure::kCount, "requests_running"},
    {"in", Measure::kByteCounter, "bytes_received"},
    {"out", Measure::kByteCounter, "bytes_sent"},
    {"yields", Measure::kCounter, "yields"},
    {"pauses", Measure::kCounter, "pauses"},
    {"silent", Measure::kMicroseconds, "silent_us"},
};

constexpr FigureColumn kMemberColumns[] = {
    {"calls", Measure::kCounter, "calls"},
    {"refused", Measure::kCounter, "refused_calls"},
    {"timeouts", Measure::kCounter, "timeouts"},
    {"lost", Measure::kCounter, "lost_connections"},
    {"times down", Measure::kCounter, "times_down"},
    {"pending", Measure::kCount, "pending_calls"},
    {"queued", Measure::kBytes, "queued_bytes"},
};

// What a table is made of: rows by what tells them apart, beside those of before.
struct Row {
  std::vector<std::string> names;
  const Message* now = nullptr;  // null: nothing is known
  std::string note;              // behind the figures
};
// Pods as the table calls them: where there are several, without what all names end with.
using ShownNames = std::map<std::string, std::string>;
struct Before {
  std::map<std::vector<std::string>, const Message*> rows;
  double seconds;
};

ShownNames ShownNamesOf(const Pods& pods) {
  std::vector<std::string> names;
  for (const Pod& pod : pods.pods()) {
    if (!pod.name().empty()) names.push_back(pod.name());
  }
  ShownNames shown;
  const ring::ShortNames shorter = ring::Shorten(names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    shown[names[i]] = Clip(names.size() > 1 ? shorter.names[i] : names[i], kNameColumns);
  }
  return shown;
}

// The first name is the pod's.
std::vector<std::string> NameCells(const Row& row, const ShownNames& shown) {
  std::vector<std::string> cells;
  for (const std::string& name : row.names) cells.push_back(Clip(name, kNameColumns));
  const auto found = shown.find(row.names[0]);
  if (found != shown.end()) cells[0] = found->second;
  return cells;
}

// A table of `rows` under the headings of their names. Totals if there is no `before`.
std::string FigureTable(const std::vector<std::string>& name_headings, Columns columns,
                        const std::vector<Row>& rows, const ShownNames& shown,
                        const Before* before) {
  TextTable table(
      absl::StrCat(std::string(name_headings.size(), 'l'), std::string(columns.size(), 'r'), "l"));
  std::vector<std::string> heading = name_headings;
  for (const FigureColumn& column : columns) {
    heading.push_back(HeadingOf(column, before != nullptr));
  }
  heading.emplace_back();
  table.AddRow(std::move(heading));
  for (const Row& row : rows) {
    std::vector<std::string> cells = NameCells(row, shown);
    const Message* last = nullptr;
    if (before != nullptr && row.now != nullptr) {
      const auto found = before->rows.find(row.names);
      // Of one that was not there then, only what is so now is known.
      last = found == before->rows.end() ? nullptr : found->second;
    }
    for (const FigureColumn& column : columns) {
      if (row.now == nullptr || (before != nullptr && last == nullptr)) {
        cells.emplace_back("-");
      } else if (before == nullptr) {
        cells.push_back(Total(column, *row.now));
      } else {
        cells.push_back(Rate(column, *last, *row.now, before->seconds));
      }
    }
    cells.push_back(row.note);
    table.AddRow(std::move(cells));
  }
  return table.ToString();
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

std::vector<Row> GeneralRows(const Pods& pods, bool routers) {
  std::vector<Row> rows;
  for (const Pod& pod : pods.pods()) {
    const bool is_known = pod.has_stats();
    if ((is_known ? IsRouter(pod) : UnknownAreRouters(pods)) != routers) continue;
    rows.push_back({{pod.name()}, is_known ? &pod.stats() : nullptr, pod.problem()});
  }
  return rows;
}

// Rows of what each pod has several of. Pods of which nothing is known have one that says so.
template <typename Message, typename ListOf, typename RowOf>
std::vector<Row> RowsOfEach(const Pods& pods, std::size_t names, ListOf list_of, RowOf row_of) {
  std::vector<Row> rows;
  for (const Pod& pod : pods.pods()) {
    if (!pod.has_stats()) {
      Row row;
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

std::vector<Row> SlabRows(const Pods& pods) {
  return RowsOfEach<SlabStats>(
      pods, 2, [](const Stats& stats) -> const auto& { return stats.slabs(); },
      [](const Pod& pod, const SlabStats& slab) -> Row {
        return {{pod.name(), absl::StrCat(slab.size_class())}, &slab, ""};
      });
}

std::vector<Row> WorkerRows(const Pods& pods) {
  return RowsOfEach<WorkerStats>(
      pods, 2, [](const Stats& stats) -> const auto& { return stats.workers(); },
      [](const Pod& pod, const WorkerStats& worker) -> Row {
        return {{pod.name(), absl::StrCat(worker.index())}, &worker, ""};
      });
}

std::string StateOf(const MemberStats& member) {
  if (member.vanished()) return "vanished";
  if (!member.has_up()) return "-";
  return member.up() != 0 ? "up" : "down";
}

// The state is a figure of now, so it stands with the note.
std::vector<Row> MemberRows(const Pods& pods) {
  return RowsOfEach<MemberStats>(
      pods, 3, [](const Stats& stats) -> const auto& { return stats.members(); },
      [](const Pod& pod, const MemberStats& member) -> Row {
        const string_view colon = member.last_problem().empty() ? "" : ", last problem: ";
        return {{pod.name(), member.pool(), member.name()},
                &member,
                absl::StrCat(StateOf(member), colon, member.last_problem())};
      });
}

std::vector<Row> RowsOf(const Pods& pods, StatsGroup group, bool routers) {
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

struct TableShape {
  std::vector<std::string> name_headings;
  Columns columns;
};

TableShape ShapeOf(StatsGroup group, bool routers) {
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

// One table; empty if it has no row.
std::string GroupTable(const Pods* before, const Pods& now, double seconds, StatsGroup group,
                       bool routers) {
  std::vector<Row> rows = RowsOf(now, group, routers);
  if (rows.empty()) return "";
  Before last = {{}, seconds};
  if (before != nullptr) {
    for (const Row& row : RowsOf(*before, group, routers)) {
      if (row.now != nullptr) last.rows[row.names] = row.now;
    }
  }
  // Of several, one for all. What did not answer is missing in both sums.
  Stats sum, sum_before;
  const bool has_total = group == StatsGroup::kGeneral && rows.size() > 1;
  if (has_total) {
    for (const Row& row : rows) {
      if (row.now == nullptr) continue;
      const auto found = last.rows.find(row.names);
      if (before != nullptr && found == last.rows.end()) continue;
      AddFigures(*row.now, &sum);
      if (before != nullptr) AddFigures(*found->second, &sum_before);
    }
    // Ages do not add up.
    sum.mutable_general()->clear_uptime();
    rows.push_back({{"total"}, &sum, ""});
    last.rows[rows.back().names] = &sum_before;
  }
  const TableShape shape = ShapeOf(group, routers);
  return FigureTable(shape.name_headings, shape.columns, rows, ShownNamesOf(now),
                     before == nullptr ? nullptr : &last);
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
    heading.push_back(shown[pod.name()]);
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
