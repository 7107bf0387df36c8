#include "server/server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "protocol/standard_reply.h"
#include "storage/restart/restart_report.h"
#include "storage/store_options.h"

namespace ringcache::server {
namespace {

// The phases of its end.
constexpr char kAnnouncing[] = "announcing";
constexpr char kClosing[] = "closing";

storage::StoreOptions StoreOptionsOf(const ServerOptions& options) {
  storage::StoreOptions store;
  store.limit_bytes = options.memory_limit_bytes;
  store.max_item_bytes = options.max_item_bytes;
  store.growth_factor = options.growth_factor;
  store.min_value_bytes = options.min_value_bytes;
  store.chunk_sizes = options.chunk_sizes;
  store.memory_file = options.memory_file;
  store.evict = options.evict;
  store.eviction = options.eviction;
  store.cas = options.cas;
  store.track_sizes = options.track_sizes;
  store.crawl = options.crawl;
  store.move_pages = options.move_pages;
  store.move_ratio = options.move_ratio;
  if (options.initial_items_log2 != 0) store.initial_items_log2 = options.initial_items_log2;
  return store;
}

EventLog::Options EventOptionsOf(const ServerOptions& options) {
  EventLog::Options log;
  log.workers = static_cast<std::size_t>(options.threads);
  log.worker_buffer_bytes = options.worker_buffer_bytes;
  log.watcher_buffer_bytes = options.watcher_buffer_bytes;
  return log;
}

// What -vv and -vvv follow.
EventStreams StreamsShown(int verbosity) {
  EventStreams streams = kNoStreams;
  if (verbosity >= 2) streams |= kRawCommands | kConnectionEvents;
  if (verbosity >= 3) streams |= kFetchers | kMutations | kDeletions | kEvictions | kSystemEvents;
  return streams;
}

}  // namespace

Server::Server(const ServerOptions& options, process::LogSink* log)
    : options_(options),
      log_(*log),
      clock_(static_cast<storage::UnixSeconds>(absl::ToUnixSeconds(absl::Now()))) {
  gauges_.verbosity = options.verbosity;
  refreshable_.Add([this]() -> absl::StatusOr<std::string> {
    SetVerbosity(options_.verbosity);
    return absl::StrCat("verbosity ", options_.verbosity);
  });
}

absl::StatusOr<std::unique_ptr<Server>> Server::Create(const ServerOptions& options,
                                                       process::LogSink* log) {
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  std::unique_ptr<Server> server(new Server(options, log));
  auto loop = net::EpollEventLoop::Create();
  if (!loop.ok()) return loop.status();
  server->loop_ = *std::move(loop);
  server->drain_ = std::make_unique<process::DrainSequence>(
      server->loop_.get(), [server = server.get()] { server->loop_->Stop(); });
  auto store = storage::Store::Create(StoreOptionsOf(options), server->Now());
  if (!store.ok()) return store.status();
  server->store_ = *std::move(store);
  server->TakeMemoryFile();
  server->maintainer_ = std::make_unique<storage::Maintainer>(
      server->store_.get(), [server = server.get()] { return server->Now(); });
  // Listen first: it fails more often than threads do.
  if (absl::Status status = server->Listen(); !status.ok()) return status;
  if (absl::Status status = server->StartWorkers(); !status.ok()) return status;
  return server;
}

Server::~Server() {
  if (admin_ != nullptr) admin_->End();
  listeners_.clear();
  // It posts to the workers.
  if (events_ != nullptr) events_->Stop();
  if (pool_ != nullptr) {
    pool_->Stop();
    pool_->Join();
  }
  // Connections hold pins and pending items of the store.
  workers_.clear();
  // A start that failed leaves the items to the next one.
  CloseMemoryFile();
}

absl::Status Server::Listen() {
  if (!options_.unix_socket.empty()) {
    return ListenOn(absl::StrCat("unix:", options_.unix_socket), 0);
  }
  if (options_.listen.empty()) return ListenOn("*", static_cast<std::uint16_t>(options_.port));
  for (const ListenAddress& address : options_.listen) {
    const int port = address.port == ListenAddress::kDefaultPort ? options_.port : address.port;
    const bool v6 = address.host.find(':') != std::string::npos;
    const std::string host = v6 ? absl::StrCat("[", address.host, "]") : address.host;
    absl::Status status = ListenOn(host.empty() ? "*" : host, static_cast<std::uint16_t>(port));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Server::ListenOn(const std::string& text, std::uint16_t port) {
  const auto addresses = net::SocketAddress::ResolveForBinding(text, port);
  if (!addresses.ok()) return addresses.status();
  net::ListenerOptions options;
  options.backlog = options_.listen_backlog;
  options.unix_mode = options_.unix_mode;
  const std::size_t first = listeners_.size();
  auto listeners =
      net::Listener::CreateAll(loop_.get(), *addresses, options, [this, first](std::size_t i) {
        return [this, index = first + i](net::Descriptor socket) {
          OnAccept(std::move(socket), index);
        };
      });
  if (!listeners.ok()) return listeners.status();
  for (std::unique_ptr<net::Listener>& listener : *listeners) {
    if (gauges_.port == 0) gauges_.port = listener->port();
    names_.push_back(listener->address().ToString());
    listeners_.push_back(std::move(listener));
  }
  return absl::OkStatus();
}

absl::Status Server::StartWorkers() {
  net::WorkerPool::Options options;
  options.workers = static_cast<std::size_t>(options_.threads);
  auto pool = net::WorkerPool::Create(std::move(options));
  if (!pool.ok()) return pool.status();
  pool_ = *std::move(pool);
  WorkerDependencies dependencies;
  dependencies.store = store_.get();
  dependencies.clock = &clock_;
  dependencies.options = &options_;
  dependencies.policy = &policy_;
  dependencies.control = this;
  dependencies.on_client_gone = [this] { OnClientGone(); };
  events_ = std::make_unique<EventLog>(EventOptionsOf(options_));
  evictions_ = std::make_unique<EvictionEvents>(events_.get());
  store_->SetListener(evictions_.get());
  for (std::size_t i = 0; i < pool_->size(); ++i) {
    dependencies.events = events_->writer(i);
    dependencies.seed = i + 1;
    workers_.push_back(std::make_unique<Worker>(pool_->loop(i), dependencies));
    workers_.back()->WatchForIdleClients();
  }
  std::vector<PrefixTable*> prefixes;
  for (const auto& worker : workers_) prefixes.push_back(&worker->prefixes());
  report_ = std::make_unique<StatsReport>(&options_, store_.get(), &clock_, &workers_, &gauges_,
                                          events_.get(), std::move(prefixes));
  std::vector<ListeningSocket> listening;
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    listening.push_back({listeners_[i]->descriptor(), names_[i]});
  }
  report_->SetListeners(std::move(listening));
  FollowEvents(options_.verbosity);
  ServerAdmin::Parts parts;
  parts.options = &options_;
  parts.main_loop = loop_.get();
  parts.pool = pool_.get();
  parts.workers = &workers_;
  parts.report = report_.get();
  parts.gauges = &gauges_;
  parts.drain = drain_.get();
  parts.actions = this;
  admin_ = std::make_unique<ServerAdmin>(parts);
  return absl::OkStatus();
}

std::vector<net::SocketAddress> Server::addresses() const {
  std::vector<net::SocketAddress> addresses;
  for (const auto& listener : listeners_) addresses.push_back(listener->address());
  return addresses;
}

void Server::Run() {
  events_->Start();
  pool_->Start();
  maintainer_->Start();
  gauges_.accepting = true;
  admin_->Begin();
  loop_->Run();
  admin_->End();
  maintainer_->Stop();
  pool_->Stop();
  pool_->Join();
  CloseMemoryFile();
}

storage::UnixSeconds Server::Now() const { return clock_.At(absl::ToUnixSeconds(absl::Now())); }

void Server::TakeMemoryFile() {
  const storage::RestartReport& report = store_->restart_report();
  memory_file_is_open_ = report.has_file;
  if (!report.has_file) return;
  std::string text = absl::StrCat("memory file: starting empty: ", report.reason);
  if (report.warm) {
    text = absl::StrCat("memory file: ", report.items, " items of ", options_.memory_file,
                        " restored in ", report.milliseconds, " ms, ",
                        SecondsSince(report.stopped_at, Now()), " s after the stop; ",
                        report.dropped, " left behind");
  }
  log_.Write(process::LogLevel::kNotice, text);
}

void Server::CloseMemoryFile() {
  if (!memory_file_is_open_) return;
  memory_file_is_open_ = false;
  // Connections hold pins and pending items, and are woken by the log of events.
  if (events_ != nullptr) events_->Stop();
  workers_.clear();
  const absl::Status status = store_->CloseFile(Now());
  if (!status.ok()) {
    return log_.Write(
        process::LogLevel::kError,
        absl::StrCat("memory file: not closed, the next start will be empty: ", status.message()));
  }
  log_.Write(process::LogLevel::kNotice,
             absl::StrCat("memory file: ", options_.memory_file, " closed with ",
                          store_->Stats().items, " items"));
}

void Server::OnAccept(net::Descriptor socket, std::size_t listener) {
  const auto limit = static_cast<std::uint64_t>(options_.max_connections);
  // Relaxed: the worker that closes another connection meanwhile is not waited for.
  if (gauges_.connections.load(std::memory_order_relaxed) >= limit) {
    gauges_.rejected_connections.fetch_add(1, std::memory_order_relaxed);
    return net::Listener::Refuse(std::move(socket),
                                 protocol::ReplyText(protocol::StandardReply::kTooManyConnections));
  }
  const std::uint64_t now = gauges_.connections.fetch_add(1, std::memory_order_relaxed) + 1;
  if (now >= limit && !options_.refuse_excess_connections) LeaveExcessWaiting();
  const std::size_t worker = pool_->NextWorker();
  // A task must be copyable, a descriptor is not.
  const int descriptor = socket.Release();
  pool_->Post(worker, [this, worker, descriptor, listener] {
    workers_[worker]->Adopt(net::Descriptor(descriptor), names_[listener]);
  });
}

void Server::OnClientGone() {
  // Sequentially consistent, as is the other side: it sets awaited_ and then looks at the number,
  // so one of the two sees the other.
  gauges_.connections.fetch_sub(1);
  if (!awaited_.load()) return;
  loop_->Post([this] {
    if (closing_) return StopIfDrained();
    AcceptAgain();
  });
}

void Server::LeaveExcessWaiting() {
  paused_ = true;
  log_.Write(process::LogLevel::kInfo, "the connection limit (-c) is reached: newcomers wait");
  events_->WriteSystem("accept status=paused");
  paused_since_ = loop_->MonotonicNow();
  gauges_.accepting = false;
  gauges_.times_listen_disabled.fetch_add(1, std::memory_order_relaxed);
  for (const auto& listener : listeners_) listener->Pause();
  awaited_.store(true);
  if (gauges_.connections.load() < static_cast<std::uint64_t>(options_.max_connections)) {
    AcceptAgain();
  }
}

void Server::AcceptAgain() {
  if (!paused_) return;
  paused_ = false;
  events_->WriteSystem("accept status=resumed");
  awaited_.store(false);
  gauges_.accepting = true;
  gauges_.listen_disabled_us.fetch_add(
      static_cast<std::uint64_t>(absl::ToInt64Microseconds(loop_->MonotonicNow() - paused_since_)),
      std::memory_order_relaxed);
  for (const auto& listener : listeners_) listener->Resume();
}

// An admin may have begun a longer drain, which whoever ends the process does not wait for.
void Server::RequestShutdown() {
  loop_->Post([this] {
    if (!BeginDrain(options_.drain_wait)) drain_->ShortenPhase(kAnnouncing, options_.drain_wait);
  });
}

void Server::Interrupt() {
  loop_->Post([this] {
    if (!BeginDrain(options_.drain_wait)) drain_->EndPhase(kAnnouncing);
  });
}

bool Server::BeginDrain(absl::Duration wait) {
  std::vector<process::DrainSequence::Phase> phases;
  if (wait > absl::ZeroDuration()) {
    const auto announce = [this, wait] {
      log_.Write(process::LogLevel::kNotice,
                 absl::StrCat("draining: not ready, refusing connections in ",
                              absl::FormatDuration(wait)));
      events_->WriteSystem("drain status=announced");
    };
    phases.push_back({kAnnouncing, wait, announce, /*can_be_undone=*/true});
  }
  phases.push_back({kClosing, kDrainLimit, [this] { BeginClosing(); }});
  return drain_->Begin(std::move(phases));
}

bool Server::Undrain() {
  if (!drain_->Undo()) return false;
  log_.Write(process::LogLevel::kNotice, "draining: taken back");
  events_->WriteSystem("drain status=undone");
  return true;
}

void Server::BeginClosing() {
  closing_ = true;
  log_.Write(process::LogLevel::kNotice,
             absl::StrCat("stopping: waiting for ", gauges_.connections.load(), " connections"));
  events_->WriteSystem(absl::StrCat("shutdown connections=", gauges_.connections.load()));
  awaited_.store(true);
  gauges_.accepting = false;
  for (const auto& listener : listeners_) listener->Stop();
  // Posted behind the last connections that were dealt out, so none is missed.
  pool_->PostToAllThen([this](std::size_t worker) { workers_[worker]->DrainAll(); },
                       [this] { loop_->Post([this] { StopIfDrained(); }); });
}

void Server::StopIfDrained() {
  if (gauges_.connections.load() == 0) drain_->EndPhase(kClosing);
}

std::string Server::Stats(absl::string_view arguments) { return report_->Reply(arguments); }

void Server::SetVerbosity(int level) {
  gauges_.verbosity = level;
  log_.SetVerbosity(level);
  FollowEvents(level);
}

void Server::FollowEvents(int verbosity) {
  events_->SetConsole(StreamsShown(verbosity), [this](absl::string_view line) {
    log_.Write(process::LogLevel::kDebug, line);
  });
}

RefreshList::Outcome Server::Refresh() {
  const RefreshList::Outcome outcome = refreshable_.Run();
  log_.Write(outcome.ok ? process::LogLevel::kNotice : process::LogLevel::kError, outcome.text);
  events_->WriteSystem(absl::StrCat("refresh status=", outcome.ok ? "ok" : "failed"));
  return outcome;
}

// Both ways answer what was received and close the memory file; in memcached only the graceful one
// does.
void Server::Shutdown(bool) { RequestShutdown(); }

}  // namespace ringcache::server
