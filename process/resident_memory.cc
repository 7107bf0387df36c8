#include "process/resident_memory.h"

#include <unistd.h>

#include <fstream>

namespace ringcache::process {

std::uint64_t ResidentBytes() {
  std::uint64_t all_pages = 0;
  std::uint64_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> all_pages >> resident_pages;
  return resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace ringcache::process
