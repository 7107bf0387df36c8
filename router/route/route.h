// A route: decides what becomes of a request. Routes form a tree, whose leaves ask members of pools
// or answer by themselves; each kind is one small file with one `Make...` function, which reads its
// part of the configuration (route_types.h lists them).
//
// Ownership: a RouteTree owns all its routes; parents point to children, of which named ones have
// several parents.
// Thread safety: a tree belongs to one worker, and may keep state.

#ifndef RINGCACHE_ROUTER_ROUTE_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_ROUTE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/request.h"
#include "router/backend/backend_pool.h"
#include "router/route/call.h"
#include "router/route/reply.h"
#include "router/route/route_request.h"
#include "router/route/task.h"

namespace ringcache::router {

class Route;

// What most requests need: one member is asked, and what it says is the reply. Sessions take this
// way without a coroutine. If the reply is one to which a route would react, that route goes on.
struct FirstStep {
  // Null: there is no such short way, use Send().
  BackendPool* pool = nullptr;
  std::uint32_t member = 0;  // as BackendPool::OwnerOf says
  // If not null, told of failures (no reply came), and of what else it reacts to.
  Route* reacts = nullptr;
  bool reacts_to_errors = false;  // SERVER_ERROR
  bool reacts_to_misses = false;
  // Whether what the member does not carry out is kept for it (unreached.h).
  bool keeps_deletes = true;
};

// Tells what a route would do with a request: for `get __mcrouter__.route(op,key)`.
class RouteVisitor {
 public:
  virtual ~RouteVisitor() = default;
  // Before the children's.
  virtual void OnRoute(const Route& route, int depth) = 0;
  virtual void OnMember(const std::string& name, int depth) = 0;
};

class Route {
 public:
  virtual ~Route() = default;

  // Carries out `request`, which lives as long as `call` (as all that is handed to children has
  // to). Never fails to reply: failures are replies, too. Nothing is asked or spawned before the
  // task is awaited.
  virtual Task<Reply> Send(Call& call, const RouteRequest& request) = 0;

  // The short way for a request with this operation and `key`, if there is one. It is asked for
  // each request: costs a few nanoseconds. `key` has no routing prefix.
  virtual FirstStep First(const protocol::Request& request, absl::string_view key) {
    (void)request, (void)key;
    return {};
  }
  // Goes on after the short way, which led to `first`. REQUIRES: First() named this route.
  virtual Task<Reply> Resume(Call& call, const RouteRequest& request, Reply first) {
    (void)first;
    return Send(call, request);
  }

  // As `__mcrouter__.route_handles` shows it: "pool|A", "failover".
  virtual std::string name() const = 0;
  // This route, then those children and members that `request` would reach if all went well or
  // failed, depth first.
  virtual void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_ROUTE_H_
