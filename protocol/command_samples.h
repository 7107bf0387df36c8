// One well-formed line for each layout of each command, for the tests that hold for all commands:
// fragments, round trips and the completeness of the tables.
//
// Thread safety: constants.

#ifndef RINGCACHE_PROTOCOL_COMMAND_SAMPLES_H_
#define RINGCACHE_PROTOCOL_COMMAND_SAMPLES_H_

#include "absl/strings/string_view.h"
#include "protocol/operation.h"

namespace ringcache::protocol {

struct CommandSample {
  Operation operation;
  absl::string_view line;  // as WriteRequest spells it, without its "\r\n"
};

inline constexpr CommandSample kCommandSamples[] = {
    {Operation::kGet, "get a"},
    {Operation::kGet, "get key:1 key:2 key:3"},
    {Operation::kGets, "gets key:1"},
    {Operation::kGat, "gat 30 key:1 key:2"},
    {Operation::kGats, "gats -1 key:1"},
    {Operation::kSet, "set key:1 4294967295 -1 2147483645"},
    {Operation::kSet, "set key:1 0 0 0 noreply"},
    {Operation::kAdd, "add key:1 1 2 3"},
    {Operation::kReplace, "replace key:1 1 2 3 noreply"},
    {Operation::kAppend, "append key:1 0 0 3"},
    {Operation::kPrepend, "prepend key:1 0 0 3"},
    {Operation::kCas, "cas key:1 1 2 3 18446744073709551615"},
    {Operation::kCas, "cas key:1 1 2 3 0 noreply"},
    {Operation::kDelete, "delete key:1"},
    {Operation::kDelete, "delete key:1 noreply"},
    {Operation::kIncrement, "incr key:1 18446744073709551615"},
    {Operation::kDecrement, "decr key:1 5 noreply"},
    {Operation::kTouch, "touch key:1 2592001"},
    {Operation::kTouch, "touch key:1 -1 noreply"},
    {Operation::kMetaGet, "mg key:1"},
    {Operation::kMetaGet, "mg key:1 C5 E6 N30 O12 R-1 T60 c f h k l q s t u v"},
    {Operation::kMetaGet, "mg YSBrZXk= b k v"},
    {Operation::kMetaSet, "ms key:1 5"},
    {Operation::kMetaSet, "ms key:1 5 C1 E2 F4294967295 I L MA N9 O P T0 c k q s"},
    {Operation::kMetaDelete, "md key:1"},
    {Operation::kMetaDelete, "md key:1 C5 E6 I O1 T9 k q x"},
    {Operation::kMetaArithmetic, "ma key:1"},
    {Operation::kMetaArithmetic, "ma key:1 C5 D7 E6 J13 MD N0 O1 T9 c k q t v"},
    {Operation::kMetaDebug, "me key:1"},
    {Operation::kMetaDebug, "me YSBrZXk= b"},
    {Operation::kMetaNoOp, "mn"},
    {Operation::kFlushAll, "flush_all"},
    {Operation::kFlushAll, "flush_all -5 noreply"},
    {Operation::kVersion, "version"},
    {Operation::kVerbosity, "verbosity 1"},
    {Operation::kQuit, "quit"},
    {Operation::kStats, "stats"},
    {Operation::kStats, "stats cachedump 1 10"},
    {Operation::kShutdown, "shutdown graceful"},
    {Operation::kCacheMemlimit, "cache_memlimit 64 noreply"},
    {Operation::kSlabs, "slabs automove 0 noreply"},
    {Operation::kLru, "lru mode flat"},
    {Operation::kLruCrawler, "lru_crawler metadump all"},
    {Operation::kWatch, "watch"},
    {Operation::kWatch, "watch fetchers mutations"},
    {Operation::kDebugTime, "debugtime +5"},
    {Operation::kConfig, "config get cluster"},
};

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_COMMAND_SAMPLES_H_
