#include "router/config/simple_config.h"

#include "absl/strings/str_cat.h"
#include "json/writer.h"

namespace ringcache::router {
namespace {

std::string Quoted(absl::string_view text) {
  return Json::valueToQuotedString(std::string(text).c_str());
}

}  // namespace

std::string SimpleConfigText(absl::string_view servers, absl::string_view placement) {
  return absl::StrCat(
      "{\n  \"pools\": {\n    \"default\": {\"discovery\": ", Quoted(servers),
      ", \"placement\": ", Quoted(placement),
      "}\n  },\n  \"route\": {\"type\": \"PoolRoute\", \"pool\": \"default\"}\n}\n");
}

}  // namespace ringcache::router
