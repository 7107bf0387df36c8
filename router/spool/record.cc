#include "router/spool/record.h"

#include <zlib.h>

#include <cassert>

namespace ringcache::router {
namespace {

constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kLengthBytes = 2;
constexpr std::size_t kTimeBytes = 8;
static_assert(kChecksumBytes + kLengthBytes + kTimeBytes == kRecordHeadBytes);

void AppendNumber(std::uint64_t number, std::size_t bytes, std::string* text) {
  for (std::size_t i = 0; i < bytes; ++i) text->push_back(static_cast<char>(number >> (8 * i)));
}

std::uint64_t NumberAt(absl::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) {
    number = number << 8 | static_cast<unsigned char>(bytes[i - 1]);
  }
  return number;
}

std::uint32_t Checksum(absl::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace

void AppendRecord(const Record& record, std::string* bytes) {
  assert(!record.key.empty() && record.key.size() <= protocol::kMaxKeyBytes);
  const std::size_t start = bytes->size();
  bytes->append(kChecksumBytes, '\0');
  AppendNumber(record.key.size(), kLengthBytes, bytes);
  AppendNumber(static_cast<std::uint64_t>(record.unix_s), kTimeBytes, bytes);
  bytes->append(record.key.data(), record.key.size());
  const std::uint32_t checksum = Checksum(absl::string_view(*bytes).substr(start + kChecksumBytes));
  std::string spelled;
  AppendNumber(checksum, kChecksumBytes, &spelled);
  bytes->replace(start, kChecksumBytes, spelled);
}

bool ParseRecord(absl::string_view bytes, Record* record) {
  if (bytes.size() <= kRecordHeadBytes) return false;
  const std::uint64_t length = NumberAt(bytes.substr(kChecksumBytes, kLengthBytes));
  if (length == 0 || length > protocol::kMaxKeyBytes) return false;
  if (bytes.size() < kRecordHeadBytes + length) return false;
  bytes = bytes.substr(0, kRecordHeadBytes + length);
  if (Checksum(bytes.substr(kChecksumBytes)) != NumberAt(bytes.substr(0, kChecksumBytes))) {
    return false;
  }
  record->unix_s =
      static_cast<std::int64_t>(NumberAt(bytes.substr(kChecksumBytes + kLengthBytes, kTimeBytes)));
  record->key = bytes.substr(kRecordHeadBytes);
  return true;
}

}  // namespace ringcache::router
