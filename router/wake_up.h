// What a worker does at the end of each wake-up: requests that it brought for a member leave in one
// write, and so do the replies that it brought for a client.
//
// Thread safety: belongs to the worker.

#ifndef RINGCACHE_ROUTER_WAKE_UP_H_
#define RINGCACHE_ROUTER_WAKE_UP_H_

#include <functional>
#include <memory>
#include <vector>

#include "client/connection_resources.h"
#include "net/event_loop.h"

namespace ringcache::router {

class ClientSession;
class Exchange;

class WakeUp {
 public:
  // `resources`, whose flush queue and receive buffers this sees to, outlive it.
  // `at_end` is called when all is done.
  WakeUp(client::ConnectionResources* resources, std::function<void()> at_end);

  // `session` has a reply that can be sent. Once in a wake-up is enough.
  void AddReady(ClientSession* session);
  // The same for one that was marked as ready just now.
  void AddReadyMarked(ClientSession* session) {
    ready_.push_back(session);
    EndSoon();
  }
  // The session goes away.
  void Remove(ClientSession* session);
  // The exchange points to receive buffers.
  void AddTouched(Exchange* exchange) {
    touched_.push_back(exchange);
    EndSoon();
  }

 private:
  void EndSoon();
  void End();

  client::ConnectionResources& resources_;
  const std::function<void()> at_end_;
  // Tasks that come after this has gone find it gone.
  std::shared_ptr<bool> alive_;
  bool end_is_due_ = false;
  std::vector<ClientSession*> ready_;  // null: removed
  std::vector<ClientSession*> sending_;
  std::vector<Exchange*> touched_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_WAKE_UP_H_
