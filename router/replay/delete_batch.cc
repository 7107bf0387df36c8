#include "router/replay/delete_batch.h"

#include <utility>

#include "protocol/base64_key.h"
#include "protocol/operation.h"
#include "protocol/reply.h"
#include "protocol/request.h"

namespace ringcache::router {

using protocol::ReplyKind;

DeleteBatch::~DeleteBatch() {
  if (timer_ != 0) loop_.CancelTimer(timer_);
}

void DeleteBatch::Send(client::ServerConnection* connection, std::vector<std::string> keys,
                       absl::Duration timeout, std::function<void()> on_done) {
  keys_ = std::move(keys);
  failed_.clear();
  on_done_ = std::move(on_done);
  running_ = true;
  open_ = 1;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (connection != nullptr && SendOne(connection, i, timeout)) {
      ++open_;
    } else {
      failed_.push_back(keys_[i]);
    }
  }
  timer_ = loop_.RunAfter(absl::ZeroDuration(), [this] {
    timer_ = 0;
    OneLess();
  });
}

// By a classic delete, which every server knows, if the key can be written as it is.
bool DeleteBatch::SendOne(client::ServerConnection* connection, std::size_t index,
                          absl::Duration timeout) {
  const std::string& key = keys_[index];
  char base64[protocol::kMaxBase64KeyBytes];
  protocol::Request request;
  request.operation = protocol::Operation::kDelete;
  request.key = key;
  if (!protocol::IsPlainKey(key)) {
    const char* const end = protocol::WriteBase64(base64, key);
    request.operation = protocol::Operation::kMetaDelete;
    request.key = absl::string_view(base64, static_cast<std::size_t>(end - base64));
    request.key_is_base64 = true;
  }
  client::ReplyReceiver* const receiver = this;
  return !connection->Call(request, {}, timeout, receiver, index);
}

void DeleteBatch::OnReply(std::uint64_t tag, const protocol::Reply& reply,
                          const client::ReceivedValue&, bool last) {
  const bool is_gone = reply.kind == ReplyKind::kDeleted || reply.kind == ReplyKind::kNotFound ||
                       reply.kind == ReplyKind::kMetaDone || reply.kind == ReplyKind::kMetaNotFound;
  if (!is_gone) failed_.push_back(keys_[tag]);
  if (last) OneLess();
}

void DeleteBatch::OnFailure(std::uint64_t tag, client::CallFailure) {
  failed_.push_back(keys_[tag]);
  OneLess();
}

void DeleteBatch::OneLess() {
  if (--open_ > 0) return;
  running_ = false;
  std::exchange(on_done_, nullptr)();
}

}  // namespace ringcache::router
