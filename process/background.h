// The way into the background (-d). The process that was started stays until the one in the
// background is ready, so that whoever started it finds a server that listens and its pid file; or
// learns from the exit code that there is none.
//
// Thread safety: called before any thread is started.

#ifndef RINGCACHE_PROCESS_BACKGROUND_H_
#define RINGCACHE_PROCESS_BACKGROUND_H_

#include "absl/status/status.h"
#include "net/descriptor.h"

namespace ringcache::process {

class Background {
 public:
  // Goes on in a child, in a session of its own. The parent does not return: it exits with EX_OK
  // when the child is ready, or with the child's exit code when that ends before. Standard streams
  // stay as they are meanwhile, so that what goes wrong can be said.
  absl::Status Enter();
  // Gives up the standard streams and lets the parent go. Nothing without Enter.
  absl::Status Ready();

 private:
  net::Descriptor ready_;
};

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_BACKGROUND_H_
