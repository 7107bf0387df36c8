#include "tools/ringctl/pod_list.h"

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/watcher_factory.h"
#include "discovery/watcher.h"
#include "net/epoll_event_loop.h"

namespace ringcache::ringctl {
namespace {

// Discovery asks a name server twice, two seconds each, before it gives up.
constexpr absl::Duration kWaitForMembers = absl::Seconds(10);
// How often it is looked whether it has met trouble, which a program need not wait out.
constexpr absl::Duration kLookForTrouble = absl::Milliseconds(10);

bool HasTrouble(const discovery::WatcherStats& stats) {
  return stats.refreshes == 0 && stats.errors + stats.not_found + stats.empty > 0;
}

PodAddress PodOf(const discovery::Member& member, std::uint16_t admin_port) {
  if (member.address.is_unix()) {
    return {member.name, "", "a Unix socket has no admin port; ask it with --address=unix:PATH"};
  }
  if (member.address.port() == 0) return {member.name, "", "has no address"};
  const std::string host = member.address.host();
  const bool is_ipv6 = member.address.is_ipv6();
  return {member.name,
          is_ipv6 ? absl::StrCat("[", host, "]:", admin_port) : absl::StrCat(host, ":", admin_port),
          ""};
}

}  // namespace

std::vector<PodAddress> PodsOf(absl::Span<const discovery::Member> members,
                               std::uint16_t admin_port) {
  std::vector<PodAddress> pods;
  for (const discovery::Member& member : members) pods.push_back(PodOf(member, admin_port));
  return pods;
}

absl::StatusOr<std::vector<PodAddress>> FindPods(absl::string_view discovery,
                                                 std::uint16_t admin_port) {
  auto loop = net::EpollEventLoop::Create();
  if (!loop.ok()) return loop.status();
  net::EpollEventLoop* const runner = loop->get();
  auto watcher = client::MakeWatcher(runner, discovery, {});
  if (!watcher.ok()) return watcher.status();
  (*watcher)->Start([runner](const auto& /*snapshot*/) { runner->Stop(); });
  const absl::Duration deadline = runner->MonotonicNow() + kWaitForMembers;
  while ((*watcher)->current() == nullptr && !HasTrouble((*watcher)->stats()) &&
         runner->MonotonicNow() < deadline) {
    const auto timer = runner->RunAfter(kLookForTrouble, [runner] { runner->Stop(); });
    runner->Run();
    runner->CancelTimer(timer);
  }
  if (const auto snapshot = (*watcher)->current(); snapshot != nullptr) {
    return PodsOf(snapshot->members, admin_port);
  }
  const std::string problem = (*watcher)->stats().last_error;
  return absl::UnavailableError(
      absl::StrCat("no pods found at ", discovery, problem.empty() ? "" : ": ", problem));
}

}  // namespace ringcache::ringctl
