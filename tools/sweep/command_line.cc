#include "tools/sweep/command_line.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "discovery/discovery_address.h"
#include "flags/flag_table.h"
#include "ring_flags/ring_flags.h"
#include "tools/sweep/exit_status.h"
#include "tools/sweep/homes.h"

namespace ringcache::sweep {
namespace {

using C = CommandLine;
using F = flags::Of<C>;

// In the order of the enumeration.
constexpr flags::Words<2> kIdentities = {"name", "address"};
constexpr double kMaxTimeoutSeconds = 3600;
constexpr std::size_t kMinHeldBytes = 1024;  // some keys at least
constexpr std::size_t kMaxHeldBytes = std::size_t{1} << 40;

#define MEMBER(path) \
  [](C & o) -> auto& { return o.path; }

using R = ring_flags::RingFlags<C, MEMBER(cluster.ring)>;

constexpr F::Row kRows[] = {
    F::NonEmptyText<MEMBER(servers)>(
        "servers", "ADDRESS",
        "the pool as it is now: a:11211,b:11211, dns+, dnssrv+ or config+NAME,"
        " k8s+SERVICE.NAMESPACE or file:/PATH"),
    R::Placement(),
    R::KeyHash(),
    R::Ordering(),
    R::HashStop(),
    R::HashTag(),
    F::Word<MEMBER(cluster.identity), kIdentities>(
        "identity", "name|address", "",
        "what is hashed of a member; clients that hash addresses, as pymemcache, need address"),
    F::IntegerWithin<MEMBER(sweep.replicas), 1, Homes::kMaxReplicas>(
        "replicas",
        "members on which a key is at home, the owner and those next to it; 2 or more"
        " where clients or routers fail over"),
    F::IntegerWithin<MEMBER(expect), 0, discovery::kMaxMembers>(
        "expect", "members that there are to be, or nothing is done; 0: any number"),
    F::IntegerWithin<MEMBER(sweep.deletes.rate), 1, DeleteOptions::kMaxRate>(
        "rate", "deletes a second, at most; one member after another is swept"),
    F::IntegerWithin<MEMBER(sweep.max_held_bytes), kMinHeldBytes, kMaxHeldBytes>(
        "held-bytes",
        "foreign keys of a member that are known at a time; the rest has its turn when"
        " these are deleted"),
    F::Number<MEMBER(timeout_s)>("timeout", "SECONDS", "how long a server may be silent"),
    F::Switch<MEMBER(sweep.dry_run)>("dry-run", "count only"),
    F::Switch<MEMBER(help)>("help", "print this"),
};

#undef MEMBER

absl::Status Check(C* line) {
  if (line->servers.empty()) {
    return absl::InvalidArgumentError(
        "--servers is missing: the pool, such as k8s+mycache-memcached.default");
  }
  const auto address = discovery::DiscoveryAddress::Parse(line->servers);
  if (!address.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("--servers: ", address.status().message()));
  }
  if (line->timeout_s <= 0 || line->timeout_s > kMaxTimeoutSeconds) {
    return absl::InvalidArgumentError(absl::StrCat("--timeout: '", line->timeout_s,
                                                   "' is not above 0 and at most ",
                                                   kMaxTimeoutSeconds, " seconds"));
  }
  line->sweep.deletes.timeout = absl::Seconds(line->timeout_s);
  line->cluster.timeout = line->sweep.deletes.timeout;
  line->cluster.member.connection.connect_timeout = line->cluster.timeout;
  return line->cluster.Validate();
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(absl::Span<const absl::string_view> arguments) {
  CommandLine line;
  absl::Status status = F::Parse(kRows, arguments, &line);
  if (status.ok() && !line.help) status = Check(&line);
  if (!status.ok()) return status;
  return line;
}

std::string CommandLineHelp() {
  return F::Help(
      absl::StrCat(
          "Deletes from each member of a pool the keys that belong to other members: copies that\n"
          "scaling leaves behind, and that are read again once the pool is scaled back. To be run\n"
          "after each change of scale, before the next.\n"
          "\n"
          "Members are asked for their keys with `lru_crawler metadump all`. How keys are placed\n"
          "must be said as clients have it, or what is right is deleted; --dry-run shows how much\n"
          "would go.\n\n"
          "  ringcache-sweep --servers=k8s+mycache-memcached.default --expect=5 --dry-run\n\n",
          kExitStatusHelp),
      kRows);
}

}  // namespace ringcache::sweep
