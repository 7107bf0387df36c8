// An exchange of a retrieval by several keys: its keys are asked for with one line for each member
// that owns some of them, and what is found is told in the order of the keys; but values that are
// not held whole come first.
//
// Thread safety: belongs to the worker.

#ifndef RINGCACHE_ROUTER_MULTI_GET_EXCHANGE_H_
#define RINGCACHE_ROUTER_MULTI_GET_EXCHANGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/call_failure.h"
#include "client/member_client.h"
#include "client/reply_receiver.h"
#include "client/server_connection.h"
#include "protocol/request.h"
#include "router/exchange.h"
#include "router/exchange_pool.h"
#include "router/hot_keys/local_cache.h"
#include "router/route/call.h"
#include "router/route/reply.h"
#include "router/route/route.h"

namespace ringcache::router {

struct TreeInUse;

class MultiGetExchange final : public Exchange,
                               private client::ReplyReceiver,
                               private CallObserver {
 public:
  // Sends `request`, whose keys may end with this call. `ends_retrieval`: its reply has the END;
  // false for a part of a line that goes on. The parts of a line share `line_failed`, so that the
  // last one tells of an error of any.
  void Send(ClientSession* session, TreeInUse* tree, const protocol::Request& request,
            bool ends_retrieval, std::shared_ptr<bool> line_failed);
  // Of the request that was sent.
  std::size_t key_count() const { return keys_.size(); }

 private:
  friend class ExchangePool<MultiGetExchange>;
  explicit MultiGetExchange(WorkerContext* worker) : Exchange(worker) {}

  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  struct Key {
    absl::string_view text;   // in the client's line, until everything is sent
    absl::string_view found;  // VALUE and data block, as a member sent them
    FirstStep step;
    std::uint32_t part = kNone;
    std::uint32_t next = kNone;        // of the same part
    std::uint32_t offset = 0;          // in the part's line
    std::uint32_t long_reply = kNone;  // in replies_, if the reply is there
  };
  // The keys of one member.
  struct Part {
    client::MemberClient* member = nullptr;
    absl::Duration timeout;
    client::RequestPlace place;
    std::uint32_t first = kNone;
    std::uint32_t last = kNone;
    std::uint32_t next = kNone;  // of the keys, the first whose reply is still awaited
    std::size_t line_bytes = 0;
    PartQueue* flow = nullptr;  // the long value that is coming
  };
  // A key that routes carry out, and whom to tell.
  struct KeyCall {
    Call* call;
    std::uint32_t key;
  };

  void GiveBack() override;
  void AppendReply(OutputBuffer* output) override;
  std::size_t Keep() override;

  void OnReply(std::uint64_t tag, const protocol::Reply& reply, const client::ReceivedValue& value,
               bool last) override;
  absl::Duration OnLongValue(std::uint64_t tag, const protocol::Reply& reply,
                             absl::string_view line) override;
  void OnPart(std::uint64_t tag, absl::string_view bytes) override;
  void OnFailure(std::uint64_t tag, client::CallFailure failure) override;
  void OnCallDone(Call* call, Reply reply) override;

  void Plan(const protocol::Request& request);
  std::uint32_t PartOf(const FirstStep& step);
  void AddToPart(std::uint32_t key);
  void SendPart(std::uint32_t part, const protocol::Request& request);
  void SendKeyByKey(Part* part);
  char* WriteLine(char* out, Part* part, const protocol::Request& request);
  // What was asked for, while the part's request is kept.
  absl::string_view TextOf(const Key& key, const Part& part) const;
  // Ends what was not found before `key`. False if the part has no such key left: then nothing more
  // of what the member says is believed.
  bool SkipTo(absl::string_view key, Part* part);
  void Found(Key* key, const client::ReceivedValue& value);
  void EndFlow(Part* part);
  // The key was answered without a value, with `first`: a miss or an error.
  void NotFound(std::uint32_t key, const Part& part, const Reply& first);
  void NotFoundAtLast(const Reply& reply);
  void EndPart(Part* part, const Reply& rest);
  // `key` is what follows the routing prefix of the key's text.
  void CallRoute(std::uint32_t index, Route* route, absl::string_view key);
  // The route that reacts goes on after `first`.
  void Resume(std::uint32_t index, absl::string_view text, const Reply& first);
  BegunCall BeginKey(std::uint32_t index, absl::string_view text);
  void OneLess();
  ReplyText* AddReply(Key* key);
  // Whether the last key's reply is a copy of a hot key; `key` has no routing prefix any more.
  bool AnswerFromCopy(absl::string_view key);
  void KeepCopy(const Key& key);
  void EndWrites();

  protocol::Operation operation_ = protocol::Operation::kGet;
  std::int64_t exptime_s_ = 0;
  bool ends_retrieval_ = true;
  // Of errors that are not to be told as misses, the last one.
  bool failed_ = false;
  std::shared_ptr<bool> line_failed_;  // null: it is the whole line
  std::size_t open_ = 0;               // parts and calls that are awaited, and one while sending
  std::vector<Key> keys_;
  std::vector<Part> parts_;
  std::vector<KeyCall> calls_;
  // What the hottest keys' copies have to do with each key; empty if none are kept.
  std::vector<LocalCache::Ticket> copy_tickets_;
  // Replies that are more than a piece of a receive buffer.
  std::vector<std::unique_ptr<ReplyText>> replies_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_MULTI_GET_EXCHANGE_H_
