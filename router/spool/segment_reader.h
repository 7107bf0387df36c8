// The records of a segment of a spool, from its bytes. What is no record is passed over up to the
// next one that is; what is none up to the end is a torn tail, as a process leaves it that dies
// while it writes.
//
// Thread safety: none. The bytes outlive the reader and the records that it gives.

#ifndef RINGCACHE_ROUTER_SPOOL_SEGMENT_READER_H_
#define RINGCACHE_ROUTER_SPOOL_SEGMENT_READER_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "router/spool/record.h"

namespace ringcache::router {

class SegmentReader {
 public:
  explicit SegmentReader(absl::string_view bytes) : bytes_(bytes) {}

  // False at the end, or at a torn tail.
  bool Next(Record* record);

  // Behind the last record that was given.
  std::size_t offset() const { return offset_; }
  // Stretches that were passed over so far; each hides a record or more.
  std::uint64_t damages() const { return damages_; }

 private:
  const absl::string_view bytes_;
  std::size_t offset_ = 0;
  std::uint64_t damages_ = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_SPOOL_SEGMENT_READER_H_
