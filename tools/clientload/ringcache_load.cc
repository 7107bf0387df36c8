#include "tools/clientload/ringcache_load.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/cluster_client.h"
#include "client/watcher_factory.h"
#include "net/epoll_event_loop.h"
#include "protocol/operation.h"

namespace ringcache::clientload {
namespace {

class Load {
 public:
  Load(const LoadOptions& options, net::EventLoop* loop, client::ClusterClient* client)
      : options_(options),
        loop_(*loop),
        client_(*client),
        key_(TheKey(options)),
        keys_(options.keys, key_),
        value_(options.value_bytes, 'v') {}

  LoadResult Run() {
    const absl::Time start = absl::Now();
    const double cpu_before = CpuSeconds();
    loop_.RunAfter(absl::ZeroDuration(), [this] {
      for (std::size_t i = 0; i < options_.depth; ++i) Call();
    });
    loop_.RunAfter(absl::Seconds(options_.seconds), [this] { over_ = true; });
    loop_.Run();
    result_.seconds = absl::ToDoubleSeconds(absl::Now() - start);
    result_.cpu_seconds = CpuSeconds() - cpu_before;
    return result_;
  }

 private:
  void Call() {
    ++under_way_;
    switch (options_.call) {
      case CallKind::kGet:
        return client_.Get(key_, [this](client::Result result) {
          Count(result);
          Over();
        });
      case CallKind::kMultiGet:
        return client_.MultiGet(protocol::Operation::kGet, keys_, 0,
                                [this](std::vector<client::Result> results) {
                                  for (const client::Result& result : results) Count(result);
                                  Over();
                                });
      case CallKind::kSet:
        return client_.Set(key_, client::OutgoingValue::Borrowed(value_), {},
                           [this](client::Result result) {
                             Count(result);
                             Over();
                           });
    }
  }
  void Count(const client::Result& result) {
    ++result_.operations;
    if (!result.ok()) ++result_.failures;
  }
  void Over() {
    --under_way_;
    if (!over_) return Call();
    if (under_way_ == 0) loop_.Stop();
  }

  const LoadOptions& options_;
  net::EventLoop& loop_;
  client::ClusterClient& client_;
  const std::string key_;
  const std::vector<absl::string_view> keys_;
  const std::string value_;
  LoadResult result_;
  std::size_t under_way_ = 0;
  bool over_ = false;
};

}  // namespace

absl::StatusOr<LoadResult> RunRingcache(const LoadOptions& options) {
  auto loop = net::EpollEventLoop::Create();
  if (!loop.ok()) return loop.status();
  (*loop)->set_spin(absl::Microseconds(options.spin_us));
  auto watcher = client::MakeWatcher(loop->get(), options.server, {});
  if (!watcher.ok()) return watcher.status();
  auto client = client::ClusterClient::Create(loop->get(), *std::move(watcher), {});
  if (!client.ok()) return client.status();
  (*client)->set_on_ready([&] { (*loop)->Stop(); });
  (*loop)->Run();
  return Load(options, loop->get(), client->get()).Run();
}

}  // namespace ringcache::clientload
