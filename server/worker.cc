#include "server/worker.h"

#include <sys/socket.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

namespace ringcache::server {
namespace {

// How much later than its time-out an idle connection may be closed: as exact as the option's unit.
constexpr absl::Duration kIdleSweepInterval = absl::Seconds(1);

std::string PeerName(int socket) {
  sockaddr_storage storage;
  socklen_t size = sizeof(storage);
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return "unknown";
  if (storage.ss_family == AF_UNIX) return "unix";
  return net::SocketAddress::FromSockaddr(reinterpret_cast<sockaddr*>(&storage), size).ToString();
}

EventStatus StatusOf(net::CloseReason reason) {
  switch (reason) {
    case net::CloseReason::kPeerClosed:
    case net::CloseReason::kLocal:
      return EventStatus::kNormal;
    case net::CloseReason::kPeerError:
      return EventStatus::kError;
    case net::CloseReason::kDrained:
      return EventStatus::kShutdown;
    case net::CloseReason::kIdle:
      return EventStatus::kIdleTimeout;
  }
  return EventStatus::kNone;
}

}  // namespace

std::string Worker::ShownAddress(const std::string& address) {
  if (address.compare(0, 4, "unix") == 0) return address;
  return absl::StrCat(address[0] == '[' ? "tcp6:" : "tcp:", address);
}

Worker::Client::Client(Worker* worker, net::Descriptor socket, std::string peer,
                       const std::string& listen)
    : peer(std::move(peer)),
      listen_address(listen),
      session(&worker->context_, worker),
      connection(&worker->traffic_, std::move(socket), &session) {
  session.Attach(&connection, connection.descriptor());
}

Worker::Worker(net::EventLoop* loop, const WorkerDependencies& dependencies)
    : loop_(*loop),
      dependencies_(dependencies),
      traffic_(loop),
      context_(loop,
               CommandExecutor(dependencies.store, &stats_, dependencies.clock,
                               dependencies.options, dependencies.control, dependencies.events),
               dependencies.policy, dependencies.options->max_operations_per_event,
               dependencies.seed) {}

Worker::~Worker() {
  net::MutexLock lock(&mutex_);
  clients_.clear();
}

void Worker::Adopt(net::Descriptor socket, const std::string& listen_address) {
  std::string peer = PeerName(socket.get());
  auto client = std::make_unique<Client>(this, std::move(socket), std::move(peer), listen_address);
  client->session.Touch();
  Session* const session = &client->session;
  stats_[ServerCounter::kConnectionsOpened].Add();
  NoteConnection(EventKind::kConnectionNew, EventStatus::kNone, *client);
  net::MutexLock lock(&mutex_);
  clients_.emplace(session, std::move(client));
}

void Worker::NoteConnection(EventKind kind, EventStatus status, const Client& client) {
  EventWriter& events = *dependencies_.events;
  events.Refresh();
  if (!events.Wants(kConnectionEvents)) return;
  Event event;
  event.kind = kind;
  event.status = status;
  event.client = client.session.id();  // its descriptor, also once that is closed
  const auto peer = net::SocketAddress::Parse(client.peer, 0);
  if (peer.ok()) event.port = peer->port();
  absl::string_view host = client.peer;
  if (event.port != 0) host = absl::StripSuffix(host, absl::StrCat(":", event.port));
  host = absl::StripSuffix(absl::StripPrefix(host, "["), "]");
  events.Write(event, host);
}

void Worker::OnSessionClosed(Session* session, net::CloseReason reason) {
  std::unique_ptr<Client> client;
  {
    net::MutexLock lock(&mutex_);
    const auto found = clients_.find(session);
    client = std::move(found->second);
    clients_.erase(found);
  }
  NoteConnection(EventKind::kConnectionClose, StatusOf(reason), *client);
  stats_[ServerCounter::kConnectionsClosed].Add();
  dependencies_.on_client_gone();
}

void Worker::DrainAll() {
  // Draining may close, and closing changes the map.
  std::vector<Session*> sessions;
  {
    net::MutexLock lock(&mutex_);
    for (const auto& client : clients_) sessions.push_back(client.first);
  }
  for (Session* session : sessions) session->Drain();
}

void Worker::Flush(std::int64_t delay) {
  context_.executor.SetWallTime(absl::ToUnixSeconds(loop_.WallNow()));
  context_.executor.Flush(delay);
}

void Worker::WatchForIdleClients() {
  if (dependencies_.options->idle_timeout_s == 0) return;
  loop_.RunAfter(kIdleSweepInterval, [this] {
    CloseIdleClients();
    WatchForIdleClients();
  });
}

void Worker::CloseIdleClients() {
  const int limit_s = dependencies_.options->idle_timeout_s;
  std::vector<net::Connection*> idle;
  {
    net::MutexLock lock(&mutex_);
    for (const auto& client : clients_) {
      // memcached lets watchers be as idle as they like.
      if (client.first->watching()) continue;
      const std::size_t pending = client.second->connection.pending_bytes();
      if (pending != std::exchange(client.second->pending_bytes, pending)) client.first->Touch();
      if (client.first->idle_s() > limit_s) idle.push_back(&client.second->connection);
    }
  }
  for (net::Connection* connection : idle) {
    stats_[ServerCounter::kIdleKicks].Add();
    connection->Close(net::CloseReason::kIdle);
  }
}

std::size_t Worker::clients() const {
  net::MutexLock lock(&mutex_);
  return clients_.size();
}

void Worker::DescribeClients(std::string* text) const {
  net::MutexLock lock(&mutex_);
  for (const auto& [session, client] : clients_) {
    const int id = client->connection.descriptor();
    absl::StrAppend(text, "STAT ", id, ":addr ", ShownAddress(client->peer), "\r\n");
    absl::StrAppend(text, "STAT ", id, ":listen_addr ", ShownAddress(client->listen_address),
                    "\r\n");
    absl::StrAppend(text, "STAT ", id, ":state ", session->blocked() ? "conn_mwrite" : "conn_read",
                    "\r\n");
    absl::StrAppend(text, "STAT ", id, ":resps_waiting ", session->blocked() ? 1 : 0, "\r\n");
    absl::StrAppend(text, "STAT ", id, ":secs_since_last_cmd ", session->idle_s(), "\r\n");
  }
}

}  // namespace ringcache::server
