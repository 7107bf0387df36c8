// Replays what is pending for one member, over a connection of its own, until nothing is:
//
//   version -> settle -> flush_all, if deletes were lost
//                     -> deletes -> deletes of the copies elsewhere -> acknowledged, and again
//
// A failure at any point closes the connection and begins anew after a pause that grows.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_ROUTER_REPLAY_MEMBER_REPLAY_H_
#define RINGCACHE_ROUTER_REPLAY_MEMBER_REPLAY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/backoff.h"
#include "client/endpoint.h"
#include "client/reply_receiver.h"
#include "client/server_connection.h"
#include "net/event_loop.h"
#include "protocol/operation.h"
#include "router/replay/delete_batch.h"
#include "router/replay/replay_context.h"
#include "router/replay/spool_gate.h"
#include "router/spool/spool.h"

namespace ringcache::router {

class MemberReplay final : private client::ReplyReceiver {
 public:
  // Both outlive this.
  MemberReplay(ReplayContext* context, SpoolGate* gate);
  // REQUIRES: of all members that may stand in for each other, Close() was called.
  ~MemberReplay() override;

  // Where the member is, if that is known. Not from within a callback of a connection.
  void SetEndpoint(std::optional<client::Endpoint> endpoint);
  // There may be something to be replayed.
  void Wake();
  // Null while it is not known where the member is.
  client::ServerConnection* connection();
  // Ends for good.
  void Close();

 private:
  enum class Step : std::uint8_t { kResting, kAsking, kSettling, kDeleting, kPausing, kClosed };

  // client::ReplyReceiver, of `version` and `flush_all`; the tag is the question's number.
  void OnReply(std::uint64_t tag, const protocol::Reply& reply, const client::ReceivedValue& value,
               bool last) override;
  void OnFailure(std::uint64_t tag, client::CallFailure failure) override;

  void Next();
  void Rest();
  void BeginFlush();
  void ReadBatch();
  // Goes on with what was begun once the member has settled.
  void SettleThenGoOn();
  void GoOn();
  void AskFor(protocol::Operation operation);
  void OnSettled();
  void OnFlushed();
  void SendDeletes();
  void OnDeleted();
  void DeleteCopies();
  void OnCopiesDeleted(SpoolGate* stand_in, const DeleteBatch& copies);
  void Acknowledge();
  void Fail();
  void PauseFor(absl::Duration pause);
  void StopTimer();

  ReplayContext& context_;
  SpoolGate& gate_;
  std::optional<client::Endpoint> endpoint_;
  Step step_ = Step::kResting;
  net::EventLoop::TimerId timer_ = 0;
  client::Backoff retry_;
  // Since the connection was made, and since a key was kept whose cause may still be carried out,
  // the member has answered and had the time to do so.
  bool settled_ = false;
  bool flushing_ = false;
  std::uint64_t flush_begun_ = 0;
  protocol::Operation asked_ = protocol::Operation::kVersion;
  std::uint64_t question_ = 0;
  SpoolPosition position_;
  SpoolBatch batch_;
  std::uint64_t replayed_ = 0;  // since it rested
  DeleteBatch deletes_;
  std::vector<std::unique_ptr<DeleteBatch>> copies_;
  std::size_t open_copies_ = 0;
  std::unique_ptr<client::ServerConnection> connection_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_REPLAY_MEMBER_REPLAY_H_
