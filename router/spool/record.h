// A delete as it lies in a spool's file, numbers with their least byte first:
//
//   crc32 of what follows  4 | key bytes  2 | Unix time in seconds  8 | key  1 to 250
//
// Thread safety: functions only.

#ifndef RINGCACHE_ROUTER_SPOOL_RECORD_H_
#define RINGCACHE_ROUTER_SPOOL_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "protocol/request.h"

namespace ringcache::router {

inline constexpr std::size_t kRecordHeadBytes = 14;
inline constexpr std::size_t kMaxRecordBytes = kRecordHeadBytes + protocol::kMaxKeyBytes;

struct Record {
  absl::string_view key;
  std::int64_t unix_s = 0;
};

constexpr std::size_t RecordBytes(absl::string_view key) { return kRecordHeadBytes + key.size(); }

// REQUIRES: the key's length is 1 to protocol::kMaxKeyBytes.
void AppendRecord(const Record& record, std::string* bytes);

// Whether `bytes` begins with a whole record, which then is in `record`, a view into `bytes`.
bool ParseRecord(absl::string_view bytes, Record* record);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_SPOOL_RECORD_H_
