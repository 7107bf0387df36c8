// A request of a client and its reply, from the moment the request was read until the reply was
// handed over: replies leave in the order of their requests, whatever order they come in.
//
// Ownership: of a worker's ExchangePool; it outlives its session, if members still owe it replies.
// Thread safety: belongs to the worker.

#ifndef RINGCACHE_ROUTER_EXCHANGE_H_
#define RINGCACHE_ROUTER_EXCHANGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/outgoing_value.h"
#include "protocol/operation.h"
#include "protocol/request.h"
#include "router/output_buffer.h"
#include "router/part_queue.h"
#include "router/reply_text.h"

namespace ringcache::router {

class Call;
class ClientSession;
struct RouteRequest;
struct TreeInUse;
struct WorkerContext;

class Exchange {
 public:
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Complete, and to be sent when those before it have been.
  bool done() const { return done_; }

  // Has long values, which are handed over as they come, before the rest.
  bool flows() const { return !flows_.empty(); }
  // Hands over what has come of long values. True if the exchange is done() after it.
  bool MoveParts(OutputBuffer* output);
  // Hands the reply over; the exchange is not to be used any more. REQUIRES: done().
  void MoveTo(OutputBuffer* output);
  // The session has gone: the reply is not wanted any more.
  void Orphan();
  // What it points to in receive buffers will be gone.
  void KeepReply();

 protected:
  friend class ExchangeQueue;

  explicit Exchange(WorkerContext* worker) : worker_(*worker) {}
  virtual ~Exchange() = default;

  // Forgets the request and goes to its pool. REQUIRES: nobody will call it any more.
  virtual void GiveBack() = 0;
  // Those with replies in other places than reply_ do more. Keep() returns the bytes that are this
  // exchange's own from now on.
  virtual void AppendReply(OutputBuffer* output) { output->Append(reply_); }
  virtual std::size_t Keep() {
    reply_.Keep();
    return reply_.bytes();
  }

  void Begin(ClientSession* session) {
    session_ = session;
    next_ = nullptr;
    done_ = complete_ = touched_ = false;
    kept_bytes_ = 0;
    reply_.Clear();
    if (!flows_.empty()) ForgetFlows();
  }
  // The routes of the request: they stay until it is over. Its time begins.
  void Use(TreeInUse* tree);
  // Its time ends, just before Finish(): so long took each of so many requests.
  void RecordTime(protocol::Operation operation);
  // A call for the routes, which keeps them, and in it `request`, which may end with this call.
  struct BegunCall {
    Call* call;
    const RouteRequest* asked;
  };
  BegunCall BeginCall(const protocol::Request& request, const client::OutgoingValue& value) const;
  // The reply, or a part of it, points to a receive buffer.
  void Touch();
  // The reply is complete.
  void Finish();

  // A long value, which is sent before the rest of the reply, part by part as it comes; several one
  // after the other.
  PartQueue* AddFlow();
  // `bytes` lie in a receive buffer, or live for ever.
  void AddPart(PartQueue* flow, absl::string_view bytes);
  // The rest of it does not come. False if a part has been sent: then the client's connection is
  // closed, and the session may have gone.
  bool TakeBack(PartQueue* flow);

  WorkerContext& worker_;
  ClientSession* session_ = nullptr;  // null: has gone
  TreeInUse* tree_ = nullptr;         // null: it is answered here
  ReplyText reply_;

 private:
  void Recycle();
  void ForgetFlows();
  std::size_t KeepFlows();
  // Of what was kept, `bytes` of flows are not any more.
  void ReleaseFlows(std::size_t bytes);

  Exchange* next_ = nullptr;
  std::size_t requests_ = 0;
  std::int64_t began_ns_ = 0;  // of the loop's monotonic clock
  std::size_t kept_bytes_ = 0;
  bool done_ = false;
  bool complete_ = false;  // nobody will call any more
  bool touched_ = false;
  // Empty, but for replies with long values.
  std::vector<std::unique_ptr<PartQueue>> flows_;
  std::size_t flows_over_ = 0;
};

// A session's exchanges, oldest first.
class ExchangeQueue {
 public:
  bool empty() const { return first_ == nullptr; }
  // Of all of them.
  std::size_t requests() const { return requests_; }
  // REQUIRES: !empty().
  Exchange* front() const { return first_; }
  // `requests`: how many it is of; each key of a retrieval is one.
  void PushBack(Exchange* exchange, std::size_t requests = 1) {
    (first_ == nullptr ? first_ : last_->next_) = exchange;
    last_ = exchange;
    exchange->requests_ = requests;
    requests_ += requests;
  }
  // REQUIRES: !empty().
  Exchange* PopFront() {
    Exchange* const front = first_;
    first_ = front->next_;
    requests_ -= front->requests_;
    return front;
  }

 private:
  Exchange* first_ = nullptr;
  Exchange* last_ = nullptr;
  std::size_t requests_ = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_EXCHANGE_H_
