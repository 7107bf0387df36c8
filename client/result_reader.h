// From the replies of one call to its result.
//
// Thread safety: functions only.

#ifndef RINGCACHE_CLIENT_RESULT_READER_H_
#define RINGCACHE_CLIENT_RESULT_READER_H_

#include "client/reply_receiver.h"
#include "client/result.h"
#include "protocol/reply.h"

namespace ringcache::client {

// Notes one reply line in `*result`. Retrieval: VALUE comes first, and END after it changes
// nothing; an END alone is a miss. REQUIRES: a `*result` as it was made, but for earlier lines of
// the call.
void NoteReply(const protocol::Reply& reply, const ReceivedValue& value, Result* result);

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_RESULT_READER_H_
