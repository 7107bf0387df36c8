// What the members that one request was for have not carried out, as far as that leaves stale
// values behind: deletes, and writes that another member took. It is kept for them behind their
// gates, before the client hears of the reply.
//
// Ownership: gates outlive it. Thread safety: belongs to the call's.

#ifndef RINGCACHE_ROUTER_ROUTE_UNREACHED_H_
#define RINGCACHE_ROUTER_ROUTE_UNREACHED_H_

#include <string>
#include <vector>

#include "client/gate/member_gate.h"
#include "protocol/request.h"
#include "router/route/reply.h"

namespace ringcache::router {

class Unreached {
 public:
  // `reply` is what asking the member behind `gate` led to. Without a gate nothing is kept.
  void Note(client::MemberGate* gate, const protocol::Request& request, const Reply& reply);

  // `reply` is what the client is told, unless it wanted a delete that reached nobody but is kept:
  // that counts as done, and mcrouter says NOT_FOUND then. What is noted later is of members whose
  // reply nobody waited for.
  Reply Settle(protocol::Operation operation, Reply reply);

  void Clear();

 private:
  struct Write {
    client::MemberGate* gate;
    std::string key;
    bool maybe_sent;
  };

  std::vector<Write> writes_;
  // Who carried out the write, if somebody did.
  client::MemberGate* taker_ = nullptr;
  bool kept_delete_ = false;
  // The client was told that the write is done.
  bool is_done_ = false;
};

// Keeps a delete that `gate`'s member did not answer, for this reason. False if there is no gate.
bool KeepDelete(client::MemberGate* gate, const protocol::Request& request,
                client::CallFailure failure);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_UNREACHED_H_
