#include "process/process_setup.h"

#include <grp.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "process/system_error.h"

namespace ringcache::process {
namespace {

// Loops, bells, listeners, standard streams, files in passing.
constexpr rlim_t kOwnDescriptors = 64;

// All there may be, or what is wanted: not less.
absl::Status RaiseDescriptorLimit(const ProcessOptions& options) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return SystemError("read the limit on open files");
  const rlim_t wanted = options.clients == 0
                            ? limit.rlim_max
                            : static_cast<rlim_t>(options.clients) +
                                  static_cast<rlim_t>(options.other_descriptors) + kOwnDescriptors;
  if (limit.rlim_cur >= wanted) return absl::OkStatus();
  limit.rlim_cur = wanted;
  limit.rlim_max = std::max(limit.rlim_max, wanted);
  if (setrlimit(RLIMIT_NOFILE, &limit) == 0) return absl::OkStatus();
  return SystemError(absl::StrCat(
      "raise the limit on open files to ", wanted, " for ", options.clients_flag, " ",
      options.clients, "; raise it outside (ulimit -n) or lower ", options.clients_flag));
}

absl::Status CheckUser(const std::string& name) {
  if (getpwnam(name.c_str()) != nullptr) return absl::OkStatus();
  return absl::NotFoundError(
      absl::StrCat("-u ", name, ": there is no such user; see /etc/passwd for those there are"));
}

absl::Status BecomeUser(const ProcessOptions& options) {
  if (absl::Status status = CheckUser(options.user); !status.ok()) return status;
  const passwd* user = getpwnam(options.user.c_str());
  for (const std::string& file : options.files) {
    if (!file.empty() && chown(file.c_str(), user->pw_uid, user->pw_gid) != 0) {
      return SystemError(absl::StrCat("give ", file, " to user ", options.user));
    }
  }
  if (setgroups(0, nullptr) != 0 && errno != EPERM) return SystemError("drop groups");
  if (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0) {
    return SystemError(absl::StrCat("become user ", options.user));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Prepare(const ProcessOptions& options, std::vector<std::string>* warnings) {
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
  return RaiseDescriptorLimit(options);
}

absl::Status TakePlace(const ProcessOptions& options, Background* background,
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
  return absl::OkStatus();
}

bool CanWriteToFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path();
  return access(folder.empty() ? "." : folder.c_str(), W_OK) == 0;
}

}  // namespace ringcache::process
