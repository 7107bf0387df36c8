// How the files of a spool are called: by the member and the number of the segment, such as
// "cache-0.cache:11211~0000000000000001.v1", or "cache-0.cache:11211~overflowed". Bytes that
// are special in names are written %2F.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ROUTER_SPOOL_FILE_NAME_H_
#define RINGCACHE_ROUTER_SPOOL_FILE_NAME_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace ringcache::router {

// Linux allows 255 bytes.
inline constexpr std::size_t kMaxEscapedNameBytes = 255 - 20;

struct FileName {
  std::string member;
  std::optional<std::uint64_t> sequence;  // none: the mark that the member overflowed
};

// Whether files can be named after `member`: it is not empty, and its escaped form not too long.
bool CanNameFiles(absl::string_view member);
// REQUIRES: CanNameFiles(name.member).
std::string SpellFileName(const FileName& name);
// Nothing if no SpellFileName gives `text`.
std::optional<FileName> ParseFileName(absl::string_view text);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_SPOOL_FILE_NAME_H_
