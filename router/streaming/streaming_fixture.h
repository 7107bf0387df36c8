// Base of tests of values that stream through the router: its sessions, and members and clients
// that do what the test says, in simulated time.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_STREAMING_STREAMING_FIXTURE_H_
#define RINGCACHE_ROUTER_STREAMING_STREAMING_FIXTURE_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/simulation/simulated_backend.h"
#include "client/stream/simulated_peer.h"
#include "discovery/member.h"
#include "discovery/watcher.h"
#include "gtest/gtest.h"
#include "net/connection.h"
#include "net/simulated_connection.h"
#include "net/simulated_loop.h"
#include "net/simulated_network.h"
#include "net/socket_address.h"
#include "router/backend/backend_pool.h"
#include "router/client_session.h"
#include "router/route/pool_route.h"
#include "router/route/route_tree.h"
#include "router/router_options.h"
#include "router/worker_context.h"

namespace ringcache::router {

class StreamingFixture : public testing::Test {
 protected:
  static constexpr absl::Duration kTimeout = absl::Seconds(1);
  static constexpr std::size_t kMembers = 2;
  // Longer values stream.
  static constexpr std::size_t kHeldBytes = 100'000;
  static constexpr std::size_t kLargeBytes = 1'000'000;

  // A client's two ends.
  struct Client final : ClientSessionOwner {
    Client(WorkerContext* worker, std::pair<net::SimulatedSocket, net::SimulatedSocket> ends)
        : session(std::make_unique<ClientSession>(worker, this)),
          connection(std::make_unique<net::SimulatedConnection>(
              &worker->traffic, std::move(ends.first), session.get())),
          peer(std::move(ends.second)) {
      session->Attach(connection.get());
    }
    void OnSessionClosed(ClientSession*, net::CloseReason) override {
      session.reset();
      connection.reset();
    }
    const std::string& received() const { return peer.received(); }

    std::unique_ptr<ClientSession> session;  // null: closed
    std::unique_ptr<net::SimulatedConnection> connection;
    client::SimulatedPeer peer;
  };

  StreamingFixture() {
    options_.max_held_value_bytes = kHeldBytes;
    options_.miss_on_get_errors = false;
  }
  ~StreamingFixture() override {
    clients_.clear();
    worker_->resources.closing = true;
    worker_->calls.Close();
    pool_->Close();
    loop_.RunFor(absl::ZeroDuration());
    pool_.reset();
    EXPECT_EQ(reply_bytes_, 0u) << "what was kept is not accounted for";
  }

  // After the options and links were set, before all else. Members are peers that say what the test
  // says, or caches.
  enum class Members { kPeers, kCaches };
  void Start(Members members = Members::kPeers) {
    worker_ = std::make_unique<WorkerContext>(&loop_, &options_, &local_, &reply_bytes_, &network_);
    BackendPoolOptions options;
    options.name = "A";
    options.cluster.timeout = kTimeout;
    options.cluster.member.connection.keep_requests = true;
    pool_ = std::make_unique<BackendPool>(&worker_->resources, options);
    discovery::Snapshot snapshot;
    snapshot.version = 1;
    for (std::size_t i = 0; i < kMembers; ++i) {
      if (members == Members::kPeers) {
        members_.push_back(std::make_unique<client::SimulatedPeer>(&network_, AddressOf(i)));
      } else {
        caches_.push_back(
            std::make_unique<client::SimulatedBackend>(&loop_, &network_, AddressOf(i)));
      }
      discovery::Member member;
      member.name = absl::StrCat("cache-", i);
      member.port = 11211;
      member.address = AddressOf(i);
      snapshot.members.push_back(member);
    }
    ASSERT_TRUE(pool_->Update(snapshot).ok());
    UseRoute(std::make_unique<PoolRoute>(pool_.get()));
  }
  void UseRoute(std::unique_ptr<Route> route) {
    auto tree = std::make_shared<RouteTree>(std::move(route), std::vector{pool_.get()});
    worker_->trees.push_back(std::make_unique<TreeInUse>(TreeInUse{std::move(tree), 0}));
  }
  static net::SocketAddress AddressOf(std::size_t member) {
    return net::SocketAddress::Loopback(static_cast<std::uint16_t>(11211 + member));
  }

  Client* Connect(const net::LinkOptions& link = {}) {
    return clients_.emplace_back(std::make_unique<Client>(worker_.get(), network_.MakePair(link)))
        .get();
  }
  client::SimulatedPeer& member(std::size_t index) { return *members_[index]; }
  client::SimulatedBackend& cache(std::size_t index) { return *caches_[index]; }
  // A key of that member; another one for another number.
  std::string KeyOf(std::size_t index, int number = 0) const {
    for (int i = 0;; ++i) {
      const std::string key = absl::StrCat("key", i);
      const std::string& owner = pool_->member(pool_->OwnerOf(key)).member().name;
      if (owner == absl::StrCat("cache-", index) && number-- == 0) return key;
    }
  }
  // Runs what is to be done at once.
  void Settle() { loop_.RunFor(absl::ZeroDuration()); }

  static std::string Value(std::size_t bytes) {
    std::string value(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) value[i] = static_cast<char>(i * 7 + i / 251);
    return value;
  }
  static std::string Found(absl::string_view key, absl::string_view value) {
    return absl::StrCat("VALUE ", key, " 0 ", value.size(), "\r\n", value, "\r\n");
  }

  class NoLocalCommands final : public LocalCommands {
   public:
    std::string Answer(const protocol::Request&) override { return "ERROR\r\n"; }
    absl::StatusOr<std::string> AnswerKey(absl::string_view, const RouteTree&) override {
      return std::string();
    }
  };

  net::SimulatedLoop loop_;
  net::SimulatedNetwork network_{&loop_};
  RouterOptions options_;
  NoLocalCommands local_;
  std::atomic<std::size_t> reply_bytes_{0};
  std::vector<std::unique_ptr<client::SimulatedPeer>> members_;
  std::vector<std::unique_ptr<client::SimulatedBackend>> caches_;
  std::unique_ptr<WorkerContext> worker_;
  std::unique_ptr<BackendPool> pool_;
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_STREAMING_STREAMING_FIXTURE_H_
