#include "router/worker.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace ringcache::router {

Worker::Client::Client(Worker* worker, net::Descriptor socket)
    : session(&worker->context_, worker),
      connection(&worker->context_.traffic, std::move(socket), &session) {
  session.Attach(&connection);
}

Worker::Worker(net::EventLoop* loop, const WorkerDependencies& dependencies)
    : dependencies_(dependencies),
      context_(loop, dependencies.options, dependencies.local, dependencies.reply_bytes) {}

Worker::~Worker() { clients_.clear(); }

void Worker::Adopt(net::Descriptor socket) {
  auto client = std::make_unique<Client>(this, std::move(socket));
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

void Worker::UseTree(std::shared_ptr<RouteTree> tree) {
  ForgetTrees();
  context_.trees.push_back(std::make_unique<TreeInUse>(TreeInUse{std::move(tree), 0}));
}

// Those that nobody uses any more, but the last.
void Worker::ForgetTrees() {
  auto& trees = context_.trees;
  const auto unused = [](const std::unique_ptr<TreeInUse>& tree) { return tree->users == 0; };
  if (trees.empty()) return;
  trees.erase(std::remove_if(trees.begin(), trees.end() - 1, unused), trees.end() - 1);
}

void Worker::DrainAll() {
  for (const auto& client : clients_) client.second->session.Drain();
}

}  // namespace ringcache::router
