#include "server/container_memory.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace ringcache::server {
namespace {

// cgroup v1 writes "no limit" as the largest page-aligned number, v2 as "max".
constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 60;

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
// 21 MiB with its admin interface at work, 8 more that a crowd may make gRPC take (docs/admin.md).
constexpr std::uint64_t kProgramBytes = 32 * kMiB;
constexpr std::uint64_t kThreadBytes = 2 * kMiB;
constexpr std::uint64_t kConnectionBytes = 4096;

std::uint64_t LimitIn(FileReader read, const std::string& path) {
  const absl::optional<std::string> text = read(path);
  std::uint64_t limit = 0;
  if (!text || !absl::SimpleAtoi(absl::StripAsciiWhitespace(*text), &limit)) return kNoLimit;
  return std::min(limit, kNoLimit);
}

// The least limit in `root` + `group` + `file` and the same file of each group above it. Within a
// container the group's path may be the host's and not exist here: then only the root's file
// counts.
std::uint64_t LeastLimit(FileReader read, absl::string_view root, absl::string_view group,
                         absl::string_view file) {
  std::uint64_t least = kNoLimit;
  for (;;) {
    while (!group.empty() && group.back() == '/') group.remove_suffix(1);
    least = std::min(least, LimitIn(read, absl::StrCat(root, group, "/", file)));
    if (group.empty()) return least;
    group = group.substr(0, group.rfind('/'));
  }
}

}  // namespace

absl::optional<std::string> ReadWholeFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

absl::StatusOr<std::uint64_t> ContainerMemoryLimit(FileReader read) {
  const std::string groups = read("/proc/self/cgroup").value_or("");
  std::uint64_t limit = kNoLimit;
  // Lines are "<hierarchy>:<controllers>:<path>"; v2 is hierarchy 0 with no controllers.
  absl::string_view v2_group;
  absl::string_view v1_group;
  for (absl::string_view line : absl::StrSplit(groups, '\n')) {
    const std::pair<absl::string_view, absl::string_view> hierarchy =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    const std::pair<absl::string_view, absl::string_view> group =
        absl::StrSplit(hierarchy.second, absl::MaxSplits(':', 1));
    if (hierarchy.first == "0" && group.first.empty()) v2_group = group.second;
    for (absl::string_view controller : absl::StrSplit(group.first, ',')) {
      if (controller == "memory") v1_group = group.second;
    }
  }
  limit = std::min(limit, LeastLimit(read, "/sys/fs/cgroup", v2_group, "memory.max"));
  limit =
      std::min(limit, LeastLimit(read, "/sys/fs/cgroup/memory", v1_group, "memory.limit_in_bytes"));
  if (limit == kNoLimit) {
    return absl::NotFoundError(
        "no memory limit is set on this container (neither cgroup v2's memory.max nor v1's "
        "memory.limit_in_bytes); set one, or give the megabytes, for example -m 1024");
  }
  return limit;
}

std::uint64_t ItemBytesWithin(std::uint64_t container_bytes, int threads, int connections) {
  const std::uint64_t overhead = kProgramBytes +
                                 static_cast<std::uint64_t>(threads) * kThreadBytes +
                                 static_cast<std::uint64_t>(connections) * kConnectionBytes;
  if (container_bytes <= overhead) return 0;
  return (container_bytes - overhead) / 5 * 4 / kMiB * kMiB;
}

}  // namespace ringcache::server
