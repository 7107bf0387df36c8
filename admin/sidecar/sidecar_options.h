// What the sidecar is asked on its command line.
//
// Thread safety: a plain value, functions only.

#ifndef RINGCACHE_ADMIN_SIDECAR_SIDECAR_OPTIONS_H_
#define RINGCACHE_ADMIN_SIDECAR_SIDECAR_OPTIONS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "admin/backend/admin_options.h"
#include "process/log_format.h"

namespace ringcache::admin {

struct SidecarOptions {
  static constexpr int kDefaultGrpcPort = 11210;

  std::string memcached = "127.0.0.1:11211";
  AdminOptions admin{kDefaultGrpcPort};
  double drain_wait_s = 0;
  process::LogFormat log_format = process::LogFormat::kText;
  bool help = false;
  bool version = false;
};

// Fails with what is wrong and what would be right.
absl::StatusOr<SidecarOptions> ParseSidecarOptions(absl::Span<const absl::string_view> arguments);

// The text of --help.
std::string SidecarHelp();

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SIDECAR_SIDECAR_OPTIONS_H_
