// An exchange of a request with one key, or of one that is answered here: sent to one member, whose
// reply is passed on as it came, or carried out by routes.
//
// Thread safety: belongs to the worker.

#ifndef RINGCACHE_ROUTER_SINGLE_EXCHANGE_H_
#define RINGCACHE_ROUTER_SINGLE_EXCHANGE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/call_failure.h"
#include "client/outgoing_value.h"
#include "client/reply_receiver.h"
#include "client/server_connection.h"
#include "protocol/operation.h"
#include "protocol/request.h"
#include "router/exchange.h"
#include "router/exchange_pool.h"
#include "router/hot_keys/local_cache.h"
#include "router/route/call.h"
#include "router/route/reply.h"
#include "router/route/route.h"

namespace ringcache::router {

struct TreeInUse;

class SingleExchange final : public Exchange, private client::ReplyReceiver, private CallObserver {
 public:
  // The reply is `text`, which lives for ever.
  void Answer(ClientSession* session, absl::string_view text);
  void AnswerOwned(ClientSession* session, std::string text);
  // `reply` is owned.
  void AnswerShared(ClientSession* session, client::OutgoingValue reply);

  // What the hottest keys' copies have to do with the request that is sent next.
  void set_copy_ticket(const LocalCache::Ticket& ticket) { copy_ticket_ = ticket; }
  // Sends `request` the short way. Its views may end with this call; a retrieval has its key in
  // `key`, and `keys` is empty.
  void SendFirst(ClientSession* session, TreeInUse* tree, const FirstStep& step,
                 const protocol::Request& request, const client::OutgoingValue& value);
  // Has `route` carry it out; `key` is what follows the routing prefix of the request's key.
  void SendCall(ClientSession* session, TreeInUse* tree, Route* route, absl::string_view key,
                const protocol::Request& request, const client::OutgoingValue& value);

 private:
  friend class ExchangePool<SingleExchange>;
  explicit SingleExchange(WorkerContext* worker) : Exchange(worker) {}

  void GiveBack() override;

  // client::ReplyReceiver
  void OnReply(std::uint64_t tag, const protocol::Reply& reply, const client::ReceivedValue& value,
               bool last) override;
  absl::Duration OnLongValue(std::uint64_t tag, const protocol::Reply& reply,
                             absl::string_view line) override;
  void OnPart(std::uint64_t tag, absl::string_view bytes) override;
  void OnFailure(std::uint64_t tag, client::CallFailure failure) override;
  // CallObserver
  void OnCallDone(Call* call, Reply reply) override;

  // A member whose replies are out of step must not be believed, nor what comes after them.
  bool IsBelievable(const protocol::Reply& reply) const;
  void Distrust();
  bool IsOfKey(absl::string_view key) const;
  void AddToReply(const client::ReceivedValue& value);
  void EndFlow();
  // Whether the route wants to go on after a reply whose first line was of this kind.
  bool Reacts(protocol::ReplyKind kind) const;
  void Resume(const protocol::Request& request, const client::OutgoingValue& value, Reply first);
  void ResumeSent(Reply first);
  void SettleCopy(protocol::ReplyKind kind);
  void CountFound(protocol::ReplyKind kind);
  void FinishWith(protocol::ReplyKind kind, const protocol::Request* unsent = nullptr);
  void FinishFailed(client::CallFailure failure, const protocol::Request* unsent = nullptr);
  // What was asked for: `unsent`, if it reached nobody; else what the call has, or what was sent,
  // for which `*sent` is room.
  const protocol::Request& Asked(const protocol::Request* unsent, protocol::Request* sent) const;
  // Whether it is a delete that is kept for the member.
  bool IsKept(client::CallFailure failure, const protocol::Request* unsent);
  protocol::ReplyKind SetMiss(const protocol::Request* unsent);

  FirstStep step_;
  client::RequestPlace place_;
  // The client's, in the call; null: the short way.
  const RouteRequest* asked_ = nullptr;
  client::MemberGate* gate_ = nullptr;  // of the member that is asked the short way
  PartQueue* flow_ = nullptr;           // the long value that was begun
  LocalCache::Ticket copy_ticket_;
  protocol::Operation operation_ = protocol::Operation::kVersion;
  protocol::ReplyKind first_kind_ = protocol::ReplyKind::kError;
  bool has_line_ = false;
  bool out_of_step_ = false;
  bool quiet_ = false;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_SINGLE_EXCHANGE_H_
