// Base of tests of the router's data path: a worker in simulated time between clients that say what
// the test says and members that are small memcacheds:
//
//   Start();
//   Client& client = Connect();
//   EXPECT_EQ(Ask(client, "set k 0 0 1\r\nx\r\n"), "STORED\r\n");
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_ROUTER_FIXTURE_H_
#define RINGCACHE_ROUTER_ROUTER_FIXTURE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/gate/member_gate.h"
#include "client/simulation/simulated_backend.h"
#include "client/stream/simulated_peer.h"
#include "discovery/watcher.h"
#include "gtest/gtest.h"
#include "net/simulated_connection.h"
#include "net/simulated_loop.h"
#include "net/simulated_network.h"
#include "net/simulated_socket.h"
#include "net/socket_address.h"
#include "protocol/operation.h"
#include "router/backend/backend_pool.h"
#include "router/config/config_file.h"
#include "router/config/router_config.h"
#include "router/counting_connection.h"
#include "router/counting_dialer.h"
#include "router/route/route.h"
#include "router/route/route_tree.h"
#include "router/router_options.h"
#include "router/worker.h"

namespace ringcache::router {

class RouterFixture : public testing::Test {
 protected:
  static constexpr absl::Duration kMs = absl::Milliseconds(1);
  static constexpr absl::Duration kTimeout = absl::Milliseconds(100);

  struct Client {
    explicit Client(net::SimulatedSocket socket) : peer(std::move(socket)) {}

    client::SimulatedPeer peer;
    int writes = 0;  // of the router, to this client
  };

  RouterFixture() { options_.cluster.timeout = kTimeout; }
  // Whatever the test did, nothing of it is left once everybody has gone.
  void TearDown() override {
    for (const auto& client : clients_) client->peer.HangUp();
    loop_.RunFor(absl::Seconds(10));
    if (worker_ != nullptr) {
      EXPECT_EQ(worker_->clients(), 0u);
      EXPECT_EQ(worker_->exchanges(), 0u) << "a request has not ended";
    }
    worker_.reset();
    EXPECT_EQ(reply_bytes_.load(), 0u) << "what was kept is not accounted for";
  }

  // After the options were set, before all else: one of these. Pool "A" has `members` members.
  void Start(std::size_t members = 3) {
    StartWith(
        absl::StrCat(R"({"pools": {"A": )", PoolJson(members), R"(}, "route": "PoolRoute|A"})"),
        members);
  }
  void StartWith(const std::string& config, std::size_t members) {
    MakeWorker(members);
    const auto file = ConfigFile::Parse("test", config);
    ASSERT_TRUE(file.ok()) << file.status();
    const auto read = RouterConfig::Read(*file);
    ASSERT_TRUE(read.ok()) << read.status();
    const absl::Status status = worker_->UseConfig(**read);
    ASSERT_TRUE(status.ok()) << status;
    std::vector<std::size_t> all(members);
    std::iota(all.begin(), all.end(), 0);
    Publish("A", all);
  }
  void StartWith(std::unique_ptr<Route> route) {
    MakeWorker(0);
    worker_->UseTree(std::make_shared<RouteTree>(std::move(route)));
  }
  static std::string PoolJson(std::size_t members) {
    std::vector<std::string> servers;
    for (std::size_t i = 0; i < members; ++i) {
      servers.push_back(absl::StrCat("\"", AddressOf(i).ToString(), "\""));
    }
    return absl::StrCat(R"({"servers": [)", absl::StrJoin(servers, ", "), "]}");
  }

  // Without routes; its members run.
  void MakeWorker(std::size_t members) {
    for (std::size_t i = 0; i < members; ++i) {
      members_.push_back(
          std::make_unique<client::SimulatedBackend>(&loop_, &network_, AddressOf(i)));
    }
    WorkerDependencies dependencies;
    dependencies.options = &options_;
    dependencies.local = &local_;
    dependencies.reply_bytes = &reply_bytes_;
    dependencies.dialer = &dialer_;
    dependencies.gates = gates_;
    dependencies.on_client_gone = [this] { ++clients_gone_; };
    worker_ = std::make_unique<Worker>(&loop_, dependencies);
  }

  // From now on the pool has these members.
  void Publish(const std::string& pool, const std::vector<std::size_t>& members) {
    auto snapshot = std::make_shared<discovery::Snapshot>();
    snapshot->version = ++published_;
    for (const std::size_t index : members) {
      discovery::Member member;
      member.name = absl::StrCat("10.0.0.", index + 1);
      member.port = 11211;
      member.address = AddressOf(index);
      snapshot->members.push_back(member);
    }
    const absl::Status status = worker_->UpdatePool(pool, std::move(snapshot));
    ASSERT_TRUE(status.ok()) << status;
  }

  Client& Connect(const net::LinkOptions& link = {}) {
    std::pair<net::SimulatedSocket, net::SimulatedSocket> ends = network_.MakePair(link);
    clients_.push_back(std::make_unique<Client>(std::move(ends.second)));
    Client& client = *clients_.back();
    worker_->AdoptConnection([&](net::ConnectionContext* context, net::Session* session) {
      return std::make_unique<CountingConnection>(
          std::make_unique<net::SimulatedConnection>(context, std::move(ends.first), session),
          &client.writes);
    });
    return client;
  }
  // What can be done without time passing is done.
  void Settle() { loop_.RunFor(absl::ZeroDuration()); }
  void Pass(absl::Duration time) { loop_.RunFor(time); }

  // What it has heard since this was asked last.
  static std::string Heard(Client& client) {
    std::string heard = client.peer.received();
    client.peer.ForgetReceived();
    return heard;
  }
  // The same for what is too long to be shown.
  static void ExpectHeard(Client& client, absl::string_view expected) {
    const std::string heard = Heard(client);
    if (heard == expected) return;
    std::size_t at = 0;
    while (at < heard.size() && at < expected.size() && heard[at] == expected[at]) ++at;
    ADD_FAILURE() << "heard " << heard.size() << " bytes instead of " << expected.size()
                  << ", which differ from " << at << " on: \""
                  << absl::CHexEscape(absl::string_view(heard).substr(at, 50)) << "\" instead of \""
                  << absl::CHexEscape(expected.substr(at, 50)) << "\"";
  }
  std::string Ask(Client& client, absl::string_view text) {
    client.peer.Say(text);
    Settle();
    return Heard(client);
  }

  client::SimulatedBackend& member(std::size_t index) { return *members_[index]; }
  static net::SocketAddress AddressOf(std::size_t member) {
    return net::SocketAddress::Parse(absl::StrCat("10.0.0.", member + 1, ":11211"), 0).value();
  }
  int writes_to(std::size_t member) { return dialer_.writes(AddressOf(member)); }
  // A key of that member of pool "A"; another one for another number.
  std::string KeyOf(std::size_t member, int number = 0) const {
    const BackendPool* pool = nullptr;
    worker_->pools().ForEach([&](const BackendPool& known) {
      if (known.name() == "A") pool = &known;
    });
    for (int i = 0;; ++i) {
      std::string key = absl::StrCat("key", i);
      const auto& owner = pool->member(pool->OwnerOf(key)).member();
      if (owner.address == AddressOf(member) && number-- == 0) return key;
    }
  }
  // Puts an item where the router will look for it.
  void Store(const std::string& key, absl::string_view value) {
    Client& client = Connect();
    EXPECT_EQ(Ask(client, Set(key, value)), "STORED\r\n");
    client.peer.HangUp();
    Settle();
  }
  // On all connections, since the test began or forgot them.
  std::vector<std::string> LinesTo(std::size_t member) { return members_[member]->seen_lines(); }

  static std::string Set(absl::string_view key, absl::string_view value) {
    return absl::StrCat("set ", key, " 0 0 ", value.size(), "\r\n", value, "\r\n");
  }
  static std::string Found(absl::string_view key, absl::string_view value) {
    return absl::StrCat("VALUE ", key, " 0 ", value.size(), "\r\n", value, "\r\n");
  }
  // In which no part looks like another, nor like the same part of another salt's.
  static std::string Bytes(std::size_t bytes, unsigned salt = 0) {
    std::string value(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) {
      value[i] = static_cast<char>(i * 7 + i / 251 + salt * 31);
    }
    return value;
  }

  class FewCommands final : public LocalCommands {
   public:
    std::string Answer(const protocol::Request& request) override {
      return request.operation == protocol::Operation::kFlushAll ? "OK\r\n" : "VERSION test\r\n";
    }
    absl::StatusOr<std::string> AnswerKey(absl::string_view command, const RouteTree&) override {
      return absl::StrCat("told of ", command);
    }
  };

  net::SimulatedLoop loop_;
  net::SimulatedNetwork network_{&loop_};
  CountingDialer dialer_{&network_};
  RouterOptions options_;
  client::MemberGates* gates_ = nullptr;  // if members are behind any
  FewCommands local_;
  std::atomic<std::size_t> reply_bytes_{0};
  std::vector<std::unique_ptr<client::SimulatedBackend>> members_;
  std::unique_ptr<Worker> worker_;
  std::vector<std::unique_ptr<Client>> clients_;
  int clients_gone_ = 0;

 private:
  std::uint64_t published_ = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTER_FIXTURE_H_
