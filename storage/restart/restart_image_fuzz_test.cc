// Any bytes, as they are and with the checksum that makes them count, are refused or are the image
// of what they decode to.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "storage/restart/restart_image.h"

namespace {

using ringcache::storage::RestartImage;

void Check(const std::string& bytes) {
  const absl::StatusOr<RestartImage> image = ringcache::storage::DecodeRestartImage(bytes);
  if (!image.ok()) return;
  std::uint64_t chunks = 0;
  for (std::size_t i = 0; i < image->classes.size(); ++i) {
    for (const RestartImage::Page page : image->classes[i].pages) {
      chunks += page.cut;
      const std::uint64_t end = std::uint64_t{page.cut} * image->settings.chunk_bytes[i];
      const std::uint64_t pages = image->settings.limit_bytes / image->settings.page_bytes;
      if (end > image->settings.page_bytes || page.number >= pages) std::abort();
    }
  }
  if (image->items > chunks) std::abort();
  // A boolean is any byte but 0.
  const std::string again = ringcache::storage::EncodeRestartImage(*image);
  const absl::StatusOr<RestartImage> twice = ringcache::storage::DecodeRestartImage(again);
  if (again.size() != bytes.size() || !twice.ok() ||
      ringcache::storage::EncodeRestartImage(*twice) != again) {
    std::fprintf(stderr, "decoded and encoded again it is another image\n");
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  Check(bytes);
  const std::uint64_t checksum = ringcache::storage::RestartChecksum(bytes);
  bytes.append(reinterpret_cast<const char*>(&checksum), sizeof(checksum));
  Check(bytes);
  return 0;
}
