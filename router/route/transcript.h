// Requests and replies of routes as a line of text, so that tests read as a transcript:
//
//   "get key"    "set key 0 60 5 = value"    "ms key 5 T60 = value"
//   "VALUE 0 value"    "VALUE 0 value cas 7"    "VA value f0 t60"    "HD t60"    "STORED"    "12"
//   "SERVER_ERROR out of memory"    "!timed out": no reply, as client::FailureText has it
//
// Thread safety: functions only.

#ifndef RINGCACHE_ROUTER_ROUTE_TRANSCRIPT_H_
#define RINGCACHE_ROUTER_ROUTE_TRANSCRIPT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "router/route/reply.h"
#include "router/route/route_request.h"

namespace ringcache::router {

std::string TextOf(const RouteRequest& request);
std::string TextOf(const Reply& reply);

// The length of the value need not be right. The views are those of `text`. A line that is no
// request is an aborted test.
RouteRequest RequestOf(absl::string_view text);
Reply ReplyOf(absl::string_view text);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_TRANSCRIPT_H_
