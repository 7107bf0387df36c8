// What a program's command line says of the process itself.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_PROCESS_PROCESS_OPTIONS_H_
#define RINGCACHE_PROCESS_PROCESS_OPTIONS_H_

#include <cstddef>
#include <string>
#include <vector>

namespace ringcache::process {

struct ProcessOptions {
  bool daemonize = false;           // -d
  std::string pid_file;             // -P
  std::string user;                 // -u
  bool lock_memory = false;         // -k
  bool maximize_core_file = false;  // -r

  // Descriptors that clients may take, as this flag says; 0: all that there may be.
  std::size_t clients = 0;
  std::string clients_flag = "-c";
  // Those for other ends, besides a few for loops, listeners and files in passing.
  std::size_t other_descriptors = 0;
  // Given to `user`, who could else not remove or open them again. Empty ones are skipped.
  std::vector<std::string> files;
};

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_PROCESS_OPTIONS_H_
