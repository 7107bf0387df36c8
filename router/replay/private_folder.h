// A new folder for this process alone among the temporary files ($TMPDIR, or /tmp), which goes with
// this object.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_REPLAY_PRIVATE_FOLDER_H_
#define RINGCACHE_ROUTER_REPLAY_PRIVATE_FOLDER_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ringcache::router {

class PrivateFolder {
 public:
  // Its name begins with `prefix`. Fails with what the system said, and where.
  static absl::StatusOr<std::unique_ptr<PrivateFolder>> Create(absl::string_view prefix);
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit PrivateFolder(std::string path) : path_(std::move(path)) {}

  const std::string path_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_REPLAY_PRIVATE_FOLDER_H_
