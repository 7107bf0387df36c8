// The files of a spool: one folder that one process uses at a time.
//
// Thread safety: any thread may call; who appends to a file while it is read or removed sees to the
// order. Every call may wait for the disk.

#ifndef RINGCACHE_ROUTER_SPOOL_SPOOL_FOLDER_H_
#define RINGCACHE_ROUTER_SPOOL_SPOOL_FOLDER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "net/descriptor.h"
#include "router/spool/file_name.h"

namespace ringcache::router {

class SpoolFolder {
 public:
  // Makes the folder (but not those above it) if it is not there, and locks it for as long as this
  // lives. Fails if it cannot be written, or if another process has it.
  static absl::StatusOr<SpoolFolder> Open(const std::string& path);

  // The spool's files, by member and sequence; what else lies there is left alone.
  absl::StatusOr<std::vector<FileName>> List() const;

  // At most `max_bytes` from `offset` on. kNotFound if there is no such file.
  absl::StatusOr<std::string> Read(const FileName& name, std::uint64_t offset,
                                   std::size_t max_bytes) const;
  absl::StatusOr<std::uint64_t> Size(const FileName& name) const;

  // Adds to the end; a file that is not there is made. After a failure there may be a part.
  absl::Status Append(const FileName& name, absl::string_view bytes) const;
  absl::Status Truncate(const FileName& name, std::uint64_t bytes) const;
  // Returns when what was appended is on the disk. A file that was removed is.
  absl::Status Sync(const FileName& name) const;
  // Fine if it is gone already.
  absl::Status Remove(const FileName& name) const;

 private:
  SpoolFolder(std::string path, net::Descriptor folder, net::Descriptor lock)
      : path_(std::move(path)), folder_(std::move(folder)), lock_(std::move(lock)) {}

  absl::StatusOr<net::Descriptor> OpenFile(const FileName& name, int flags) const;
  absl::Status Error(absl::string_view what, const FileName& name) const;

  std::string path_;
  net::Descriptor folder_;
  net::Descriptor lock_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_SPOOL_SPOOL_FOLDER_H_
