#include "router/scenarios/scenario_fixture.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/connection_resources.h"
#include "discovery/dns_message.h"
#include "router/backend/backend_pools.h"
#include "router/config/config_file.h"
#include "router/route/tree_builder.h"

namespace ringcache::router {
namespace {

constexpr char kDomain[] = ".shop.svc.cluster.local";

std::string Fields(absl::string_view fields) {
  return fields.empty() ? "" : absl::StrCat(", ", fields);
}

}  // namespace

ScenarioFixture::ScenarioFixture() {
  options_.discovery.resolver = &dns_;
  options_.discovery.grace = kGrace;
  options_.discovery.seed = 1;
  options_.miss_on_get_errors = false;
}

void ScenarioFixture::Serve(const std::string& config) {
  MakeWorker(kServers);
  followers_ = std::make_unique<PoolFollowers>(
      &loop_, options_.discovery,
      [this](const PoolConfig& pool, const PoolFollowers::Snapshot& members) {
        loop_.Post([this, name = pool.name, members] {
          const absl::Status status = worker_->UpdatePool(name, members);
          EXPECT_TRUE(status.ok()) << status;
        });
      });
  const absl::Status status = Reload(config);
  ASSERT_TRUE(status.ok()) << status;
  loop_.RunUntil([this] { return configurations_ > 0; }, kPatience);
  Settle();
}

absl::Status ScenarioFixture::Reload(const std::string& config) {
  const auto file = ConfigFile::Parse("router.json", config);
  if (!file.ok()) return file.status();
  auto read = RouterConfig::Read(*file);
  if (!read.ok()) return read.status();
  return Stage(*std::move(read));
}

absl::Status ScenarioFixture::Stage(std::shared_ptr<const RouterConfig> config) {
  // Routes on nobody's account.
  client::ConnectionResources resources(&loop_);
  BackendPools pools(&resources, options_.cluster);
  const auto tree = BuildRouteTree(*config, options_.routes, options_.tree, &pools);
  if (!tree.ok()) return tree.status();
  return followers_->Stage((*tree)->pools(), kPatience, [this, config] { UseStaged(config); });
}

void ScenarioFixture::UseStaged(const std::shared_ptr<const RouterConfig>& config) {
  followers_->UseStaged();
  loop_.Post([this, config] {
    const absl::Status status = worker_->UseConfig(*config);
    EXPECT_TRUE(status.ok()) << status;
    ++configurations_;
  });
}

std::string ScenarioFixture::Config(const std::vector<std::pair<std::string, std::string>>& pools,
                                    absl::string_view route) {
  return absl::StrCat("{\"pools\": {",
                      absl::StrJoin(pools, ",\n",
                                    [](std::string* out, const auto& pool) {
                                      absl::StrAppend(out, "\"", pool.first, "\": ", pool.second);
                                    }),
                      "},\n\"route\": ", route, "}");
}

std::string ScenarioFixture::List(const std::vector<std::size_t>& servers,
                                  absl::string_view fields) {
  return absl::StrCat("{\"servers\": [",
                      absl::StrJoin(servers, ", ",
                                    [](std::string* out, std::size_t server) {
                                      absl::StrAppend(out, "\"", AddressOf(server).ToString(),
                                                      "\"");
                                    }),
                      "]", Fields(fields), "}");
}

std::string ScenarioFixture::Following(absl::string_view service, absl::string_view fields) {
  return absl::StrCat("{\"discovery\": \"dnssrv+_memcached._tcp.", service, kDomain, ".\"",
                      Fields(fields), "}");
}

void ScenarioFixture::SetPods(const std::string& service, const Pods& pods) {
  const std::string name = absl::StrCat("_memcached._tcp.", service, kDomain);
  std::vector<discovery::DnsRecord> records;
  for (const auto& [pod, server] : pods) {
    const std::string target = absl::StrCat(pod, ".", service, kDomain);
    records.push_back(discovery::ServiceRecord(name, target, AddressOf(server).port()));
    SetHost(target, server);
  }
  dns_.Set(name, discovery::DnsType::kSrv, std::move(records));
}

void ScenarioFixture::SetHost(const std::string& host, std::size_t server) {
  dns_.Set(host, discovery::DnsType::kA,
           {discovery::AddressRecord(host, AddressOf(server).host())});
}

void ScenarioFixture::TruncateDns() {
  dns_.adapt = [](const std::string&, discovery::DnsType type, discovery::DnsReply* reply) {
    if (type != discovery::DnsType::kSrv || reply->answer.answers.empty()) return;
    reply->asked_over_tcp = reply->answer.truncated = true;
    reply->answer.answers.pop_back();
  };
}

std::string ScenarioFixture::KeyOf(std::size_t server, int number) const {
  constexpr int kEnough = 100'000;
  const BackendPool* pool = nullptr;
  worker_->pools().ForEach([&](const BackendPool& known) {
    for (std::uint32_t i = 0; i < known.size() && pool == nullptr; ++i) {
      if (known.member(i).member().address == AddressOf(server)) pool = &known;
    }
  });
  for (int i = 0; i < kEnough && pool != nullptr; ++i) {
    std::string key = absl::StrCat("key", i);
    const discovery::Member& owner = pool->member(pool->OwnerOf(key)).member();
    if (owner.address == AddressOf(server) && number-- == 0) return key;
  }
  ADD_FAILURE() << "server " << server << " owns nothing";
  return "none";
}

std::vector<std::string> ScenarioFixture::Keys(int count) {
  std::vector<std::string> keys;
  for (int i = 0; i < count; ++i) keys.push_back(absl::StrCat("key", i));
  return keys;
}

std::map<std::string, std::size_t> ScenarioFixture::Owners(
    const std::vector<std::string>& keys) const {
  std::map<std::string, std::size_t> owners;
  worker_->pools().ForEach([&](const BackendPool& pool) {
    if (pool.name() != "A") return;
    for (const std::string& key : keys) {
      const net::SocketAddress address = pool.member(pool.OwnerOf(key)).member().address;
      std::size_t server = 0;
      while (server < kServers && AddressOf(server) != address) ++server;
      owners[key] = server;
    }
  });
  return owners;
}

std::string ScenarioFixture::Get(absl::string_view key) {
  return absl::StrCat("get ", key, "\r\n");
}

std::string ScenarioFixture::Delete(absl::string_view key) {
  return absl::StrCat("delete ", key, "\r\n");
}

std::string ScenarioFixture::Hit(absl::string_view key, absl::string_view value) {
  return absl::StrCat(Found(key, value), kMiss);
}

// The reply to what is asked last, and is answered on the spot when all before it is.
ScenarioFixture::Told ScenarioFixture::Await(Client& client, absl::string_view text) {
  static constexpr char kLast[] = "MN\r\n";
  const absl::Duration start = loop_.MonotonicNow();
  client.peer.Say(absl::StrCat(text, "mn\r\n"));
  EXPECT_TRUE(loop_.RunUntil([&] { return absl::EndsWith(client.peer.received(), kLast); },
                             absl::Minutes(1)))
      << "no reply to " << text;
  const absl::Duration end = loop_.MonotonicNow();
  std::string reply = Heard(client);
  reply.resize(reply.size() - std::min(reply.size(), sizeof(kLast) - 1));
  return {std::move(reply), end - start};
}

std::string ScenarioFixture::ValueAt(std::size_t server, const std::string& key) {
  const auto* const item = member(server).cache().Find(key, loop_.WallNow());
  return item == nullptr ? "none" : item->value;
}

std::size_t ScenarioFixture::Count(std::size_t server, absl::string_view line) {
  const std::vector<std::string> lines = LinesTo(server);
  return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line));
}

void ScenarioFixture::ForgetLines() {
  for (const auto& server : members_) server->ForgetSeen();
}

}  // namespace ringcache::router
