#include "server/process_setup.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace ringcache::server {
namespace {

// Beside the clients': loops, bells, listeners, standard streams, files in passing.
constexpr rlim_t kOwnDescriptors = 64;

absl::Status SystemError(absl::string_view what) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", what));
}

absl::Status RaiseDescriptorLimit(int clients, int threads) {
  const rlim_t wanted =
      static_cast<rlim_t>(clients) + static_cast<rlim_t>(threads) * 2 + kOwnDescriptors;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return SystemError("read the limit on open files");
  if (limit.rlim_cur >= wanted) return absl::OkStatus();
  limit.rlim_cur = wanted;
  limit.rlim_max = std::max(limit.rlim_max, wanted);
  if (setrlimit(RLIMIT_NOFILE, &limit) == 0) return absl::OkStatus();
  return SystemError(absl::StrCat("raise the limit on open files to ", wanted, " for -c ", clients,
                                  "; raise it outside (ulimit -n) or lower -c"));
}

absl::Status CheckUser(const std::string& name) {
  if (getpwnam(name.c_str()) != nullptr) return absl::OkStatus();
  return absl::NotFoundError(
      absl::StrCat("-u ", name, ": there is no such user; see /etc/passwd for those there are"));
}

absl::Status BecomeUser(const ServerOptions& options) {
  if (absl::Status status = CheckUser(options.user); !status.ok()) return status;
  const passwd* user = getpwnam(options.user.c_str());
  const std::string& socket = options.unix_socket;
  if (!socket.empty() && chown(socket.c_str(), user->pw_uid, user->pw_gid) != 0) {
    return SystemError(absl::StrCat("give ", socket, " to user ", options.user));
  }
  // Or only root could start again with it.
  const std::string& memory = options.memory_file;
  if (!memory.empty() && chown(memory.c_str(), user->pw_uid, user->pw_gid) != 0) {
    return SystemError(absl::StrCat("give ", memory, " to user ", options.user));
  }
  if (setgroups(0, nullptr) != 0 && errno != EPERM) return SystemError("drop groups");
  if (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0) {
    return SystemError(absl::StrCat("become user ", options.user));
  }
  return absl::OkStatus();
}

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

absl::Status Prepare(const ServerOptions& options, std::vector<std::string>* warnings) {
  if (geteuid() == 0 && options.user.empty()) {
    warnings->push_back("running as root; -u <user> gives that up after the start");
  } else if (geteuid() == 0) {
    if (absl::Status status = CheckUser(options.user); !status.ok()) return status;
  }
  if (options.maximize_core_file) {
    rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
    if (setrlimit(RLIMIT_CORE, &limit) != 0) {
      if (getrlimit(RLIMIT_CORE, &limit) == 0) limit.rlim_cur = limit.rlim_max;
      if (setrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_cur == 0) {
        warnings->push_back("-r: the limit on core files could not be raised");
      }
    }
  }
  return RaiseDescriptorLimit(options.max_connections, options.threads);
}

absl::Status TakePlace(const ServerOptions& options, Background* background,
                       std::vector<std::string>* warnings) {
  if (options.daemonize) {
    if (absl::Status status = background->Enter(); !status.ok()) return status;
  }
  if (!options.pid_file.empty()) {
    std::ofstream file(options.pid_file);
    if (!(file << getpid() << "\n" << std::flush)) {
      warnings->push_back(absl::StrCat("-P ", options.pid_file, ": cannot be written"));
    }
  }
  // As it is touched: the store reserves more addresses than it will use.
  if (options.lock_memory && mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0) {
    warnings->push_back("-k: memory could not be locked; the limit is ulimit -l");
  }
  if (geteuid() == 0 && !options.user.empty()) {
    if (absl::Status status = BecomeUser(options); !status.ok()) return status;
  }
  const std::string folder = std::filesystem::path(options.memory_file).parent_path();
  if (!options.memory_file.empty() && access(folder.empty() ? "." : folder.c_str(), W_OK) != 0) {
    warnings->push_back(absl::StrCat("-e ", options.memory_file, ": this user cannot write to its ",
                                     "folder, so a stop cannot leave ", options.memory_file,
                                     ".meta there and the next start will be empty"));
  }
  return absl::OkStatus();
}

absl::Status WritePortFile(const std::string& path,
                           absl::Span<const net::SocketAddress> addresses) {
  const std::string unfinished = path + ".lck";
  std::ofstream file(unfinished);
  for (const net::SocketAddress& address : addresses) {
    if (address.is_unix()) continue;
    file << (address.is_ipv6() ? "TCP INET6: " : "TCP INET: ") << address.port() << "\n";
  }
  file.close();
  if (!file || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    return SystemError(absl::StrCat("write ", path, " (MEMCACHED_PORT_FILENAME)"));
  }
  return absl::OkStatus();
}

}  // namespace ringcache::server
