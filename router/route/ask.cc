#include "router/route/ask.h"

#include <memory>
#include <string>
#include <utility>

namespace ringcache::router {

using protocol::ReplyKind;

namespace {

// kMetaDebug has its text where classic replies have it.
bool HasMetaFlags(ReplyKind kind) {
  return kind >= ReplyKind::kMetaValue && kind <= ReplyKind::kMetaExists;
}
static_assert(ReplyKind::kMetaValue < ReplyKind::kMetaDone &&
              ReplyKind::kMetaDone < ReplyKind::kMetaExists);

// In the words of a cache that does not take it.
constexpr absl::string_view kTooLong = "SERVER_ERROR object too large for cache";

}  // namespace

bool Ask::await_suspend(std::coroutine_handle<> asking) {
  asking_ = asking;
  client::ReplyReceiver* const receiver = this;
  client::RequestPlace place;
  const auto failure =
      member_.Call(request_.request, request_.value, timeout_, receiver, 0, &place);
  connection_ = place.connection;
  if (!failure) return true;
  reply_ = FailureReply(*failure);
  Note();
  return false;
}

void Ask::OnReply(std::uint64_t, const protocol::Reply& reply, const client::ReceivedValue& value,
                  bool last) {
  if (!IsBelievable(reply)) {
    connection_->Distrust();
    // Else the rest of the reply fails with the connection.
    if (last) OnFailure(0, client::CallFailure::kProtocolError);
    return;
  }
  NoteReply(reply, value, &reply_);
  if (!last) return;
  Note();
  // After it, this may be gone.
  asking_.resume();
}

// What has a key has the one that was asked for, as it was spelled.
bool Ask::IsBelievable(const protocol::Reply& line) const {
  const absl::string_view key = request_.key();
  if (line.kind == ReplyKind::kValue) return reply_.kind != ReplyKind::kValue && line.key == key;
  if (line.kind == ReplyKind::kMetaDebug) return line.key == key;
  if (!HasMetaFlags(line.kind) || line.key == key) return true;
  // A value that does not name its key although it was to would be given that name.
  const bool has_to_name = line.kind == ReplyKind::kMetaValue && request_.request.meta.has.Has('k');
  return line.key.empty() && !has_to_name;
}

void Ask::OnFailure(std::uint64_t, client::CallFailure failure) {
  reply_ = FailureReply(failure);
  Note();
  asking_.resume();
}

void NoteReply(const protocol::Reply& line, const client::ReceivedValue& value, Reply* reply) {
  const bool has_value = reply->kind == ReplyKind::kValue || !reply->text.empty();
  if (line.kind == ReplyKind::kEnd && has_value) return;
  if (value.in_parts) {
    *reply = ErrorReply(kTooLong);
    return;
  }
  *reply = Reply();
  reply->kind = line.kind;
  reply->client_flags = line.client_flags;
  reply->has_cas = line.has_cas;
  reply->cas = line.cas;
  reply->number = line.number;
  reply->text = std::string(HasMetaFlags(line.kind) ? line.meta.text : line.text);
  if (protocol::HasValue(line.kind)) reply->value = client::OutgoingValue::Owned(value.Take());
}

}  // namespace ringcache::router
