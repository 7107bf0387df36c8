// Bytes to requests: the memcached text protocol, classic and meta, from the server's side.
//
// Pure and stateless: a parser is a function of the bytes it is given. It reads one command line,
// never the value bytes that may follow it, and never past `input`. Fragmented input is parsed by
// calling again with more bytes; nothing is kept between calls.
//
// Thread safety: functions only.

#ifndef RINGCACHE_PROTOCOL_REQUEST_PARSER_H_
#define RINGCACHE_PROTOCOL_REQUEST_PARSER_H_

#include "absl/strings/string_view.h"
#include "protocol/parse_result.h"
#include "protocol/request.h"

namespace ringcache::protocol {

// Parses the first command line of `input`. The views in `*request` point into `input`.
//
// On kOk these fields are set, all others keep whatever they held (a request is reused from call to
// call without being cleared):
//   every operation           operation, quiet, key_is_base64 (true for meta `b` only), key
//   get, gets                 keys; key is empty
//   gat, gats                 keys, exptime_s; key is empty
//   set add replace append    client_flags, exptime_s, value_bytes
//     prepend cas               (and cas for cas)
//   incr, decr                delta
//   touch                     exptime_s
//   mg, ms, md, ma, me        meta: `has` and `text` always, `mode`, `decrement`, `initial` and
//                               `delta` their value or default, other fields if `has` their letter;
//                               ms also value_bytes, client_flags and exptime_s (0 if not given)
//   flush_all                 has_argument, exptime_s (0 if not given)
//   cache_memlimit, verbosity delta
//   stats, shutdown, slabs,   arguments (slabs and lru: without a closing `noreply`)
//     lru, lru_crawler, watch,
//     debugtime, config
// On any other status `*request` is unspecified.
ParseResult ParseRequest(absl::string_view input, Request* request);

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_REQUEST_PARSER_H_
