#include "router/worker.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "net/socket_connection.h"
#include "router/broadcast_exchange.h"
#include "router/multi_get_exchange.h"
#include "router/route/tree_builder.h"
#include "router/single_exchange.h"
#include "router/upload_exchange.h"

namespace ringcache::router {
namespace {

// How often it is looked whether routes that were replaced are still in use.
constexpr absl::Duration kForgetInterval = absl::Milliseconds(100);

}  // namespace

Worker::Client::Client(Worker* worker, MakeConnection make)
    : session(&worker->context_, worker), connection(make(&worker->context_.traffic, &session)) {
  session.Attach(connection.get());
}

Worker::Worker(net::EventLoop* loop, const WorkerDependencies& dependencies)
    : dependencies_(dependencies),
      context_(loop, dependencies.options, dependencies.local, dependencies.reply_bytes,
               dependencies.dialer, dependencies.seed),
      pools_(&context_.resources, dependencies.options->cluster),
      publisher_(loop, [this] { return TakeSnapshot(); }) {
  context_.resources.gates = dependencies.gates;
}

Worker::~Worker() {
  if (forget_timer_ != 0) context_.loop.CancelTimer(forget_timer_);
  // What waits for members or for a time comes to its end before what it uses goes.
  context_.resources.closing = true;
  pools_.Close();
  context_.calls.Close();
  clients_.clear();
  context_.trees.clear();
}

void Worker::Adopt(net::Descriptor socket) {
  AdoptConnection([&socket](net::ConnectionContext* context, net::Session* session) {
    return std::make_unique<net::SocketConnection>(context, std::move(socket), session);
  });
}

void Worker::AdoptConnection(MakeConnection make) {
  auto client = std::make_unique<Client>(this, make);
  ClientSession* const session = &client->session;
  context_.counters[RouterCounter::kConnectionsOpened].Add();
  clients_.emplace(session, std::move(client));
}

void Worker::OnSessionClosed(ClientSession* session, net::CloseReason) {
  const auto found = clients_.find(session);
  const std::unique_ptr<Client> client = std::move(found->second);
  clients_.erase(found);
  context_.counters[RouterCounter::kConnectionsClosed].Add();
  dependencies_.on_client_gone();
}

absl::Status Worker::UseConfig(const RouterConfig& config) {
  RouteSettings settings = context_.options.routes;
  settings.seed = dependencies_.seed;
  auto tree = BuildRouteTree(config, settings, context_.options.tree, &pools_);
  if (!tree.ok()) return tree.status();
  UseTree(*std::move(tree));
  publisher_.Publish();
  return absl::OkStatus();
}

absl::Status Worker::UpdatePool(const std::string& name,
                                std::shared_ptr<const discovery::Snapshot> snapshot) {
  const absl::Status status = pools_.Update(name, std::move(snapshot));
  // Who asks whether the router is ready learns of it at once.
  publisher_.Publish();
  return status;
}

void Worker::UseTree(std::shared_ptr<RouteTree> tree) {
  // Keys may belong to others now.
  if (context_.hot_keys.caches()) context_.hot_keys.cache().DropAll();
  context_.trees.push_back(std::make_unique<TreeInUse>(TreeInUse{std::move(tree), 0}));
  ForgetTrees();
}

// Those that nobody uses any more, but the last. Not from within a callback of a member's
// connection: pools may go with them.
void Worker::ForgetTrees() {
  auto& trees = context_.trees;
  trees.erase(std::remove_if(trees.begin(), trees.end() - 1,
                             [](const std::unique_ptr<TreeInUse>& tree) {
                               return tree->users == 0 && tree->tree.use_count() == 1;
                             }),
              trees.end() - 1);
  if (trees.size() > 1 && forget_timer_ == 0) {
    forget_timer_ = context_.loop.RunAfter(kForgetInterval, [this] {
      forget_timer_ = 0;
      ForgetTrees();
    });
  }
}

WorkerSnapshot Worker::TakeSnapshot() const {
  WorkerSnapshot snapshot;
  snapshot.has_routes = !context_.trees.empty();
  snapshot.clients = clients_.size();
  snapshot.exchanges = exchanges();
  snapshot.calls = context_.calls.running();
  snapshot.broadcasts = context_.broadcasts.in_use();
  snapshot.hot_keys = context_.hot_keys.cache().keys();
  snapshot.hot_key_bytes = context_.hot_keys.cache().bytes();
  pools_.ForEach(
      [&snapshot](const BackendPool& pool) { snapshot.pools.push_back(SnapshotOf(pool)); });
  return snapshot;
}

// In the loop's next round: in between it looks once more at what has arrived.
void Worker::DrainAll() {
  context_.loop.Post([this] {
    for (const auto& client : clients_) client.second->session.Drain();
  });
}

}  // namespace ringcache::router
