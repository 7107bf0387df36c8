#include "tools/trace/resident_memory.h"

#include <unistd.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"

namespace ringcache::trace {

std::optional<std::size_t> ResidentBytes(int pid) {
  std::ifstream file(absl::StrCat("/proc/", pid == 0 ? getpid() : pid, "/status"));
  std::string word;
  while (file >> word) {
    std::size_t kibibytes = 0;
    if (word == "VmRSS:" && file >> kibibytes) return kibibytes * 1024;
  }
  return std::nullopt;
}

}  // namespace ringcache::trace
