#include "router/replay/private_folder.h"

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ringcache::router {

absl::StatusOr<std::unique_ptr<PrivateFolder>> PrivateFolder::Create(absl::string_view prefix) {
  const char* const temporary = getenv("TMPDIR");
  const std::string parent = temporary == nullptr || *temporary == '\0' ? "/tmp" : temporary;
  std::string path = absl::StrCat(parent, "/", prefix, "XXXXXX");
  if (mkdtemp(path.data()) == nullptr) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot make a folder in ", parent));
  }
  return std::unique_ptr<PrivateFolder>(new PrivateFolder(std::move(path)));
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace ringcache::router
