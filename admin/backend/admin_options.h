// What a program is told of its admin interface, and the rows of its table of flags.
//
// Thread safety: plain values, constants.

#ifndef RINGCACHE_ADMIN_BACKEND_ADMIN_OPTIONS_H_
#define RINGCACHE_ADMIN_BACKEND_ADMIN_OPTIONS_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace ringcache::admin {

// A default port that is taken is left off with a warning; one that was asked for is an error.
struct AdminPort {
  static constexpr int kOff = -1;

  int number = kOff;  // 0: the system chooses
  bool asked_for = false;

  bool is_on() const { return number != kOff; }
};

struct AdminOptions {
  AdminOptions() = default;
  explicit AdminOptions(int grpc_port) : grpc{grpc_port, false} {}

  AdminPort grpc;
  AdminPort metrics{9150, false};
  // Of both ports: a numeric address.
  std::string listen = "0.0.0.0";
  // If not empty, gRPC is served there, too.
  std::string unix_socket;
  // Calls that change anything are answered on the ports, too, not only on loopback addresses and
  // the Unix socket.
  bool open = false;
  // A loop that has not turned for so long makes the process not alive.
  absl::Duration stuck_after = absl::Seconds(10);
  // If not empty, the ring of these servers is shown (not by a router, which shows its own):
  // docs/discovery.md, docs/routing.md.
  std::string discovery;
  std::string placement = "ketama";
  std::string key_hash;

  // Says which value is wrong and what would be right.
  absl::Status Validate() const;
};

// One flag, `--<name>`.
struct AdminFlag {
  absl::string_view name;
  absl::string_view value;    // how the help calls the value
  absl::string_view if_bare;  // what `--name` alone stands for; empty: a value is needed
  absl::string_view help;
  // An error says what would be right, without the flag's name.
  absl::Status (*read)(absl::string_view text, AdminOptions* options);
  std::string (*spell)(const AdminOptions& options);
};

// Those of every program, and those of programs that only observe a ring; so many.
inline constexpr std::size_t kAdminFlags = 6;
inline constexpr std::size_t kRingObserverFlags = 3;
absl::Span<const AdminFlag> AdminFlags();
absl::Span<const AdminFlag> RingObserverFlags();

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_BACKEND_ADMIN_OPTIONS_H_
