// An exchange of a storage request whose value is not held whole: what comes of it from the client
// goes on to the one member that is asked, over a connection of its own.
//
// Thread safety: belongs to the worker.

#ifndef RINGCACHE_ROUTER_UPLOAD_EXCHANGE_H_
#define RINGCACHE_ROUTER_UPLOAD_EXCHANGE_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/call_failure.h"
#include "client/stream/value_upload.h"
#include "protocol/operation.h"
#include "protocol/request.h"
#include "router/exchange.h"
#include "router/exchange_pool.h"
#include "router/hot_keys/local_cache.h"
#include "router/route/route.h"

namespace ringcache::router {

struct TreeInUse;

class UploadExchange final : public Exchange, private client::ValueUpload::Receiver {
 public:
  // What the hottest keys' copies have to do with the request that is sent next.
  void set_copy_ticket(const LocalCache::Ticket& ticket) { copy_ticket_ = ticket; }
  // Sends the line of `request`, whose views may end with this call, the short way. False if that
  // was not possible, or there is no such way: then there is a reply, and the value is not wanted.
  bool Send(ClientSession* session, TreeInUse* tree, const FirstStep& step,
            const protocol::Request& request);

  // What follows until missing_bytes() is 0 is for the session that sends the value. When the
  // exchange is over before, it calls the session's EndUpload().
  std::size_t missing_bytes() const { return upload_->missing_bytes(); }
  // Else the client is not to be read; the session is told when that changes.
  bool has_room() const { return upload_->has_room(); }
  absl::Span<char> Lend() { return upload_->Lend(); }
  void Received(std::size_t bytes) { upload_->Give(bytes); }
  // The client sends no more of it.
  void GiveUp();

 private:
  friend class ExchangePool<UploadExchange>;
  explicit UploadExchange(WorkerContext* worker) : Exchange(worker) {}

  void GiveBack() override;

  // client::ValueUpload::Receiver
  void OnUploadReply(const protocol::Reply& reply, absl::string_view line) override;
  void OnUploadFailure(client::CallFailure failure) override;
  void OnUploadRoom() override;

  void FinishWith(protocol::ReplyKind kind, absl::string_view line);
  void FinishFailed(client::CallFailure failure);
  // The upload is over: the rest of the value is not wanted.
  void Detach();

  client::ValueUpload* upload_ = nullptr;
  LocalCache::Ticket copy_ticket_;
  protocol::Operation operation_ = protocol::Operation::kSet;
  bool quiet_ = false;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_UPLOAD_EXCHANGE_H_
