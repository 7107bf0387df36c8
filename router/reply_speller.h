// Replies of routes in a client's words.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ROUTER_REPLY_SPELLER_H_
#define RINGCACHE_ROUTER_REPLY_SPELLER_H_

#include "absl/strings/string_view.h"
#include "protocol/request.h"
#include "router/reply_text.h"
#include "router/route/reply.h"

namespace ringcache::router {

// Puts the whole reply to `request`, as the client made it, into `*text`: also the END of a
// retrieval, unless `ends_retrieval` is false. The client's key is returned, whatever key the
// member was asked for.
void SpellReply(const protocol::Request& request, const Reply& reply, bool ends_retrieval,
                ReplyText* text);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_REPLY_SPELLER_H_
