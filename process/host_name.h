// The name of the machine, or of the pod.
//
// Thread safety: a function only.

#ifndef RINGCACHE_PROCESS_HOST_NAME_H_
#define RINGCACHE_PROCESS_HOST_NAME_H_

#include <string>

namespace ringcache::process {

// As the kernel has it; "unknown" if it does not say.
std::string HostName();

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_HOST_NAME_H_
