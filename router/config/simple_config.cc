#include "router/config/simple_config.h"

#include "absl/strings/str_cat.h"
#include "json/writer.h"

namespace ringcache::router {
namespace {

std::string Quoted(absl::string_view text) {
  return Json::valueToQuotedString(std::string(text).c_str());
}

}  // namespace

std::string SimpleConfigText(const SimpleConfig& config) {
  return absl::StrCat(
      "{\n  \"pools\": {\"default\": {\"discovery\": ", Quoted(config.servers),
      ", \"warm_up\": ", absl::ToInt64Milliseconds(config.warm_up), "}},\n  \"route\": {\"type\": ",
      config.failover ? "\"ReplicaFailoverRoute\"" : "\"PoolRoute\"", ", \"pool\": \"default\",",
      config.failover ? absl::StrCat(" \"replicas\": ", config.replicas, ",") : "",
      "\n            \"hash\": {\"hash_func\": ", Quoted(config.placement),
      ", \"key_hash\": ", Quoted(config.key_hash), "}}\n}\n");
}

}  // namespace ringcache::router
