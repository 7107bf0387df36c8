#include "tools/loadgen/load_report.h"

#include <json/json.h>

#include <array>
#include <cstdint>

#include "absl/strings/str_format.h"
#include "tools/loadgen/load_flags.h"

namespace ringcache::loadgen {
namespace {

struct PercentileRow {
  const char* name;
  double percent;
};
constexpr PercentileRow kPercentiles[] = {{"p50", 50}, {"p90", 90},     {"p95", 95},
                                          {"p99", 99}, {"p99_9", 99.9}, {"p99_99", 99.99}};

constexpr std::array<const char*, static_cast<int>(LoadCounter::kCount)> kCounterNames = {
    "requests", "hits", "misses", "done", "refused", "errors"};

double Microseconds(double nanoseconds) { return nanoseconds * 1e-3; }

double CpuPerRequestUs(const RunTotals& totals) {
  const std::uint64_t requests = totals.counters[LoadCounter::kRequests];
  if (requests == 0) return 0;
  return Microseconds(static_cast<double>(totals.server_cpu->total_ns)) /
         static_cast<double>(requests);
}

double KeysPerSecond(const RunTotals& totals) {
  if (totals.window_s <= 0) return 0;
  std::uint64_t keys = 0;
  for (const LoadCounter counter :
       {LoadCounter::kHits, LoadCounter::kMisses, LoadCounter::kDone, LoadCounter::kRefused}) {
    keys += totals.counters[counter];
  }
  return static_cast<double>(keys) / totals.window_s;
}

Json::Value CountsAsJson(const RunTotals& totals) {
  Json::Value counts;
  for (std::size_t i = 0; i < kCounterNames.size(); ++i) {
    counts[kCounterNames[i]] = Json::UInt64{totals.counters[static_cast<LoadCounter>(i)]};
  }
  counts["unanswered"] = Json::UInt64{totals.unanswered};
  counts["unsent"] = Json::UInt64{totals.unsent};
  counts["invalid_replies"] = Json::UInt64{totals.invalid_replies};
  counts["lost_connections"] = Json::UInt64{totals.lost_connections};
  return counts;
}

Json::Value LatencyAsJson(const metrics::LatencyHistogram& latency) {
  Json::Value values;
  values["count"] = Json::UInt64{latency.Count()};
  values["mean"] = Microseconds(latency.MeanNs());
  for (const PercentileRow& row : kPercentiles) {
    values[row.name] = Microseconds(static_cast<double>(latency.PercentileNs(row.percent)));
  }
  values["max"] = Microseconds(static_cast<double>(latency.MaxNs()));
  return values;
}

}  // namespace

std::string SummarizeRun(const LoadOptions& options, const RunTotals& totals) {
  std::string text;
  if (totals.prefill_s > 0) {
    absl::StrAppendFormat(&text, "prefill      %d keys in %.2f s\n", options.keys,
                          totals.prefill_s);
  }
  if (options.prefill == Prefill::kOnly) return text;
  const auto& counters = totals.counters;
  absl::StrAppendFormat(&text, "throughput   %.0f requests/s (%d in %.3f s), %.0f keys/s\n",
                        totals.requests_per_s, counters[LoadCounter::kRequests], totals.window_s,
                        KeysPerSecond(totals));
  absl::StrAppendFormat(&text, "outcomes     %d hits, %d misses, %d done, %d refused, %d errors\n",
                        counters[LoadCounter::kHits], counters[LoadCounter::kMisses],
                        counters[LoadCounter::kDone], counters[LoadCounter::kRefused],
                        counters[LoadCounter::kErrors]);
  absl::StrAppendFormat(&text, "latency (us) %s: mean %.1f",
                        options.rate_per_s > 0 ? "from when due" : "from sending",
                        Microseconds(totals.latency.MeanNs()));
  for (const PercentileRow& row : kPercentiles) {
    absl::StrAppendFormat(
        &text, ", %s %.1f", row.name,
        Microseconds(static_cast<double>(totals.latency.PercentileNs(row.percent))));
  }
  absl::StrAppendFormat(&text, ", max %.1f\n",
                        Microseconds(static_cast<double>(totals.latency.MaxNs())));
  if (totals.server_cpu.has_value()) {
    absl::StrAppendFormat(&text, "server CPU   %.3f us/request (%.3f s; user %.2f, system %.2f)\n",
                          CpuPerRequestUs(totals),
                          static_cast<double>(totals.server_cpu->total_ns) * 1e-9,
                          static_cast<double>(totals.server_cpu->user_ns) * 1e-9,
                          static_cast<double>(totals.server_cpu->system_ns) * 1e-9);
  }
  if (totals.unsent > 0) {
    absl::StrAppendFormat(&text, "BEHIND       %d requests were due and not sent in time\n",
                          totals.unsent);
  }
  if (!totals.clean()) {
    absl::StrAppendFormat(
        &text,
        "FAILED       %s (%d unanswered, %d invalid replies, %d lost "
        "connections)\n",
        totals.problem.empty() ? "the server answered with errors" : totals.problem,
        totals.unanswered, totals.invalid_replies, totals.lost_connections);
  }
  return text;
}

std::string RunAsJson(const LoadOptions& options, const RunTotals& totals) {
  Json::Value root;
  for (const auto& [name, value] : SpellLoadOptions(options)) root["parameters"][name] = value;
  root["counts"] = CountsAsJson(totals);
  root["clean"] = totals.clean();
  root["problem"] = totals.problem;
  root["window_s"] = totals.window_s;
  root["prefill_s"] = totals.prefill_s;
  root["requests_per_s"] = totals.requests_per_s;
  root["keys_per_s"] = KeysPerSecond(totals);
  root["latency_us"] = LatencyAsJson(totals.latency);
  if (totals.server_cpu.has_value()) {
    Json::Value& cpu = root["server_cpu"];
    cpu["total_s"] = static_cast<double>(totals.server_cpu->total_ns) * 1e-9;
    cpu["user_s"] = static_cast<double>(totals.server_cpu->user_ns) * 1e-9;
    cpu["system_s"] = static_cast<double>(totals.server_cpu->system_ns) * 1e-9;
    cpu["us_per_request"] = CpuPerRequestUs(totals);
  }
  Json::StreamWriterBuilder writer;
  writer["indentation"] = "  ";
  return Json::writeString(writer, root) + "\n";
}

}  // namespace ringcache::loadgen
