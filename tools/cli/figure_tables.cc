#include "tools/cli/figure_tables.h"

#include <cmath>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/table/spelling.h"
#include "tools/table/text_table.h"

namespace ringcache::cli {
namespace {

using table::Clip;
using table::SpellBytes;
using table::SpellShare;
using table::SpellUptime;
using table::TextTable;
using table::WithSeparators;
using Row = std::vector<std::string>;

// As wide as tools/ring shows names.
constexpr std::size_t kNameColumns = 40;

// A dash for each of the `columns` after the name.
Row UnknownRow(const Figures& member, std::size_t columns) {
  Row row(columns, "-");
  row[0] = Clip(member.member, kNameColumns);
  return row;
}

Row StatsRow(const Figures& figures) {
  const bool is_total = figures.version.empty();
  return {Clip(figures.member, kNameColumns),
          figures.version,
          is_total ? "" : SpellUptime(figures.uptime_s),
          WithSeparators(figures.items),
          SpellBytes(static_cast<double>(figures.bytes)),
          SpellBytes(static_cast<double>(figures.limit_bytes)),
          SpellShare(figures.hits, figures.gets),
          WithSeparators(figures.gets),
          WithSeparators(figures.sets),
          WithSeparators(figures.evictions),
          WithSeparators(figures.connections)};
}

Row RatesRow(const Figures& since, double seconds) {
  const auto rate = [&](std::uint64_t count) {
    return WithSeparators(
        static_cast<std::size_t>(std::llround(static_cast<double>(count) / seconds)));
  };
  const auto byte_rate = [&](std::uint64_t bytes) {
    return SpellBytes(static_cast<double>(bytes) / seconds);
  };
  return {Clip(since.member, kNameColumns),
          rate(since.gets),
          SpellShare(since.hits, since.gets),
          rate(since.sets),
          rate(since.evictions),
          byte_rate(since.received_bytes),
          byte_rate(since.sent_bytes),
          WithSeparators(since.items),
          SpellBytes(static_cast<double>(since.bytes)),
          WithSeparators(since.connections)};
}

}  // namespace

std::string StatsTable(absl::Span<const Figures> members) {
  const Row heading = {"member", "version", "uptime", "items",     "bytes", "limit",
                       "hits",   "gets",    "sets",   "evictions", "conns"};
  TextTable table("llrrrrrrrrr");
  table.AddRow(heading);
  for (const Figures& member : members) {
    table.AddRow(member.known ? StatsRow(member) : UnknownRow(member, heading.size()));
  }
  if (members.size() > 1) table.AddRow(StatsRow(TotalOf(members)));
  return table.ToString();
}

std::string RatesTable(absl::Span<const Figures> since, absl::Duration elapsed) {
  const double seconds = absl::ToDoubleSeconds(elapsed);
  const Row heading = {"member", "gets/s", "hits",  "sets/s", "evictions/s",
                       "in/s",   "out/s",  "items", "bytes",  "conns"};
  TextTable table("lrrrrrrrrr");
  table.AddRow(heading);
  for (const Figures& member : since) {
    table.AddRow(member.known ? RatesRow(member, seconds) : UnknownRow(member, heading.size()));
  }
  if (since.size() > 1) table.AddRow(RatesRow(TotalOf(since), seconds));
  return table.ToString();
}

std::string EveryStatTable(absl::Span<const client::MemberResult> results) {
  // In the order in which they are first met.
  std::vector<Row> rows;
  std::map<absl::string_view, std::size_t> row_of_stat;
  for (std::size_t i = 0; i < results.size(); ++i) {
    for (const auto& [name, value] : results[i].stats) {
      const auto [place, is_new] = row_of_stat.try_emplace(name, rows.size());
      if (is_new) {
        rows.emplace_back(1 + results.size(), "-")[0] = name;
      }
      rows[place->second][1 + i] = value;
    }
  }
  if (rows.empty()) return "";
  TextTable table(std::string(1 + results.size(), 'l'));
  Row heading = {"stat"};
  for (const client::MemberResult& result : results) {
    heading.push_back(Clip(result.name, kNameColumns));
  }
  table.AddRow(std::move(heading));
  for (Row& row : rows) table.AddRow(std::move(row));
  return table.ToString();
}

}  // namespace ringcache::cli
