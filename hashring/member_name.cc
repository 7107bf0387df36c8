#include "hashring/member_name.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace ringcache::hashring {

std::string NameOf(const Member& member) {
  if (member.port == 0) return member.host;
  if (absl::StrContains(member.host, ':')) {
    return absl::StrCat("[", member.host, "]:", member.port);
  }
  return absl::StrCat(member.host, ":", member.port);
}

}  // namespace ringcache::hashring
