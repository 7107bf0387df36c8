// Whether what a client has heard are the replies to what it has asked: one to each request, in
// their order, of the request's kind, with values of no other keys.
//
// Thread safety: plain values and a function.

#ifndef RINGCACHE_ROUTER_FUZZ_REPLY_MATCH_H_
#define RINGCACHE_ROUTER_FUZZ_REPLY_MATCH_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "protocol/operation.h"
#include "protocol/request.h"

namespace ringcache::router {

struct Asked {
  static Asked Of(const protocol::Request& request);
  // What was not understood: an error is the reply.
  static Asked Refused();

  protocol::Operation operation = protocol::Operation::kVersion;
  // Some of its replies are hidden.
  bool quiet = false;
  bool refused = false;
  // It may have been given up, by either side, before there was a reply.
  bool may_be_unanswered = false;
  // As the client spells them.
  std::vector<std::string> keys;
};

struct FoundValue {
  absl::string_view key;  // empty if the reply names none
  absl::string_view bytes;
};

struct ReplyMatch {
  bool matches = false;
  // Also of replies that are not whole.
  std::vector<FoundValue> values;
};

// `cut`: the connection was closed, so that the last replies may not have come whole, or at all.
ReplyMatch MatchReplies(absl::Span<const Asked> asked, absl::string_view heard, bool cut);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_FUZZ_REPLY_MATCH_H_
