// A request as routes handle it: one key, never quiet (whoever answers the client leaves replies
// out), with its value. Retrieval by many keys reaches routes key by key.
//
// Its views, as those of protocol::Request, live as long as the Call it belongs to: Call::Make and
// the call's arena see to that.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_ROUTER_ROUTE_ROUTE_REQUEST_H_
#define RINGCACHE_ROUTER_ROUTE_ROUTE_REQUEST_H_

#include "client/outgoing_value.h"
#include "protocol/operation.h"
#include "protocol/request.h"

namespace ringcache::router {

struct RouteRequest {
  // `key` is set, `keys` is empty, `quiet` is false. Whoever changes a meta flag clears `meta.text`
  // (request_writer.h).
  protocol::Request request;
  // Storage operations: request.value_bytes bytes, owned.
  client::OutgoingValue value;

  protocol::Operation operation() const { return request.operation; }
  absl::string_view key() const { return request.key; }
};

// The families in which mcrouter's policies speak of operations.
enum class OperationClass : unsigned char {
  kGet,         // get, gets, mg
  kUpdate,      // set, add, replace, append, prepend, cas, ms
  kDelete,      // delete, md
  kArithmetic,  // incr, decr, ma
  kTouch,       // touch, gat, gats
  kOther,       // what has no key, and me
};
OperationClass ClassOf(protocol::Operation operation);

// Whether its reply has a value: get, gets, gat, gats, mg. Some of them also set a time to live.
constexpr bool Retrieves(protocol::Operation operation) {
  return IsRetrieval(operation) || operation == protocol::Operation::kMetaGet;
}

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_ROUTE_REQUEST_H_
