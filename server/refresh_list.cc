#include "server/refresh_list.h"

#include "absl/strings/str_cat.h"

namespace ringcache::server {

RefreshList::Outcome RefreshList::Run() const {
  std::string done;
  std::string kept;
  for (const Action& action : actions_) {
    const absl::StatusOr<std::string> result = action();
    if (result.ok()) {
      absl::StrAppend(&done, done.empty() ? "" : ", ", *result);
    } else {
      absl::StrAppend(&kept, kept.empty() ? "" : ", ", result.status().message());
    }
  }
  Outcome outcome;
  outcome.ok = kept.empty();
  outcome.text = absl::StrCat("refreshed: ", done.empty() ? "nothing" : done);
  if (!kept.empty()) absl::StrAppend(&outcome.text, "; kept: ", kept);
  return outcome;
}

}  // namespace ringcache::server
