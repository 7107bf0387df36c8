#include "router/spool/segment_reader.h"

namespace ringcache::router {

bool SegmentReader::Next(Record* record) {
  for (std::size_t at = offset_; at < bytes_.size(); ++at) {
    if (!ParseRecord(bytes_.substr(at), record)) continue;
    damages_ += at != offset_;
    offset_ = at + RecordBytes(record->key);
    return true;
  }
  return false;
}

}  // namespace ringcache::router
