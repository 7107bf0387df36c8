// Any bytes as a segment: records lie within them, in order, and read the same when they are
// written again.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/string_view.h"
#include "router/spool/record.h"
#include "router/spool/segment_reader.h"

namespace ringcache::router {
namespace {

void Expect(bool condition) {
  if (!condition) std::abort();
}

void TryBytes(absl::string_view bytes) {
  SegmentReader reader(bytes);
  Record record;
  std::string rewritten;
  std::size_t records = 0;
  while (reader.Next(&record)) {
    ++records;
    Expect(!record.key.empty() && record.key.size() <= protocol::kMaxKeyBytes);
    Expect(record.key.data() + record.key.size() == bytes.data() + reader.offset());
    AppendRecord(record, &rewritten);
    Expect(bytes.substr(0, reader.offset()).substr(reader.offset() - RecordBytes(record.key)) ==
           absl::string_view(rewritten).substr(rewritten.size() - RecordBytes(record.key)));
  }
  Expect(reader.offset() <= bytes.size());
  Expect((reader.damages() == 0) == (rewritten == bytes.substr(0, reader.offset())));
  SegmentReader again(rewritten);
  while (again.Next(&record)) --records;
  Expect(records == 0 && again.damages() == 0 && again.offset() == rewritten.size());
}

}  // namespace
}  // namespace ringcache::router

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ringcache::router::TryBytes({reinterpret_cast<const char*>(data), size});
  // Few mutations have a checksum that fits: the bytes as a key, with the input behind it.
  if (size == 0) return 0;
  std::string bytes;
  const std::size_t key_bytes = std::min<std::size_t>(size, 250);
  ringcache::router::AppendRecord({{reinterpret_cast<const char*>(data), key_bytes}, 1}, &bytes);
  bytes.append(reinterpret_cast<const char*>(data), size);
  ringcache::router::AppendRecord({{reinterpret_cast<const char*>(data), key_bytes}, 2}, &bytes);
  ringcache::router::TryBytes(bytes);
  return 0;
}
