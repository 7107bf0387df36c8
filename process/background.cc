#include "process/background.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>

#include "process/system_error.h"

namespace ringcache::process {
namespace {

// The exit code of the parent: 0 if the child said that it is ready, else the child's own.
[[noreturn]] void LeaveWithChild(int ready, pid_t child) {
  char byte;
  ssize_t bytes;
  do {
    bytes = read(ready, &byte, 1);
  } while (bytes < 0 && errno == EINTR);
  if (bytes == 1) _exit(EX_OK);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : EX_OSERR);
}

}  // namespace

absl::Status Background::Enter() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return SystemError("create a pipe");
  const net::Descriptor read_end(ends[0]);
  ready_.Reset(ends[1]);
  const pid_t child = fork();
  if (child < 0) return SystemError("fork");
  if (child > 0) {
    ready_.Reset();  // or the end of the child would go unnoticed
    LeaveWithChild(read_end.get(), child);
  }
  return setsid() < 0 ? SystemError("start a session") : absl::OkStatus();
}

absl::Status Background::Ready() {
  if (!ready_.valid()) return absl::OkStatus();
  const net::Descriptor null(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null.valid()) return SystemError("open /dev/null");
  for (int stream = 0; stream <= 2; ++stream) dup2(null.get(), stream);
  // Nobody hears it if the parent was killed; there is nothing left to do for it.
  (void)!write(ready_.get(), "", 1);
  ready_.Reset();
  return absl::OkStatus();
}

}  // namespace ringcache::process
