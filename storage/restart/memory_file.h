// The file that a store's pages live in, so that they outlast the process, and FILE.meta beside it,
// which exists only while nobody changes the pages: written at a clean stop, removed at the start.
//
//   FILE        0          4 KiB                       2 MiB
//               ┌─────────┬─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─┬────────┬────────┬─ ─ ─
//               │ magic,  │  nothing                    │ page 0 │ page 1 │
//               │ id      │                             │        │        │
//               └─────────┴─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─┴────────┴────────┴─ ─ ─
//   FILE.meta   a RestartImage that names the same id (restart_image.h)
//
// Thread safety: none. A process holds a lock on its file (flock) as long as the object lives.

#ifndef RINGCACHE_STORAGE_RESTART_MEMORY_FILE_H_
#define RINGCACHE_STORAGE_RESTART_MEMORY_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/reserved_memory.h"

namespace ringcache::storage {

class MemoryFile {
 public:
  // Pages start here: aligned as the largest pages that the kernel may back them with.
  static constexpr std::size_t kPagesOffset = std::size_t{2} << 20;

  // Opens or creates the file and locks it; changes nothing in it. Fails if another process has it,
  // or if it is not empty and not such a file: nobody's data is overwritten.
  static absl::StatusOr<std::unique_ptr<MemoryFile>> Open(const std::string& path);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const std::string& path() const { return path_; }
  std::string meta_path() const { return path_ + ".meta"; }
  bool is_new() const { return generation_ == 0; }
  // A random number that each Claim changes, kept in the file's first bytes; 0 in a new file.
  std::uint64_t generation() const { return generation_; }
  // Room for pages that the file has.
  std::size_t bytes() const { return size_ > kPagesOffset ? size_ - kPagesOffset : 0; }

  // What is in FILE.meta. kNotFound if there is none; fails if it has more than `max_bytes`.
  absl::StatusOr<std::string> ReadMeta(std::size_t max_bytes) const;

  // Gives the file exactly `bytes` for pages, all of them reserved in the file system, so that no
  // later access finds it full; removes FILE.meta; then maps the pages, with what was in them. If
  // there is no room, fails and leaves both files as they are.
  absl::StatusOr<ReservedMemory> Claim(std::size_t bytes);

  // Brings `pages`, which Claim mapped, and then `meta` to the file system, all at once for whoever
  // reads it. From then on the pages can only be read: a write ends the process.
  absl::Status WriteMeta(const ReservedMemory& pages, absl::string_view meta) const;

 private:
  MemoryFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  absl::Status ReadHead();
  absl::Status WriteHead(std::uint64_t generation);
  absl::Status ReserveSpace(std::size_t size);
  absl::Status SyncFolder() const;

  const std::string path_;
  const int descriptor_;
  std::size_t size_ = 0;
  std::uint64_t generation_ = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_RESTART_MEMORY_FILE_H_
