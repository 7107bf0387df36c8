// Which replies make a failover go on, in mcrouter's names of errors:
//
//   "failover_errors": ["tko", "connect_error"]
//   "failover_errors": {"gets": ["tko", "timeout"], "updates": ["tko"], "deletes": []}
//
// A list is for all operations; operations that are not named keep the default, which is all names.
//
// Thread safety: plain values.

#ifndef RINGCACHE_ROUTER_ROUTE_FAILOVER_FAILOVER_ERRORS_H_
#define RINGCACHE_ROUTER_ROUTE_FAILOVER_FAILOVER_ERRORS_H_

#include <array>
#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protocol/operation.h"
#include "router/config/config_node.h"
#include "router/route/reply.h"

namespace ringcache::router {

enum class ErrorName : std::uint8_t {
  kBusy,
  kShutdown,
  kTko,
  kTryAgain,
  kLocalError,
  kConnectError,
  kConnectTimeout,
  kTimeout,
  kRemoteError,
  kDeadlineExceeded,
};
inline constexpr std::array<absl::string_view, 10> kErrorNames = {
    "busy",          "shutdown",        "tko",     "try_again",    "local_error",
    "connect_error", "connect_timeout", "timeout", "remote_error", "deadline_exceeded"};

// What mcrouter would call `reply`; none if it is no error, or is one after which nothing is to be
// tried again: the router is going. A line of a server says which it is ("SERVER_ERROR 307 busy");
// one that says nothing known is a kRemoteError.
std::optional<ErrorName> NameOfError(const Reply& reply);

class ErrorSet {
 public:
  static constexpr ErrorSet All() { return ErrorSet((1u << kErrorNames.size()) - 1); }

  constexpr ErrorSet() = default;
  // Whether a connection was refused or took too long is not told apart: either name is for both.
  constexpr void Add(ErrorName name) {
    bits_ |= Bit(name);
    if (name == ErrorName::kConnectTimeout) bits_ |= Bit(ErrorName::kConnectError);
  }
  constexpr bool Has(ErrorName name) const { return (bits_ & Bit(name)) != 0; }

 private:
  explicit constexpr ErrorSet(std::uint32_t bits) : bits_(bits) {}
  static constexpr std::uint32_t Bit(ErrorName name) {
    return std::uint32_t{1} << static_cast<int>(name);
  }
  std::uint32_t bits_ = 0;
};

struct FailoverErrors {
  ErrorSet gets = ErrorSet::All();
  ErrorSet updates = ErrorSet::All();
  ErrorSet deletes = ErrorSet::All();
  ErrorSet others = ErrorSet::All();

  // Whether `reply` to such an operation is an error that is named.
  bool Cover(protocol::Operation operation, const Reply& reply) const;
};

// "failover_errors" of `node`, if it has that.
absl::StatusOr<FailoverErrors> ReadFailoverErrors(const ConfigNode& node);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAILOVER_FAILOVER_ERRORS_H_
