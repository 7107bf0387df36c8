#include "router/route/rewriting/key_split_route.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/base64_key.h"
#include "router/route/children.h"
#include "router/route/gathering.h"
#include "router/route/rewriting/with_key.h"
#include "router/route/routing_key.h"
#include "router/route/stable_hash.h"

namespace ringcache::router {
namespace {

constexpr absl::string_view kTooLong = "CLIENT_ERROR the key is too long for its copies";

}  // namespace

KeySplitRoute::KeySplitRoute(Route* destination, const KeySplitOptions& options)
    : destination_(*destination),
      options_(options),
      own_(static_cast<std::uint32_t>(StableHash(absl::StrCat(options.host_id)) %
                                      options.replicas)) {}

const RouteRequest* KeySplitRoute::ForCopy(Call& call, const RouteRequest& request,
                                           std::uint32_t copy) {
  if (copy == 0) return &request;
  char scratch[protocol::kMaxKeyBytes];
  const absl::string_view key = protocol::KeyBytes(request.request, scratch);
  const absl::string_view routed = RoutingKey(key);
  return WithKey(call, request, absl::StrCat(routed, ":", copy, key.substr(routed.size())));
}

Task<Reply> KeySplitRoute::Send(Call& call, const RouteRequest& request) {
  if (Retrieves(request.operation()) || request.operation() == protocol::Operation::kMetaDebug) {
    return Read(call, request);
  }
  const bool deletes = ClassOf(request.operation()) == OperationClass::kDelete;
  return deletes || options_.all_sync ? AskAll(call, request) : Write(call, request);
}

FirstStep KeySplitRoute::First(const protocol::Request& request, absl::string_view key) {
  const bool is_plain = Retrieves(request.operation) && own_ == 0;
  return is_plain ? destination_.First(request, key) : FirstStep();
}

Task<Reply> KeySplitRoute::Read(Call& call, const RouteRequest& request) {
  const RouteRequest* const own = ForCopy(call, request, own_);
  if (own == nullptr) co_return ErrorReply(kTooLong);
  Reply reply = co_await destination_.Send(call, *own);
  if (!options_.first_hit || own_ == 0 || !reply.is_miss()) co_return reply;
  co_return co_await destination_.Send(call, request);
}

Task<Reply> KeySplitRoute::Write(Call& call, const RouteRequest& request) {
  const RouteRequest* own = nullptr;
  for (std::uint32_t copy = 0; copy < options_.replicas; ++copy) {
    const RouteRequest* const changed = ForCopy(call, request, copy);
    if (changed == nullptr) co_return ErrorReply(kTooLong);
    if (copy == own_) {
      own = changed;
    } else {
      call.Spawn(destination_.Send(call, *changed));
    }
  }
  co_return co_await destination_.Send(call, *own);
}

Task<Reply> KeySplitRoute::AskAll(Call& call, const RouteRequest& request) {
  Gathering gathering(&call);
  for (std::uint32_t copy = 0; copy < options_.replicas; ++copy) {
    const RouteRequest* const changed = ForCopy(call, request, copy);
    if (changed == nullptr) co_return ErrorReply(kTooLong);
    gathering.Start(destination_.Send(call, *changed));
  }
  // Of a delete it is enough that one copy was there.
  const bool deletes = ClassOf(request.operation()) == OperationClass::kDelete;
  Reply reply = (co_await gathering.Next()).reply;
  while (gathering.left() > 0) {
    Reply next = (co_await gathering.Next()).reply;
    const bool worse = next.verdict() > reply.verdict();
    const bool one_failed = next.is_error() || reply.is_error();
    if (worse == (one_failed || !deletes)) reply = std::move(next);
  }
  co_return reply;
}

std::string KeySplitRoute::name() const {
  return absl::StrCat("keysplit|", options_.replicas, "|", own_);
}

void KeySplitRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  destination_.Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeKeySplitRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"destination", "replicas", "all_sync", "first_hit"});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<Route*> destination = ReadChild(node, "destination", builder);
  if (!destination.ok()) return destination.status();
  KeySplitOptions options;
  options.host_id = builder->settings().host_id;
  const absl::StatusOr<std::int64_t> replicas =
      node.GetInteger("replicas", 2, 2, KeySplitOptions::kMaxReplicas);
  if (!replicas.ok()) return replicas.status();
  options.replicas = static_cast<std::uint32_t>(*replicas);
  const absl::StatusOr<bool> all_sync = node.GetBool("all_sync", false);
  if (!all_sync.ok()) return all_sync.status();
  options.all_sync = *all_sync;
  const absl::StatusOr<bool> first_hit = node.GetBool("first_hit", false);
  if (!first_hit.ok()) return first_hit.status();
  options.first_hit = *first_hit;
  return builder->Own(std::make_unique<KeySplitRoute>(*destination, options));
}

}  // namespace ringcache::router
