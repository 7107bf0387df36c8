#include "router/route/rewriting/with_key.h"

#include <cstddef>
#include <utility>

#include "protocol/base64_key.h"
#include "protocol/request.h"

namespace ringcache::router {

const RouteRequest* WithKey(Call& call, const RouteRequest& request, absl::string_view key) {
  if (key.empty() || key.size() > protocol::kMaxKeyBytes) return nullptr;
  RouteRequest changed = request;
  if (request.request.key_is_base64) {
    char spelled[protocol::kMaxBase64KeyBytes];
    const char* const end = protocol::WriteBase64(spelled, key);
    changed.request.key =
        call.Keep(absl::string_view(spelled, static_cast<std::size_t>(end - spelled)));
  } else {
    changed.request.key = call.Keep(key);
  }
  return &call.Make(std::move(changed));
}

}  // namespace ringcache::router
