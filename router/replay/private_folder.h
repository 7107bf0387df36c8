// A new folder for this process alone among the temporary files ($TMPDIR, or /tmp), which goes with
// this object. One that a process left behind that was killed goes when the next one is made.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_REPLAY_PRIVATE_FOLDER_H_
#define RINGCACHE_ROUTER_REPLAY_PRIVATE_FOLDER_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "net/descriptor.h"

namespace ringcache::router {

class PrivateFolder {
 public:
  // A folder that is younger may belong to somebody who has not locked it yet.
  static constexpr absl::Duration kLeastAge = absl::Minutes(1);

  // Its name begins with `prefix`. Others of that prefix that are older than `least_age` and that
  // no process has any more are removed. Fails with what the system said, and where.
  static absl::StatusOr<std::unique_ptr<PrivateFolder>> Create(
      absl::string_view prefix, absl::Duration least_age = kLeastAge);
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  PrivateFolder(std::string path, net::Descriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  const std::string path_;
  const net::Descriptor lock_;  // of the folder, for as long as the process lives
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_REPLAY_PRIVATE_FOLDER_H_
