#include "router/config/simple_config.h"

#include "absl/strings/str_cat.h"
#include "json/writer.h"

namespace ringcache::router {
namespace {

std::string Quoted(absl::string_view text) {
  return Json::valueToQuotedString(std::string(text).c_str());
}

}  // namespace

std::string SimpleConfigText(absl::string_view servers, absl::string_view placement,
                             absl::string_view key_hash) {
  return absl::StrCat("{\n  \"pools\": {\"default\": {\"discovery\": ", Quoted(servers),
                      "}},\n  \"route\": {\"type\": \"PoolRoute\", \"pool\": \"default\",\n",
                      "            \"hash\": {\"hash_func\": ", Quoted(placement),
                      ", \"key_hash\": ", Quoted(key_hash), "}}\n}\n");
}

}  // namespace ringcache::router
