#include "router/config/pool_reader.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "router/config/server_text.h"

namespace ringcache::router {
namespace {

using discovery::WrittenMember;

enum class KeyUse {
  kRead,
  kNoted,    // has no effect: `why` says so
  kOff,      // has to say no: `why` says what is missing
  kRefused,  // `why` says what to write instead
};
struct KeyRow {
  absl::string_view key;
  KeyUse use;
  absl::string_view why = {};
};
constexpr absl::string_view kNotEncrypted = "connections to servers are not encrypted";
constexpr absl::string_view kNoOverride = "write the port behind each server";
constexpr absl::string_view kNoPlaces = "pools have one timeout, wherever their servers are";
// Ours first, so that errors name them first; then mcrouter's.
constexpr std::array<KeyRow, 34> kKeys = {{
    {"servers", KeyUse::kRead},
    {"discovery", KeyUse::kRead},
    {"hostnames", KeyUse::kRead},
    {"weights", KeyUse::kRead},
    {"inherit", KeyUse::kRead},
    {"protocol", KeyUse::kRead},
    {"server_timeout", KeyUse::kRead},
    {"connect_timeout", KeyUse::kRead},
    {"placement", KeyUse::kRead},
    {"identity", KeyUse::kRead},
    {"connections", KeyUse::kRead},
    {"warm_up", KeyUse::kRead},
    {"max_down", KeyUse::kRead},
    {"tko_tracker", KeyUse::kRead},
    {"additional_fanout", KeyUse::kRead},
    {"use_ssl", KeyUse::kOff, kNotEncrypted},
    {"use_ssl_within_dc", KeyUse::kOff, kNotEncrypted},
    {"use_ssl_cross_dc", KeyUse::kOff, kNotEncrypted},
    {"security_mech", KeyUse::kOff, kNotEncrypted},
    {"security_mech_within_dc", KeyUse::kOff, kNotEncrypted},
    {"security_mech_cross_dc", KeyUse::kOff, kNotEncrypted},
    {"enable_compression", KeyUse::kOff, "values are not compressed on their way to servers"},
    {"keep_routing_prefix", KeyUse::kOff, "servers are never sent a routing prefix"},
    {"port_override", KeyUse::kRefused, kNoOverride},
    {"port_override_within_dc", KeyUse::kRefused, kNoOverride},
    {"port_override_cross_dc", KeyUse::kRefused, kNoOverride},
    {"tags", KeyUse::kRefused, "Rendezvous hashes the servers' names; write them in \"hostnames\""},
    {"failure_domains", KeyUse::kNoted, "failover goes by the order of servers"},
    {"error_on_empty", KeyUse::kNoted, "a pool without members is always an error"},
    {"region", KeyUse::kNoted, kNoPlaces},
    {"cluster", KeyUse::kNoted, kNoPlaces},
    {"qos", KeyUse::kNoted, "packets are not marked"},
    {"qos_class", KeyUse::kNoted, "packets are not marked"},
    {"qos_path", KeyUse::kNoted, "packets are not marked"},
}};

const KeyRow* RowOf(absl::string_view key) {
  const auto row = absl::c_find_if(kKeys, [key](const KeyRow& row) { return row.key == key; });
  return row == kKeys.end() ? nullptr : &*row;
}

std::vector<absl::string_view> Keys() {
  std::vector<absl::string_view> keys;
  for (const KeyRow& row : kKeys) keys.push_back(row.key);
  return keys;
}

bool SaysNo(const ConfigNode& node) {
  if (!node.is_bool()) return node.AsString().value_or("") == "plain";
  return !node.AsBool().value_or(true);
}

std::optional<ConfigNode> Find(const std::vector<ConfigNode>& layers, absl::string_view key) {
  for (const ConfigNode& layer : layers) {
    if (!layer.Has(key)) continue;
    absl::StatusOr<ConfigNode> node = layer.Get(key);
    if (node.ok()) return *std::move(node);
  }
  return std::nullopt;
}

absl::Status CheckName(const std::string& name, const ConfigNode& node) {
  if (!name.empty() && name.size() <= PoolConfig::kMaxNameBytes &&
      absl::c_all_of(name, [](unsigned char c) { return c > ' ' && c < 127 && c != '|'; })) {
    return absl::OkStatus();
  }
  return node.Error(absl::StrCat("a pool is not called ", ConfigNode::Shown(name),
                                 "; a name has 1 to ", PoolConfig::kMaxNameBytes,
                                 " letters, digits and signs, and no |"));
}

// Who is the same member, however its name is written.
std::pair<std::string, std::uint16_t> IdentityOf(const WrittenMember& member) {
  absl::string_view host = member.host;
  if (!member.is_path()) absl::ConsumeSuffix(&host, ".");
  return {std::string(host), member.port};
}

// An error of another package, in the place of what it was about.
absl::Status At(const ConfigNode& node, const absl::Status& status) {
  return node.Error(status.message());
}

}  // namespace

absl::StatusOr<std::map<std::string, PoolConfig>> PoolReader::ReadAll() {
  std::map<std::string, PoolConfig> pools;
  if (!pools_.has_value()) return pools;
  const auto nodes = pools_->AsObject();
  if (!nodes.ok()) return nodes.status();
  for (const auto& [name, node] : *nodes) {
    absl::StatusOr<PoolConfig> pool = Read(name, node);
    if (!pool.ok()) return pool.status();
    pools.emplace(name, *std::move(pool));
  }
  return pools;
}

absl::StatusOr<PoolConfig> PoolReader::Read(const std::string& name, const ConfigNode& node) {
  if (absl::Status status = CheckName(name, node); !status.ok()) return status;
  const absl::StatusOr<Layers> layers = LayersOf(node);
  if (!layers.ok()) return layers.status();
  PoolConfig pool;
  pool.name = name;
  if (absl::Status status = CheckKeys(node); !status.ok()) return status;
  if (absl::Status status = ReadMembers(*layers, &pool); !status.ok()) return status;
  if (absl::Status status = ReadTimes(*layers, &pool); !status.ok()) return status;
  if (absl::Status status = ReadPlacement(*layers, &pool); !status.ok()) return status;
  if (absl::Status status = ReadConnections(*layers, &pool); !status.ok()) return status;
  if (absl::Status status = ReadMaxDown(*layers, &pool); !status.ok()) return status;
  return pool;
}

absl::StatusOr<PoolReader::Layers> PoolReader::LayersOf(const ConfigNode& node) const {
  Layers layers = {node};
  std::vector<std::string> names;
  for (;;) {
    if (!layers.back().is_object()) return layers.back().AsObject().status();
    if (!layers.back().Has("inherit")) return layers;
    const ConfigNode inherit = layers.back().Get("inherit").value();
    const absl::StatusOr<std::string> name = inherit.AsString();
    if (!name.ok()) return name.status();
    if (!pools_.has_value() || !pools_->is_object() || !pools_->Has(*name)) {
      return inherit.Error(absl::StrCat("there is no pool ", ConfigNode::Shown(*name)));
    }
    names.push_back(*name);
    if (layers.size() == kMaxInheritance || absl::c_count(names, *name) > 1) {
      return inherit.Error(absl::StrCat(
          "pools inherit from each other without an end, or more than ", kMaxInheritance, " deep"));
    }
    layers.push_back(pools_->Get(*name).value());
  }
}

absl::Status PoolReader::CheckKeys(const ConfigNode& layer) {
  const auto members = layer.AsObject();
  if (!members.ok()) return members.status();
  for (const auto& [key, node] : *members) {
    const KeyRow* const row = RowOf(key);
    if (row == nullptr) continue;
    switch (row->use) {
      case KeyUse::kRead:
        break;
      case KeyUse::kNoted:
        Note(node, row->why);
        break;
      case KeyUse::kOff:
        if (!SaysNo(node)) return node.Error(absl::StrCat(row->why, "; leave it out"));
        break;
      case KeyUse::kRefused:
        return node.Error(absl::StrCat("is not supported: ", row->why));
    }
  }
  return layer.AllowOnly(Keys());
}

absl::Status PoolReader::ReadMembers(const Layers& layers, PoolConfig* pool) {
  if (const auto protocol = Find(layers, "protocol"); protocol.has_value()) {
    const absl::StatusOr<std::string> text = protocol->AsString();
    if (!text.ok()) return text.status();
    if (*text != "ascii") {
      return protocol->Error(absl::StrCat("is ", ConfigNode::Shown(*text),
                                          "; servers are spoken to in \"ascii\" only"));
    }
  }
  for (const ConfigNode& layer : layers) {
    if (layer.Has("servers") && layer.Has("discovery")) {
      return layer.Error("has both \"servers\" and \"discovery\"; write one of them");
    }
    if (layer.Has("servers")) {
      if (absl::Status status = ReadServers(*layer.Get("servers"), pool); !status.ok()) {
        return status;
      }
      break;
    }
    if (!layer.Has("discovery")) continue;
    const ConfigNode node = layer.Get("discovery").value();
    const absl::StatusOr<std::string> text = node.AsString();
    if (!text.ok()) return text.status();
    absl::StatusOr<discovery::DiscoveryAddress> address = discovery::DiscoveryAddress::Parse(*text);
    if (!address.ok()) return At(node, address.status());
    pool->address = *std::move(address);
    break;
  }
  if (pool->address == discovery::DiscoveryAddress()) {
    return layers[0].Error(
        "has no members; write \"servers\": [\"host:port\"] or \"discovery\": \"k8s+service\"");
  }
  if (const auto hostnames = Find(layers, "hostnames"); hostnames.has_value()) {
    if (absl::Status status = ReadHostnames(*hostnames, pool); !status.ok()) return status;
  }
  if (const auto weights = Find(layers, "weights"); weights.has_value()) {
    return ReadWeights(*weights, pool);
  }
  return absl::OkStatus();
}

absl::Status PoolReader::ReadServers(const ConfigNode& servers, PoolConfig* pool) {
  const auto nodes = servers.AsArray();
  if (!nodes.ok()) return nodes.status();
  if (nodes->empty()) return servers.Error("is empty; a pool has at least one server");
  if (nodes->size() > discovery::kMaxMembers) {
    return servers.Error(absl::StrCat("has ", nodes->size(), " servers; a pool has at most ",
                                      discovery::kMaxMembers));
  }
  std::set<std::pair<std::string, std::uint16_t>> seen;
  for (const ConfigNode& node : *nodes) {
    const absl::StatusOr<std::string> text = node.AsString();
    if (!text.ok()) return text.status();
    absl::StatusOr<WrittenMember> member = ParseServer(*text);
    if (!member.ok()) return At(node, member.status());
    if (!seen.insert(IdentityOf(*member)).second) {
      return node.Error(absl::StrCat(ConfigNode::Shown(*text),
                                     " is there twice; name each server once, and give it more "
                                     "keys with \"weights\""));
    }
    pool->address.members.push_back(*std::move(member));
  }
  pool->listed = true;
  return absl::OkStatus();
}

absl::Status PoolReader::ReadHostnames(const ConfigNode& hostnames, PoolConfig* pool) {
  const auto nodes = hostnames.AsArray();
  if (!nodes.ok()) return nodes.status();
  const std::vector<WrittenMember>& servers = pool->address.members;
  if (!pool->listed || nodes->size() != servers.size()) {
    return hostnames.Error(absl::StrCat("has ", nodes->size(), " names for ",
                                        pool->listed ? servers.size() : 0,
                                        " \"servers\"; write one for each"));
  }
  std::set<std::pair<std::string, std::uint16_t>> seen;
  for (std::size_t i = 0; i < nodes->size(); ++i) {
    const absl::StatusOr<std::string> text = (*nodes)[i].AsString();
    if (!text.ok()) return text.status();
    absl::StatusOr<WrittenMember> name = WrittenMember::Parse(*text);
    if (!name.ok()) return At((*nodes)[i], name.status());
    // Without a port it is the server's, which a unix socket has not.
    const bool has_port = text->rfind(':') != std::string::npos && text->back() != ']';
    if (!has_port && servers[i].port != 0) name->port = servers[i].port;
    name->weight = 1;
    if (!seen.insert(IdentityOf(*name)).second) {
      return (*nodes)[i].Error("is there twice; a server's name is its identity");
    }
    pool->hostnames.push_back(*std::move(name));
  }
  return absl::OkStatus();
}

absl::Status PoolReader::ReadWeights(const ConfigNode& weights, PoolConfig* pool) {
  // Of a share from 0 to 1 as one of the whole numbers that other placements weigh by.
  constexpr double kWhole = 1000;
  const auto nodes = weights.AsArray();
  if (!nodes.ok()) return nodes.status();
  std::vector<WrittenMember>& servers = pool->address.members;
  if (!pool->listed || nodes->size() != servers.size()) {
    return weights.Error(absl::StrCat("has ", nodes->size(), " weights for ",
                                      pool->listed ? servers.size() : 0,
                                      " \"servers\"; write one for each"));
  }
  std::vector<double> numbers;
  bool are_shares = true, are_equal = true;
  for (const ConfigNode& node : *nodes) {
    const absl::StatusOr<double> number = node.AsDouble(0, discovery::kMaxWeight);
    if (!number.ok()) return number.status();
    numbers.push_back(*number);
    are_shares = are_shares && *number <= 1;
    are_equal = are_equal && *number == numbers[0];
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!are_shares && (numbers[i] < 1 || numbers[i] != std::floor(numbers[i]))) {
      return (*nodes)[i].Error(absl::StrCat(
          "is ", numbers[i], "; weights are all from 0 to 1, or all whole numbers from 1"));
    }
    const double whole = are_shares ? std::max(1.0, std::round(numbers[i] * kWhole)) : numbers[i];
    servers[i].weight = are_equal ? 1 : static_cast<std::uint32_t>(whole);
  }
  if (are_shares) pool->weights = std::move(numbers);
  return absl::OkStatus();
}

absl::Status PoolReader::ReadTimes(const Layers& layers, PoolConfig* pool) {
  const auto read = [&layers](absl::string_view key, absl::Duration least, absl::Duration most,
                              auto* duration) {
    for (const ConfigNode& layer : layers) {
      if (!layer.Has(key)) continue;
      const absl::StatusOr<absl::Duration> read = layer.GetMilliseconds(key, {}, least, most);
      if (!read.ok()) return read.status();
      *duration = *read;
      break;
    }
    return absl::OkStatus();
  };
  constexpr absl::Duration kLeast = absl::Milliseconds(1);
  absl::Status status = read("server_timeout", kLeast, PoolConfig::kMaxTimeout, &pool->timeout);
  if (!status.ok()) return status;
  status = read("connect_timeout", kLeast, PoolConfig::kMaxTimeout, &pool->connect_timeout);
  if (!status.ok()) return status;
  return read("warm_up", absl::ZeroDuration(), PoolConfig::kMaxWarmUp, &pool->warm_up);
}

absl::Status PoolReader::ReadPlacement(const Layers& layers, PoolConfig* pool) {
  if (const auto node = Find(layers, "placement"); node.has_value()) {
    const absl::StatusOr<std::string> text = node->AsString();
    if (!text.ok()) return text.status();
    const absl::StatusOr<hashring::PlacementKind> placement = hashring::PlacementOfName(*text);
    if (!placement.ok()) return At(*node, placement.status());
    pool->placement = *placement;
  }
  if (const auto node = Find(layers, "identity"); node.has_value()) {
    const absl::StatusOr<std::string> text = node->AsString();
    if (!text.ok()) return text.status();
    if (*text != "name" && *text != "address") {
      return node->Error(
          absl::StrCat("is ", ConfigNode::Shown(*text), ", and should be \"name\" or \"address\""));
    }
    pool->identity = *text == "name" ? client::Identity::kName : client::Identity::kAddress;
    if (*text == "address" && !pool->hostnames.empty()) {
      return node->Error("is \"address\", so \"hostnames\" would not count; write one of them");
    }
  }
  return absl::OkStatus();
}

absl::Status PoolReader::ReadConnections(const Layers& layers, PoolConfig* pool) {
  const auto most = static_cast<std::int64_t>(PoolConfig::kMaxConnections);
  if (const auto node = Find(layers, "connections"); node.has_value()) {
    const absl::StatusOr<std::int64_t> number = node->AsInteger(1, most);
    if (!number.ok()) return number.status();
    pool->connections = static_cast<std::size_t>(*number);
    return absl::OkStatus();
  }
  // mcrouter's: those besides the one.
  if (const auto node = Find(layers, "additional_fanout"); node.has_value()) {
    const absl::StatusOr<std::int64_t> number = node->AsInteger(0, most - 1);
    if (!number.ok()) return number.status();
    pool->connections = static_cast<std::size_t>(*number + 1);
  }
  return absl::OkStatus();
}

absl::Status PoolReader::ReadMaxDown(const Layers& layers, PoolConfig* pool) {
  constexpr std::int64_t kMost = discovery::kMaxMembers;
  MaxDown max_down;
  if (const auto node = Find(layers, "max_down"); node.has_value()) {
    const absl::StatusOr<double> number = node->AsDouble(0, static_cast<double>(kMost));
    if (!number.ok()) return number.status();
    if (*number == std::floor(*number)) {
      max_down.members = static_cast<std::size_t>(*number);
    } else if (*number < 1) {
      max_down.share = *number;
    } else {
      return node->Error(absl::StrCat("is ", *number,
                                      "; write a share below 1, such as 0.5, or a "
                                      "whole number of members"));
    }
    pool->max_down = max_down;
    return absl::OkStatus();
  }
  const auto tracker = Find(layers, "tko_tracker");
  if (!tracker.has_value()) return absl::OkStatus();
  if (!tracker->is_object()) return tracker->AsObject().status();
  absl::Status status =
      tracker->AllowOnly({"num_tko_threshold_upper", "num_tko_threshold_lower",
                          "percent_tko_threshold_upper", "percent_tko_threshold_lower"});
  if (!status.ok()) return status;
  const absl::StatusOr<std::int64_t> members =
      tracker->GetInteger("num_tko_threshold_upper", kMost, 1, kMost);
  if (!members.ok()) return members.status();
  const absl::StatusOr<double> percent =
      tracker->GetDouble("percent_tko_threshold_upper", 100, 1, 100);
  if (!percent.ok()) return percent.status();
  max_down.members = static_cast<std::size_t>(*members);
  max_down.share = *percent / 100;
  pool->max_down = max_down;
  return absl::OkStatus();
}

void PoolReader::Note(const ConfigNode& node, absl::string_view note) {
  if (notes_.size() == kMaxNotes) return;
  notes_.emplace_back(node.Error(absl::StrCat("has no effect here: ", note)).message());
}

}  // namespace ringcache::router
