// Retrieval by more keys than fit into a receive buffer: the line is taken in parts, each of which
// is a line by itself, so that it may be of any length and occupies no more than the buffer.
//
// Thread safety: a function of its arguments.

#ifndef RINGCACHE_PROTOCOL_RETRIEVAL_CUT_H_
#define RINGCACHE_PROTOCOL_RETRIEVAL_CUT_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/types/span.h"
#include "protocol/request.h"

namespace ringcache::protocol {

struct RetrievalCut {
  // Of the part, with the newline that was put at its end.
  std::size_t line_bytes = 0;
  // What precedes the keys: once the part is done with, it belongs before the rest of the input.
  std::string head;
};

// `input` begins with at least kMaxMultigetLineBytes bytes without a newline. If they are
// retrieval, ends the part of them that has complete keys, by a newline in place of the space
// behind it, and parses that into `*request`; nullopt if there is nothing that can be cut, and then
// the connection is to be closed. What follows the cut is a key at most, perhaps a part of one.
std::optional<RetrievalCut> CutRetrieval(absl::Span<char> input, Request* request);

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_RETRIEVAL_CUT_H_
