#include "router/route/rewriting/modify_key_route.h"

#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "protocol/base64_key.h"
#include "router/route/children.h"
#include "router/route/rewriting/with_key.h"

namespace ringcache::router {

Task<Reply> ModifyKeyRoute::Send(Call& call, const RouteRequest& request) {
  char scratch[protocol::kMaxKeyBytes];
  const RouteRequest* const changed =
      WithKey(call, request, Changed(protocol::KeyBytes(request.request, scratch)));
  return changed == nullptr ? Refuse(call) : target_.Send(call, *changed);
}

Task<Reply> ModifyKeyRoute::Refuse(Call& call) const {
  (void)call;
  co_return ErrorReply(kTooLong);
}

std::string ModifyKeyRoute::Changed(absl::string_view key) const {
  const std::string& prefix = changes_.ensure_prefix;
  if (!absl::StartsWith(key, prefix)) return absl::StrCat(prefix, key, changes_.suffix);
  if (changes_.replace_prefix.empty()) return absl::StrCat(key, changes_.suffix);
  return absl::StrCat(changes_.replace_prefix, key.substr(prefix.size()), changes_.suffix);
}

std::string ModifyKeyRoute::name() const {
  return absl::StrCat("modify-key|", changes_.ensure_prefix, "|", changes_.replace_prefix, "|",
                      changes_.suffix);
}

void ModifyKeyRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  RouteRequest changed = request;
  const std::string key = Changed(request.key());
  changed.request.key = key;
  target_.Visit(changed, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeModifyKeyRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status =
          node.AllowOnly({"target", "ensure_key_prefix", "replace_key_prefix", "set_key_suffix"});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<Route*> target = ReadChild(node, "target", builder);
  if (!target.ok()) return target.status();
  KeyChanges changes;
  for (const auto& [key, into] : {std::pair("ensure_key_prefix", &changes.ensure_prefix),
                                  std::pair("replace_key_prefix", &changes.replace_prefix),
                                  std::pair("set_key_suffix", &changes.suffix)}) {
    const absl::StatusOr<std::string> text = node.GetString(key, "");
    if (!text.ok()) return text.status();
    if (!text->empty() && !protocol::IsPlainKey(*text)) {
      return node.Error(absl::StrCat("\"", key,
                                     "\" cannot be a part of a key: it is too long, "
                                     "or has a space or a control character"));
    }
    *into = *text;
  }
  return builder->Own(std::make_unique<ModifyKeyRoute>(*target, std::move(changes)));
}

}  // namespace ringcache::router
