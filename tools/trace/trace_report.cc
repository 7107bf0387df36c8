#include "tools/trace/trace_report.h"

#include <json/json.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ringcache::trace {
namespace {

constexpr double kMebibyte = 1 << 20;

double MemoryMib(const TargetRow& row) {
  return static_cast<double>(row.figures.limit_bytes) / kMebibyte;
}

// `bytes` per item held; empty if there is none.
std::optional<double> PerItem(std::optional<double> bytes, const TargetRow& row) {
  if (!bytes.has_value() || row.figures.items == 0) return std::nullopt;
  return *bytes / static_cast<double>(row.figures.items);
}

std::optional<double> ResidentBytes(const TargetRow& row) {
  if (!row.figures.resident_bytes.has_value()) return std::nullopt;
  return static_cast<double>(*row.figures.resident_bytes);
}

std::optional<double> PayloadShare(const TargetRow& row) {
  if (!row.figures.payload_bytes.has_value() || row.figures.limit_bytes == 0) return std::nullopt;
  return *row.figures.payload_bytes / static_cast<double>(row.figures.limit_bytes);
}

std::optional<double> SecondHalf(const std::optional<HitCounts>& counts) {
  if (!counts.has_value()) return std::nullopt;
  return counts->second_half.ratio();
}

std::string Shown(std::optional<double> value, int digits) {
  return value.has_value() ? absl::StrFormat("%.*f", digits, *value) : "-";
}

using Cells = std::array<std::string, 13>;

Cells HeadCells() {
  return {"target", "MiB",     "requests",  "hits", "hits", "items",   "limit",
          "RSS",    "payload", "evictions", "OOM",  "LRU*", "optimum*"};
}

Cells SecondHeadCells() {
  return {"", "", "", "", "2nd half", "held", "B/item", "B/item", "of limit", "", "errors", "", ""};
}

Cells RowCells(const TargetRow& row) {
  const std::optional<double> payload = PayloadShare(row);
  return {row.target,
          absl::StrFormat("%g", MemoryMib(row)),
          absl::StrCat(row.replay.requests),
          Shown(row.replay.hits.whole.ratio(), 4),
          Shown(row.replay.hits.second_half.ratio(), 4),
          absl::StrCat(row.figures.items),
          Shown(PerItem(static_cast<double>(row.figures.limit_bytes), row), 1),
          Shown(PerItem(ResidentBytes(row), row), 1),
          payload.has_value() ? absl::StrFormat("%.1f %%", *payload * 100) : "-",
          absl::StrCat(row.figures.evictions),
          absl::StrCat(row.figures.stores.out_of_memory),
          Shown(SecondHalf(row.lru), 4),
          Shown(SecondHalf(row.static_optimum), 4)};
}

std::string Footnotes(const TraceResults& results) {
  std::string text;
  bool simulated = false, wall_time = false;
  for (const TargetRow& row : results.rows) {
    simulated |= row.lru.has_value();
    wall_time |= !row.in_trace_time;
    const StoreCounts& stores = row.figures.stores;
    if (stores.too_large + stores.other_errors > 0) {
      absl::StrAppend(&text, row.target, ": ", stores.too_large, " values too large, ",
                      stores.other_errors, " other errors\n");
    }
  }
  if (simulated) {
    text +=
        "* simulated, second half, with as many items as the row holds: least recently used, and"
        " the most read keys of the\n  whole trace from the start\n";
  }
  if (results.has_lifetimes && wall_time) {
    text +=
        "Items have lifetimes: the library lives in the trace's time, servers in the wall"
        " clock's, where little expires.\n";
  }
  return text;
}

Json::Value OrNull(std::optional<double> value) {
  return value.has_value() ? Json::Value(*value) : Json::Value();
}

Json::Value CountsAsJson(const HitCounts& counts) {
  Json::Value json;
  json["reads"] = Json::UInt64{counts.whole.reads};
  json["hits"] = Json::UInt64{counts.whole.hits};
  json["hit_ratio"] = counts.whole.ratio();
  json["second_half_reads"] = Json::UInt64{counts.second_half.reads};
  json["second_half_hits"] = Json::UInt64{counts.second_half.hits};
  json["second_half_hit_ratio"] = counts.second_half.ratio();
  return json;
}

Json::Value RowAsJson(const TargetRow& row) {
  Json::Value json = CountsAsJson(row.replay.hits);
  json["target"] = row.target;
  json["requests"] = Json::UInt64{row.replay.requests};
  json["seconds"] = row.replay.seconds;
  json["limit_bytes"] = Json::UInt64{row.figures.limit_bytes};
  json["items"] = Json::UInt64{row.figures.items};
  json["limit_bytes_per_item"] = OrNull(PerItem(static_cast<double>(row.figures.limit_bytes), row));
  json["resident_bytes"] = OrNull(ResidentBytes(row));
  json["resident_bytes_per_item"] = OrNull(PerItem(ResidentBytes(row), row));
  json["payload_bytes"] = OrNull(row.figures.payload_bytes);
  json["payload_share_of_limit"] = OrNull(PayloadShare(row));
  json["evictions"] = Json::UInt64{row.figures.evictions};
  const StoreCounts& stores = row.figures.stores;
  json["stored"] = Json::UInt64{stores.stored};
  json["not_stored"] = Json::UInt64{stores.not_stored};
  json["too_large"] = Json::UInt64{stores.too_large};
  json["out_of_memory"] = Json::UInt64{stores.out_of_memory};
  json["other_errors"] = Json::UInt64{stores.other_errors};
  json["simulated_lru"] = row.lru ? CountsAsJson(*row.lru) : Json::Value();
  json["simulated_static_optimum"] =
      row.static_optimum ? CountsAsJson(*row.static_optimum) : Json::Value();
  return json;
}

}  // namespace

std::string SummarizeResults(const TraceOptions& options, const TraceResults& results) {
  std::vector<Cells> table = {HeadCells(), SecondHeadCells()};
  for (const TargetRow& row : results.rows) table.push_back(RowCells(row));
  std::array<std::size_t, std::tuple_size_v<Cells>> widths = {};
  for (const Cells& cells : table) {
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());
  }
  std::string text = absl::StrFormat(
      "%s\n%d requests, %d of them reads, for %d keys; key and value have %.1f bytes on average\n",
      options.DescribeTrace(), results.requests, results.reads, results.keys,
      results.mean_item_bytes);
  if (results.skipped > 0) {
    absl::StrAppend(&text, results.skipped, " requests (append, prepend, incr, decr) left out\n");
  }
  text += "\n";
  for (const Cells& cells : table) {
    std::string line = absl::StrFormat("%-*s", widths[0], cells[0]);
    for (std::size_t i = 1; i < cells.size(); ++i) {
      absl::StrAppendFormat(&line, "  %*s", widths[i], cells[i]);
    }
    line.resize(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&text, line, "\n");
  }
  return absl::StrCat(text, "\n", Footnotes(results));
}

std::string ResultsAsJson(const TraceOptions& options, const TraceResults& results) {
  Json::Value json;
  json["trace"] = options.DescribeTrace();
  json["requests"] = Json::UInt64{results.requests};
  json["reads"] = Json::UInt64{results.reads};
  json["keys"] = Json::UInt64{results.keys};
  json["skipped"] = Json::UInt64{results.skipped};
  json["mean_item_bytes"] = results.mean_item_bytes;
  json["targets"] = Json::Value(Json::arrayValue);
  for (const TargetRow& row : results.rows) json["targets"].append(RowAsJson(row));
  Json::StreamWriterBuilder writer;
  writer["indentation"] = "  ";
  writer["precision"] = 6;
  return Json::writeString(writer, json) + "\n";
}

std::vector<CurveSeries> CurveOf(const TraceResults& results) {
  std::vector<CurveSeries> series;
  for (const TargetRow& row : results.rows) {
    auto found = std::find_if(series.begin(), series.end(),
                              [&](const CurveSeries& one) { return one.name == row.target; });
    if (found == series.end()) found = series.insert(found, CurveSeries{row.target, false, {}});
    found->points.push_back({MemoryMib(row), 1 - row.replay.hits.second_half.ratio()});
  }
  if (results.rows.empty()) return series;
  const std::string first = results.rows.front().target;
  CurveSeries lru{"LRU, items of " + first, true, {}};
  CurveSeries optimum{"optimum, items of " + first, true, {}};
  for (const TargetRow& row : results.rows) {
    if (row.target != first || !row.lru.has_value() || !row.static_optimum.has_value()) continue;
    lru.points.push_back({MemoryMib(row), 1 - row.lru->second_half.ratio()});
    optimum.points.push_back({MemoryMib(row), 1 - row.static_optimum->second_half.ratio()});
  }
  if (!lru.points.empty()) series.insert(series.end(), {lru, optimum});
  return series;
}

}  // namespace ringcache::trace
