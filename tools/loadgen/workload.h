// What is asked of the server: kinds of request in which shares, over which keys, with which
// values. When and how fast is another matter: see load_options.h and load_worker.h.
//
// Thread safety: immutable; all workers of a run share one.

#ifndef RINGCACHE_TOOLS_LOADGEN_WORKLOAD_H_
#define RINGCACHE_TOOLS_LOADGEN_WORKLOAD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "protocol/operation.h"
#include "tools/loadgen/key_distribution.h"
#include "tools/loadgen/key_space.h"
#include "tools/loadgen/value_model.h"

namespace ringcache::loadgen {

enum class RequestKind : std::uint8_t { kGet, kSet, kAdd, kDelete };
inline constexpr int kRequestKindCount = static_cast<int>(RequestKind::kDelete) + 1;
inline constexpr std::array<const char*, kRequestKindCount> kRequestKindNames = {"get", "set",
                                                                                 "add", "delete"};

// Which commands spell a request: get, set, add, delete; or mg with v, ms, ms with ME, md.
enum class Dialect : std::uint8_t { kClassic, kMeta };

constexpr protocol::Operation OperationOf(RequestKind kind, Dialect dialect) {
  const bool meta = dialect == Dialect::kMeta;
  switch (kind) {
    case RequestKind::kGet:
      return meta ? protocol::Operation::kMetaGet : protocol::Operation::kGet;
    case RequestKind::kSet:
      return meta ? protocol::Operation::kMetaSet : protocol::Operation::kSet;
    case RequestKind::kAdd:
      return meta ? protocol::Operation::kMetaSet : protocol::Operation::kAdd;
    case RequestKind::kDelete:
      return meta ? protocol::Operation::kMetaDelete : protocol::Operation::kDelete;
  }
  return protocol::Operation::kGet;
}

// How closely replies are looked at.
enum class ReplyCheck : std::uint8_t {
  kFull,  // every reply: its kind, key and length; and the value's contents as Verify says
  // Only that as many bytes came as a hit or a success has, with its first letter and a newline at
  // the end: for servers that answer without looking at the request. Never the default.
  kSize,
};
enum class Verify : std::uint8_t { kNone, kSample, kAll };

// Shares of the kinds, by RequestKind: {10, 1, 0, 0} is ten gets to one set.
struct RequestMix {
  std::array<std::uint32_t, kRequestKindCount> weights = {1, 0, 0, 0};

  std::uint64_t total() const {
    return std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  }
  // Whether all requests are of one kind, and which that is.
  bool IsOnly(RequestKind kind) const { return weights[static_cast<int>(kind)] == total(); }
};

struct Workload {
  KeySpace keys;
  KeyDistribution popularity;
  ValueModel values;
  RequestMix mix;
  Dialect dialect = Dialect::kClassic;
  bool meta_return_key = false;  // mg with k, so that every reply tells its key
  std::uint32_t multiget = 1;    // keys per get; more than 1 is classic only
  ReplyCheck check = ReplyCheck::kFull;
  Verify verify = Verify::kSample;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_WORKLOAD_H_
