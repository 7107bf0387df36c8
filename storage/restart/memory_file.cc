#include "storage/restart/memory_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <random>

#include "absl/strings/str_cat.h"

namespace ringcache::storage {
namespace {

// Others' values are nobody else's matter.
constexpr mode_t kOwnerOnly = 0600;
constexpr std::size_t kHeadBytes = 4096;
constexpr std::array<char, 8> kMagic = {'r', 'i', 'n', 'g', 'p', 'a', 'g', 'e'};

struct Head {
  std::array<char, 8> magic = kMagic;
  std::uint64_t generation = 0;
};

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

absl::Status SystemError(int error, absl::string_view what, absl::string_view path) {
  return absl::ErrnoToStatus(error, absl::StrCat("cannot ", what, " ", path));
}

// What a system call answers that a signal may interrupt.
template <typename Call>
auto Retried(Call&& call) {
  auto answer = call();
  while (answer < 0 && errno == EINTR) answer = call();
  return answer;
}

absl::Status WriteAll(int descriptor, absl::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = Retried([&] { return write(descriptor, bytes.data(), bytes.size()); });
    if (written < 0) return SystemError(errno, "write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

std::uint64_t NewGeneration() {
  std::random_device device;
  const std::uint64_t drawn = std::uint64_t{device()} << 32 | device();
  return drawn != 0 ? drawn : 1;
}

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

absl::StatusOr<std::unique_ptr<MemoryFile>> MemoryFile::Open(const std::string& path) {
  int descriptor = Retried([&] { return open(path.c_str(), O_RDWR | O_CLOEXEC); });
  // Not with the first call: Linux refuses it, even to root, for a file that another user owns in a
  // folder like /dev/shm (fs.protected_regular).
  if (descriptor < 0 && errno == ENOENT) {
    descriptor =
        Retried([&] { return open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly); });
  }
  if (descriptor < 0) return SystemError(errno, "open the memory file", path);
  std::unique_ptr<MemoryFile> file(new MemoryFile(path, descriptor));
  if (Retried([&] { return flock(descriptor, LOCK_EX | LOCK_NB); }) != 0) {
    if (errno != EWOULDBLOCK) return SystemError(errno, "lock the memory file", path);
    return absl::UnavailableError(absl::StrCat(
        "the memory file ", path, " is in use by another process; each needs its own"));
  }
  if (absl::Status status = file->ReadHead(); !status.ok()) return status;
  return file;
}

MemoryFile::~MemoryFile() { close(descriptor_); }

absl::Status MemoryFile::ReadHead() {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) return SystemError(errno, "look at", path_);
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the memory file ", path_, " is not a regular file; name one, or a new one"));
  }
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ == 0) return absl::OkStatus();
  Head head;
  const ssize_t read = Retried([&] { return pread(descriptor_, &head, sizeof(head), 0); });
  if (read < 0) return SystemError(errno, "read", path_);
  if (static_cast<std::size_t>(read) < sizeof(head) || head.magic != kMagic) {
    return absl::InvalidArgumentError(absl::StrCat(
        path_, " holds something else than items and is left as it is; name a new file"));
  }
  generation_ = head.generation;
  return absl::OkStatus();
}

absl::Status MemoryFile::WriteHead(std::uint64_t generation) {
  std::array<char, kHeadBytes> bytes{};
  const Head head{.generation = generation};
  std::memcpy(bytes.data(), &head, sizeof(head));
  const ssize_t written =
      Retried([&] { return pwrite(descriptor_, bytes.data(), bytes.size(), 0); });
  if (written != static_cast<ssize_t>(bytes.size())) {
    return SystemError(written < 0 ? errno : ENOSPC, "write", path_);
  }
  size_ = std::max(size_, kHeadBytes);
  generation_ = generation;
  return absl::OkStatus();
}

absl::Status MemoryFile::ReserveSpace(std::size_t size) {
  const auto length = static_cast<off_t>(size - kPagesOffset);
  int error;
  do {
    error = posix_fallocate(descriptor_, kPagesOffset, length);
  } while (error == EINTR);
  if (error == 0) {
    size_ = std::max(size_, size);
    return absl::OkStatus();
  }
  // Some file systems keep what they had when it ended.
  if (ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) error = errno;
  return absl::ErrnoToStatus(error, absl::StrCat("cannot reserve the memory limit of ", length,
                                                 " bytes in the file system of ", path_,
                                                 "; lower the one or enlarge the other"));
}

absl::Status MemoryFile::SyncFolder() const {
  const std::string folder = FolderOf(path_);
  const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0) return SystemError(errno, "open the folder", folder);
  return fsync(opened.get()) == 0 ? absl::OkStatus() : SystemError(errno, "sync", folder);
}

absl::StatusOr<std::string> MemoryFile::ReadMeta(std::size_t max_bytes) const {
  const std::string path = meta_path();
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return SystemError(errno, "open", path);
  struct stat status {};
  if (fstat(file.get(), &status) != 0) return SystemError(errno, "look at", path);
  if (!S_ISREG(status.st_mode) || static_cast<std::size_t>(status.st_size) > max_bytes) {
    return absl::DataLossError(absl::StrCat(path, " is no file of at most ", max_bytes, " bytes"));
  }
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got =
        Retried([&] { return read(file.get(), bytes.data() + filled, bytes.size() - filled); });
    if (got < 0) return SystemError(errno, "read", path);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

absl::StatusOr<ReservedMemory> MemoryFile::Claim(std::size_t bytes) {
  const std::size_t size = kPagesOffset + bytes;
  const bool was_empty = size_ == 0;
  // First, so that a file that is not empty can always be told from others'.
  if (was_empty) {
    if (absl::Status status = WriteHead(NewGeneration()); !status.ok()) return status;
  }
  if (absl::Status status = ReserveSpace(size); !status.ok()) {
    if (was_empty) (void)!ftruncate(descriptor_, 0);
    return status;
  }
  const std::string path = meta_path();
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return SystemError(errno, "remove", path);
  if (absl::Status status = SyncFolder(); !status.ok()) return status;
  // A copy of FILE.meta that turns up again later belongs to no file.
  if (absl::Status status = WriteHead(NewGeneration()); !status.ok()) return status;
  if (size_ > size) {
    if (ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
      return SystemError(errno, "shorten", path_);
    }
    size_ = size;
  }
  return ReservedMemory::MapFile(descriptor_, kPagesOffset, bytes);
}

absl::Status MemoryFile::WriteMeta(const ReservedMemory& pages, absl::string_view meta) const {
  // Whoever goes on writing is stopped, rather than believed by the next store.
  if (mprotect(pages.data(), pages.size(), PROT_READ) != 0) {
    return SystemError(errno, "protect the pages of", path_);
  }
  if (msync(pages.data(), pages.size(), MS_SYNC) != 0) return SystemError(errno, "write", path_);
  // Also the id at its start.
  if (fsync(descriptor_) != 0) return SystemError(errno, "write", path_);
  const std::string path = meta_path();
  const std::string unfinished = path + ".new";
  {
    unlink(unfinished.c_str());  // of a stop that did not come to its end
    const Descriptor file(
        open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
    if (file.get() < 0) return SystemError(errno, "create", unfinished);
    absl::Status status = WriteAll(file.get(), meta, unfinished);
    if (status.ok() && fsync(file.get()) != 0) status = SystemError(errno, "write", unfinished);
    if (!status.ok()) {
      unlink(unfinished.c_str());
      return status;
    }
  }
  if (std::rename(unfinished.c_str(), path.c_str()) != 0) {
    return SystemError(errno, "create", path);
  }
  return SyncFolder();
}

}  // namespace ringcache::storage
