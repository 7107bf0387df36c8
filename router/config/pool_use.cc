#include "router/config/pool_use.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "flags/nearest_name.h"

namespace ringcache::router {
namespace {

using hashring::PlacementKind;

struct HashFunction {
  absl::string_view name;
  std::optional<PlacementKind> placement;
  // Of those that mcrouter has and the router has not.
  absl::string_view why = {};
};
constexpr std::array<HashFunction, 9> kMcrouters = {{
    {"Ch3", PlacementKind::kCh3},
    {"Crc32", PlacementKind::kCrc32},
    {"WeightedCh3", PlacementKind::kWeightedCh3},
    {"Rendezvous", PlacementKind::kMcrouterRendezvous},
    {"WeightedRendezvous", std::nullopt, "write \"WeightedCh3\", or \"ketama\", which has weights"},
    {"WeightedCh3RV", std::nullopt, "write \"WeightedCh3\""},
    {"ConstShard", std::nullopt, "keys name no shards; write \"Ch3\""},
    {"Latest", std::nullopt, "write a route of type \"LatestRoute\""},
    {"LoadBalancer", std::nullopt, "servers do not tell their load; write \"Ch3\""},
}};

std::vector<absl::string_view> FunctionNames() {
  std::vector<absl::string_view> names;
  for (const HashFunction& row : kMcrouters) {
    if (row.placement.has_value()) names.push_back(row.name);
  }
  for (const hashring::PlacementRow& row : hashring::kPlacements) names.push_back(row.name);
  return names;
}

absl::StatusOr<PlacementKind> ReadFunction(const ConfigNode& node) {
  const absl::StatusOr<std::string> name = node.AsString();
  if (!name.ok()) return name.status();
  for (const HashFunction& row : kMcrouters) {
    if (row.name != *name) continue;
    if (row.placement.has_value()) return *row.placement;
    return node.Error(absl::StrCat("the hash function ", row.name, " is not supported; ", row.why));
  }
  for (const hashring::PlacementRow& row : hashring::kPlacements) {
    if (row.name == *name) return row.kind;
  }
  const std::vector<absl::string_view> names = FunctionNames();
  const absl::string_view nearest = flags::NearestName(*name, names);
  return node.Error(absl::StrCat("there is no hash function ", ConfigNode::Shown(*name), "; ",
                                 nearest.empty()
                                     ? absl::StrCat("there are ", absl::StrJoin(names, ", "))
                                     : absl::StrCat("did you mean \"", nearest, "\"?")));
}

absl::Status ReadWeights(const ConfigNode& node, PoolUse* use) {
  if (use->ring.placement != PlacementKind::kWeightedCh3) {
    return node.Error(
        "are for the hash function WeightedCh3; for others write \"weights\" in the pool");
  }
  const auto nodes = node.AsArray();
  if (!nodes.ok()) return nodes.status();
  if (nodes->empty()) return node.Error("is empty; write one weight from 0 to 1 for each");
  for (const ConfigNode& weight : *nodes) {
    const absl::StatusOr<double> number = weight.AsDouble(0, 1);
    if (!number.ok()) return number.status();
    use->weights.push_back(*number);
  }
  return absl::OkStatus();
}

// Of an object that has these keys, perhaps among others.
absl::Status ReadSettings(const ConfigNode& node, PoolUse* use) {
  if (node.Has("hash_func")) {
    const absl::StatusOr<PlacementKind> placement = ReadFunction(*node.Get("hash_func"));
    if (!placement.ok()) return placement.status();
    use->ring.placement = *placement;
    use->names_placement = true;
  }
  absl::StatusOr<std::string> salt = node.GetString("salt", "");
  if (!salt.ok()) return salt.status();
  use->ring.salt = *std::move(salt);
  if (node.Has("key_hash")) {
    const ConfigNode name = node.Get("key_hash").value();
    const absl::StatusOr<std::string> text = name.AsString();
    if (!text.ok()) return text.status();
    const absl::StatusOr<hashring::KeyHash> hash = hashring::KeyHashOfName(*text);
    if (!hash.ok()) return name.Error(hash.status().message());
    use->ring.key_hash = *hash;
  }
  if (node.Has("weights")) {
    if (absl::Status status = ReadWeights(*node.Get("weights"), use); !status.ok()) return status;
  }
  if (absl::Status status = use->ring.Validate(); !status.ok()) {
    return node.Error(status.message());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PoolUse> ReadPoolUse(const ConfigNode& node) {
  PoolUse use;
  if (!node.Has("hash")) {
    if (absl::Status status = ReadSettings(node, &use); !status.ok()) return status;
    return use;
  }
  const ConfigNode hash = node.Get("hash").value();
  if (hash.is_object()) {
    absl::Status status = hash.AllowOnly({"hash_func", "salt", "weights", "key_hash"});
    if (status.ok()) status = ReadSettings(hash, &use);
    if (!status.ok()) return status;
    return use;
  }
  const absl::StatusOr<PlacementKind> placement = ReadFunction(hash);
  if (!placement.ok()) return placement.status();
  use.ring.placement = *placement;
  use.names_placement = true;
  return use;
}

}  // namespace ringcache::router
