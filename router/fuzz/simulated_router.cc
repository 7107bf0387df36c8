#include "router/fuzz/simulated_router.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "discovery/watcher.h"
#include "net/simulated_connection.h"
#include "net/simulated_socket.h"
#include "router/backend/backend_pool.h"
#include "router/config/config_file.h"
#include "router/config/router_config.h"

namespace ringcache::router {

void Require(bool condition) {
  if (!condition) std::abort();
}

void SimulatedRouter::End() {
  for (const auto& client : clients_) client->HangUp();
  Pass(kLongest);
  Require(worker_->clients() == 0);
  Require(worker_->exchanges() == 0);
  worker_.reset();
  Require(reply_bytes_.load() == 0);
}

net::SocketAddress SimulatedRouter::AddressOf(std::size_t member) {
  return net::SocketAddress::Parse(absl::StrCat("10.0.0.", member + 1, ":11211"), 0).value();
}

void SimulatedRouter::Start(const std::string& config,
                            const std::map<std::string, std::vector<std::size_t>>& pools) {
  WorkerDependencies dependencies;
  dependencies.options = &options_;
  dependencies.local = &commands_;
  dependencies.reply_bytes = &reply_bytes_;
  dependencies.dialer = &network_;
  dependencies.on_client_gone = [] {};
  worker_ = std::make_unique<Worker>(&loop_, dependencies);
  const auto file = ConfigFile::Parse("fuzz", config);
  Require(file.ok());
  const auto read = RouterConfig::Read(*file);
  Require(read.ok());
  Require(worker_->UseConfig(**read).ok());
  for (const auto& [name, members] : pools) Publish(name, members);
}

void SimulatedRouter::Publish(const std::string& pool, const std::vector<std::size_t>& members) {
  auto snapshot = std::make_shared<discovery::Snapshot>();
  snapshot->version = 1;
  for (const std::size_t index : members) {
    discovery::Member member;
    member.name = absl::StrCat("cache-", index);
    member.port = 11211;
    member.address = AddressOf(index);
    snapshot->members.push_back(member);
  }
  Require(worker_->UpdatePool(pool, std::move(snapshot)).ok());
}

client::SimulatedPeer* SimulatedRouter::Connect() {
  std::pair<net::SimulatedSocket, net::SimulatedSocket> ends = network_.MakePair();
  clients_.push_back(std::make_unique<client::SimulatedPeer>(std::move(ends.second)));
  worker_->AdoptConnection([&ends](net::ConnectionContext* context, net::Session* session) {
    return std::make_unique<net::SimulatedConnection>(context, std::move(ends.first), session);
  });
  return clients_.back().get();
}

std::size_t SimulatedRouter::OwnerOf(absl::string_view key) const {
  std::size_t owner = 0;
  worker_->pools().ForEach([&owner, key](const BackendPool& pool) {
    if (pool.name() != "A") return;
    const net::SocketAddress address = pool.member(pool.OwnerOf(key)).member().address;
    while (AddressOf(owner) != address) ++owner;
  });
  return owner;
}

absl::string_view SimulatedRouter::LocalAnswer(const protocol::Request& request) {
  switch (request.operation) {
    case protocol::Operation::kVersion:
      return "VERSION simulated\r\n";
    case protocol::Operation::kFlushAll:
    case protocol::Operation::kVerbosity:
      return "OK\r\n";
    case protocol::Operation::kStats:
      return "STAT version simulated\r\nEND\r\n";
    default:
      return "ERROR\r\n";
  }
}

std::string SimulatedRouter::AdminAnswer(absl::string_view command) {
  return absl::StrCat("told of ", command);
}

}  // namespace ringcache::router
