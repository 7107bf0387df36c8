#include "tools/clientload/load.h"

#include <time.h>

#include "absl/strings/str_cat.h"

namespace ringcache::clientload {

absl::Status LoadOptions::Validate() const {
  if (depth < 1 || depth > 4096) {
    return absl::InvalidArgumentError(absl::StrCat("--depth is ", depth, "; it is 1 to 4096"));
  }
  if (keys < 1 || keys > 1000) {
    return absl::InvalidArgumentError(absl::StrCat("--keys is ", keys, "; it is 1 to 1000"));
  }
  if (key_bytes < 1 || key_bytes > 250) {
    return absl::InvalidArgumentError(
        absl::StrCat("--key-bytes is ", key_bytes, "; it is 1 to 250"));
  }
  if (seconds < 1 || seconds > 600) {
    return absl::InvalidArgumentError(absl::StrCat("--seconds is ", seconds, "; it is 1 to 600"));
  }
  if (spin_us > 1'000'000) {
    return absl::InvalidArgumentError(
        absl::StrCat("--spin-us is ", spin_us, "; it is at most 1000000"));
  }
  return absl::OkStatus();
}

std::string TheKey(const LoadOptions& options) { return std::string(options.key_bytes, 'k'); }

double CpuSeconds() {
  timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

}  // namespace ringcache::clientload
