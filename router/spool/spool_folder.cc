#include "router/spool/spool_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace ringcache::router {
namespace {

constexpr char kLock[] = "lock";
// Keys may tell of people.
constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;

absl::Status FolderError(absl::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("the spool's folder ", path, " ", what));
}

// Who has the lock, as it wrote there.
std::string HolderOf(const net::Descriptor& lock) {
  char text[32];
  const ssize_t bytes = pread(lock.get(), text, sizeof(text), 0);
  const absl::string_view pid(text, bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
  return bytes > 0 ? absl::StrCat("process ", absl::StripAsciiWhitespace(pid)) : "another process";
}

absl::StatusOr<net::Descriptor> Lock(const net::Descriptor& folder, const std::string& path) {
  net::Descriptor lock(openat(folder.get(), kLock, O_RDWR | O_CREAT | O_CLOEXEC, kFileMode));
  if (!lock.valid()) return FolderError("cannot be written", path);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return FolderError("cannot be locked", path);
    return absl::FailedPreconditionError(absl::StrCat("the spool's folder ", path, " is in use by ",
                                                      HolderOf(lock),
                                                      "; each process needs its own"));
  }
  const std::string pid = absl::StrCat(getpid(), "\n");
  if (ftruncate(lock.get(), 0) != 0 ||
      pwrite(lock.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return FolderError("cannot be written", path);
  }
  return lock;
}

}  // namespace

absl::StatusOr<SpoolFolder> SpoolFolder::Open(const std::string& path) {
  if (mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    return FolderError("cannot be made", path);
  }
  net::Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) return FolderError("cannot be opened", path);
  absl::StatusOr<net::Descriptor> lock = Lock(folder, path);
  if (!lock.ok()) return lock.status();
  return SpoolFolder(path, std::move(folder), *std::move(lock));
}

absl::StatusOr<std::vector<FileName>> SpoolFolder::List() const {
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(path_.c_str()), &closedir);
  if (entries == nullptr) return FolderError("cannot be read", path_);
  std::vector<FileName> names;
  for (errno = 0; const dirent* entry = readdir(entries.get()); errno = 0) {
    std::optional<FileName> name = ParseFileName(entry->d_name);
    if (name) names.push_back(*std::move(name));
  }
  if (errno != 0) return FolderError("cannot be read", path_);
  std::sort(names.begin(), names.end(), [](const FileName& a, const FileName& b) {
    return std::tie(a.member, a.sequence) < std::tie(b.member, b.sequence);
  });
  return names;
}

absl::StatusOr<std::string> SpoolFolder::Read(const FileName& name, std::uint64_t offset,
                                              std::size_t max_bytes) const {
  const absl::StatusOr<net::Descriptor> file = OpenFile(name, O_RDONLY);
  if (!file.ok()) return file.status();
  std::string bytes(max_bytes, '\0');
  std::size_t read = 0;
  while (read < max_bytes) {
    const ssize_t got = pread(file->get(), bytes.data() + read, max_bytes - read,
                              static_cast<off_t>(offset + read));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error("read", name);
    if (got == 0) break;
    read += static_cast<std::size_t>(got);
  }
  bytes.resize(read);
  return bytes;
}

absl::StatusOr<std::uint64_t> SpoolFolder::Size(const FileName& name) const {
  struct stat status {};
  if (fstatat(folder_.get(), SpellFileName(name).c_str(), &status, 0) != 0) {
    return Error("look at", name);
  }
  return static_cast<std::uint64_t>(status.st_size);
}

absl::Status SpoolFolder::Append(const FileName& name, absl::string_view bytes) const {
  const absl::StatusOr<net::Descriptor> file = OpenFile(name, O_WRONLY | O_APPEND | O_CREAT);
  if (!file.ok()) return file.status();
  while (!bytes.empty()) {
    const ssize_t written = write(file->get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Error("write", name);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status SpoolFolder::Truncate(const FileName& name, std::uint64_t bytes) const {
  const absl::StatusOr<net::Descriptor> file = OpenFile(name, O_WRONLY);
  if (!file.ok()) return file.status();
  if (ftruncate(file->get(), static_cast<off_t>(bytes)) != 0) return Error("cut", name);
  return absl::OkStatus();
}

absl::Status SpoolFolder::Sync(const FileName& name) const {
  const absl::StatusOr<net::Descriptor> file = OpenFile(name, O_RDONLY);
  if (absl::IsNotFound(file.status())) return absl::OkStatus();
  if (!file.ok()) return file.status();
  // The folder, too: the file may be new in it.
  if (fdatasync(file->get()) != 0 || fsync(folder_.get()) != 0) return Error("sync", name);
  return absl::OkStatus();
}

absl::Status SpoolFolder::Remove(const FileName& name) const {
  if (unlinkat(folder_.get(), SpellFileName(name).c_str(), 0) == 0 || errno == ENOENT) {
    return absl::OkStatus();
  }
  return Error("remove", name);
}

absl::StatusOr<net::Descriptor> SpoolFolder::OpenFile(const FileName& name, int flags) const {
  net::Descriptor file(
      openat(folder_.get(), SpellFileName(name).c_str(), flags | O_CLOEXEC, kFileMode));
  if (!file.valid()) return Error("open", name);
  return file;
}

absl::Status SpoolFolder::Error(absl::string_view what, const FileName& name) const {
  return absl::ErrnoToStatus(
      errno, absl::StrCat("cannot ", what, " the spool's file ", path_, "/", SpellFileName(name)));
}

}  // namespace ringcache::router
