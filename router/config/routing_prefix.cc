#include "router/config/routing_prefix.h"

#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "router/config/config_node.h"

namespace ringcache::router {
namespace {

bool IsPart(absl::string_view part) {
  return !part.empty() && absl::c_all_of(part, [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
  });
}

}  // namespace

absl::Status CheckRoutingPrefix(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  if (parts.size() == 4 && parts[0].empty() && IsPart(parts[1]) && IsPart(parts[2]) &&
      parts[3].empty()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(ConfigNode::Shown(text),
                   " is not a routing prefix; write /region/cluster/, each of letters, digits, _, "
                   "- and ."));
}

}  // namespace ringcache::router
