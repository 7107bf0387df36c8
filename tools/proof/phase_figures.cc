#include "tools/proof/phase_figures.h"

#include <json/json.h>

#include <iterator>

namespace ringcache::proof {
namespace {

Json::Value ListOf(const std::set<std::size_t>& keys) {
  Json::Value list(Json::arrayValue);
  for (const std::size_t key : keys) list.append(Json::UInt64{key});
  return list;
}

}  // namespace

void PhaseFigures::Add(const PhaseFigures& other) {
  requests += other.requests;
  hits += other.hits;
  misses += other.misses;
  lost += other.lost;
  stale += other.stale;
  late += other.late;
  wrong += other.wrong;
  out_of_step += other.out_of_step;
  doubled += other.doubled;
  never_replied += other.never_replied;
  overdue += other.overdue;
  for (const auto& [text, count] : other.errors) errors[text] += count;
  affected.insert(other.affected.begin(), other.affected.end());
  stale_keys.insert(other.stale_keys.begin(), other.stale_keys.end());
  latency.Merge(other.latency);
  if (example.empty()) example = other.example;
}

std::string PhaseFigures::ToJson(absl::string_view name, double seconds) const {
  Json::Value json;
  json["phase"] = std::string(name);
  json["seconds"] = seconds;
  json["requests"] = Json::UInt64{requests};
  json["hits"] = Json::UInt64{hits};
  json["misses"] = Json::UInt64{misses};
  json["lost"] = Json::UInt64{lost};
  json["stale"] = Json::UInt64{stale};
  json["late"] = Json::UInt64{late};
  json["wrong"] = Json::UInt64{wrong};
  json["out_of_step"] = Json::UInt64{out_of_step};
  json["doubled"] = Json::UInt64{doubled};
  json["never_replied"] = Json::UInt64{never_replied};
  json["overdue"] = Json::UInt64{overdue};
  json["errors"] = Json::Value(Json::objectValue);
  for (const auto& [text, count] : errors) json["errors"][text] = Json::UInt64{count};
  json["affected"] = ListOf(affected);
  json["stale_keys"] = ListOf(stale_keys);
  json["p99_ms"] = static_cast<double>(latency.PercentileNs(99)) / 1e6;
  json["max_ms"] = static_cast<double>(latency.MaxNs()) / 1e6;
  json["example"] = example;
  Json::StreamWriterBuilder builder;
  builder["indentation"] = "";
  return Json::writeString(builder, json);
}

}  // namespace ringcache::proof
