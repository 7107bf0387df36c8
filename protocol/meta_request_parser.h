// The meta half of request_parser.h: key, length and flags of mg, ms, md, ma and me.
//
// Thread safety: functions only.

#ifndef RINGCACHE_PROTOCOL_META_REQUEST_PARSER_H_
#define RINGCACHE_PROTOCOL_META_REQUEST_PARSER_H_

#include <cstdint>

#include "protocol/command_table.h"
#include "protocol/line_cursor.h"
#include "protocol/parse_result.h"
#include "protocol/request.h"

namespace ringcache::protocol {

// Parses what follows the command word of `row` and fills `*request`; returns the error, kNone if
// there is none. On an error of a meta set whose length was readable, `*discard_bytes` is set to
// the length of the data block with its "\r\n". REQUIRES: `row.form` is kMeta, kMetaSet or
// kMetaDebug; operation is set and quiet is false.
ParseError ParseMetaRequest(const CommandRow& row, LineCursor line, Request* request,
                            std::uint64_t* discard_bytes);

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_META_REQUEST_PARSER_H_
