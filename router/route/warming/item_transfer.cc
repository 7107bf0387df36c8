#include "router/route/warming/item_transfer.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "protocol/standard_reply.h"
#include "router/route/exptime.h"

namespace ringcache::router {
namespace {

using protocol::Operation;

// A classic command cannot spell a key in base64.
RouteRequest StoreFor(const RouteRequest& request, const Reply& item, Operation classic) {
  const bool is_meta = request.request.key_is_base64;
  RouteRequest store = SameKey(request, is_meta ? Operation::kMetaSet : classic);
  store.value = item.value;
  store.request.value_bytes = static_cast<std::uint32_t>(item.value.bytes.size());
  store.request.client_flags = store.request.meta.client_flags = item.client_flags;
  if (is_meta) store.request.meta.has.Add('F');
  return store;
}

}  // namespace

RouteRequest SameKey(const RouteRequest& request, Operation operation) {
  RouteRequest other;
  other.request.operation = operation;
  other.request.key = request.key();
  other.request.key_is_base64 = request.request.key_is_base64;
  return other;
}

RouteRequest MetagetFor(const RouteRequest& request, absl::string_view flags) {
  RouteRequest metaget = SameKey(request, Operation::kMetaGet);
  // A reply to another request would name another key.
  metaget.request.meta.has.Add('k');
  for (const char flag : flags) metaget.request.meta.has.Add(flag);
  return metaget;
}

std::int64_t MakeClassic(Reply* reply) {
  std::int64_t ttl_s = -1;
  for (const absl::string_view flag : absl::StrSplit(reply->text, ' ', absl::SkipEmpty())) {
    const absl::string_view number = flag.substr(1);
    if (flag[0] == 'f') (void)absl::SimpleAtoi(number, &reply->client_flags);
    if (flag[0] == 't') (void)absl::SimpleAtoi(number, &ttl_s);
    if (flag[0] == 'c') reply->has_cas = absl::SimpleAtoi(number, &reply->cas);
  }
  reply->kind = protocol::ReplyKind::kValue;
  reply->text.clear();
  return ttl_s < 0 ? kForEverS : ttl_s;
}

RouteRequest AddFor(const RouteRequest& request, const Reply& item, std::int64_t exptime_s) {
  RouteRequest add = StoreFor(request, item, Operation::kAdd);
  if (request.request.key_is_base64) {
    add.request.meta.mode = protocol::MetaSetMode::kAdd;
    add.request.meta.has.Add('M');
  }
  SetExptime(exptime_s, &add.request);
  return add;
}

RouteRequest CasFor(const RouteRequest& request, const Reply& item, std::int64_t exptime_s,
                    std::uint64_t cas) {
  RouteRequest store = StoreFor(request, item, Operation::kCas);
  store.request.cas = store.request.meta.compare_cas = cas;
  if (request.request.key_is_base64) store.request.meta.has.Add('C');
  SetExptime(exptime_s, &store.request);
  return store;
}

}  // namespace ringcache::router
