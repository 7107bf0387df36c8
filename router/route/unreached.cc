#include "router/route/unreached.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "client/call_failure.h"
#include "protocol/base64_key.h"
#include "router/route/route_request.h"

namespace ringcache::router {
namespace {

bool IsDone(const Reply& reply) {
  const Verdict verdict = reply.verdict();
  // A number of ma comes as a value.
  return verdict == Verdict::kDone || verdict == Verdict::kHit;
}

// Whether it changes a value, but for a delete.
bool Writes(protocol::Operation operation) {
  const OperationClass kind = ClassOf(operation);
  return kind == OperationClass::kUpdate || kind == OperationClass::kArithmetic;
}

bool MaybeSent(const Reply& reply) {
  return reply.failure && !client::NothingWasSent(*reply.failure);
}

}  // namespace

void Unreached::Note(client::MemberGate* gate, const protocol::Request& request,
                     const Reply& reply) {
  if (gate == nullptr) return;
  if (ClassOf(request.operation) == OperationClass::kDelete) {
    if (reply.failure) kept_delete_ = KeepDelete(gate, request, *reply.failure) || kept_delete_;
    return;
  }
  if (!Writes(request.operation)) return;
  if (IsDone(reply)) taker_ = gate;
  if (!reply.is_error()) return;
  char scratch[protocol::kMaxKeyBytes];
  const absl::string_view key = protocol::KeyBytes(request, scratch);
  if (is_done_) return gate->Keep(key, MaybeSent(reply), nullptr);
  writes_.push_back({gate, std::string(key), MaybeSent(reply)});
}

Reply Unreached::Settle(protocol::Operation operation, Reply reply) {
  is_done_ = IsDone(reply);
  for (const Write& write : std::exchange(writes_, {})) {
    if (!is_done_) break;
    write.gate->Keep(write.key, write.maybe_sent, taker_ == write.gate ? nullptr : taker_);
  }
  if (reply.failure && kept_delete_) return DefaultReply(operation);
  return reply;
}

void Unreached::Clear() {
  writes_.clear();
  taker_ = nullptr;
  kept_delete_ = is_done_ = false;
}

bool KeepDelete(client::MemberGate* gate, const protocol::Request& request,
                client::CallFailure failure) {
  if (gate == nullptr) return false;
  char scratch[protocol::kMaxKeyBytes];
  gate->Keep(protocol::KeyBytes(request, scratch), !client::NothingWasSent(failure), nullptr);
  return true;
}

}  // namespace ringcache::router
