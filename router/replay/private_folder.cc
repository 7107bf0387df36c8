#include "router/replay/private_folder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace ringcache::router {
namespace {

// Invalid if it is no folder of this user's, or another process has the lock.
net::Descriptor Lock(const std::string& path, absl::Duration least_age) {
  net::Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status;
  if (!folder.valid() || fstat(folder.get(), &status) != 0 || status.st_uid != geteuid() ||
      absl::Now() - absl::TimeFromTimespec(status.st_mtim) < least_age ||
      flock(folder.get(), LOCK_EX | LOCK_NB) != 0) {
    folder.Reset();
  }
  return folder;
}

void RemoveLeftBehind(const std::string& parent, absl::string_view prefix,
                      absl::Duration least_age) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(parent, ignored)) {
    if (!absl::StartsWith(entry.path().filename().string(), prefix)) continue;
    const net::Descriptor lock = Lock(entry.path().string(), least_age);
    if (lock.valid()) std::filesystem::remove_all(entry.path(), ignored);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<PrivateFolder>> PrivateFolder::Create(absl::string_view prefix,
                                                                     absl::Duration least_age) {
  const char* const temporary = getenv("TMPDIR");
  const std::string parent = temporary == nullptr || *temporary == '\0' ? "/tmp" : temporary;
  RemoveLeftBehind(parent, prefix, least_age);
  std::string path = absl::StrCat(parent, "/", prefix, "XXXXXX");
  if (mkdtemp(path.data()) == nullptr) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot make a folder in ", parent));
  }
  net::Descriptor lock = Lock(path, -absl::InfiniteDuration());
  return std::unique_ptr<PrivateFolder>(new PrivateFolder(std::move(path), std::move(lock)));
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace ringcache::router
