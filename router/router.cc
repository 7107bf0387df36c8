#include "router/router.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/endpoint.h"
#include "hashring/member_name.h"
#include "hashring/ring_options.h"
#include "protocol/standard_reply.h"
#include "router/backend/pool_members.h"
#include "router/config/config_file.h"
#include "router/config/simple_config.h"
#include "router/options.h"
#include "router/route/stable_hash.h"
#include "router/route/tree_builder.h"

namespace ringcache::router {

using process::LogLevel;

namespace {

// The phases of its end.
constexpr char kAnnouncing[] = "announcing";
constexpr char kClosing[] = "closing";

std::string SimpleText(const RouterOptions& options) {
  SimpleConfig config;
  config.servers = options.servers;
  config.placement = std::string(RowOf(options.cluster.ring.placement).name);
  config.key_hash = std::string(NameOf(options.cluster.ring.key_hash));
  config.failover = options.failover;
  config.replicas = options.max_failovers;
  config.warm_up = options.warm_up;
  return SimpleConfigText(config);
}

// Never 0.
std::uint32_t HostIdOfName() {
  char name[HOST_NAME_MAX + 1] = "";
  (void)gethostname(name, sizeof(name));
  return static_cast<std::uint32_t>(StableHash(name)) | 1;
}

// Without a configuration keys have no prefixes.
RouterOptions Completed(RouterOptions options, process::LogSink* log) {
  options.routes.log = log;
  if (options.routes.host_id == 0) options.routes.host_id = HostIdOfName();
  if (!options.servers.empty()) options.tree.routing_prefixes = false;
  return options;
}

absl::StatusOr<std::shared_ptr<const ConfigFile>> ReadFile(const RouterOptions& options) {
  if (!options.config_file.empty()) return ConfigFile::Read(options.config_file);
  if (!options.config_text.empty()) {
    return ConfigFile::Parse(std::string(ConfigFile::kFromFlag), options.config_text);
  }
  return ConfigFile::Parse(std::string(kSimpleConfigName), SimpleText(options));
}

}  // namespace

Router::Router(const RouterOptions& options, process::LogSink* log,
               std::unique_ptr<net::EpollEventLoop> loop)
    : options_(Completed(options, &workers_log_)),
      log_(*log),
      loop_(std::move(loop)),
      workers_log_(loop_.get(), log),
      monitor_(log, options.verbosity, &workers_, &connections_, &reply_bytes_),
      commands_(&options_, &monitor_, options.command_line, SpellOptions(options)),
      drain_(loop_.get(), [this] { loop_->Stop(); }) {}

absl::StatusOr<std::unique_ptr<Router>> Router::Create(const RouterOptions& options,
                                                       process::LogSink* log) {
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  auto loop = net::EpollEventLoop::Create();
  if (!loop.ok()) return loop.status();
  std::unique_ptr<Router> router(new Router(options, log, *std::move(loop)));
  router->followers_ = std::make_unique<PoolFollowers>(
      router->loop_.get(), options.discovery,
      [router = router.get()](const PoolConfig& pool, const PoolFollowers::Snapshot& members) {
        router->OnMembers(pool, members);
      });
  router->file_stamp_ = router->FileStamp();
  auto config = router->ReadConfig();
  if (!config.ok()) return config.status();
  if (absl::Status status = router->OpenSpool(); !status.ok()) return status;
  if (absl::Status status = router->StartWorkers(); !status.ok()) return status;
  if (absl::Status status = router->Listen(); !status.ok()) return status;
  if (absl::Status status = router->Stage(*config); !status.ok()) return status;
  return router;
}

Router::~Router() {
  listeners_.clear();
  if (pool_ != nullptr) {
    pool_->Stop();
    pool_->Join();
  }
  workers_.clear();
}

absl::Status Router::ValidateConfig(const RouterOptions& options) {
  auto loop = net::EpollEventLoop::Create();
  if (!loop.ok()) return loop.status();
  process::NoLog log;
  Router router(options, &log, *std::move(loop));
  return router.ReadConfig().status();
}

absl::StatusOr<Router::Configuration> Router::ReadConfig() {
  auto configuration = TryConfig();
  monitor_.OnConfigRead(configuration.ok());
  return configuration;
}

absl::StatusOr<Router::Configuration> Router::TryConfig() {
  auto file = ReadFile(options_);
  if (!file.ok()) return file.status();
  auto config = RouterConfig::Read(*std::move(file));
  if (!config.ok()) return config.status();
  // Routes on nobody's account.
  client::ConnectionResources resources(loop_.get());
  BackendPools pools(&resources, options_.cluster);
  const auto tree = BuildRouteTree(**config, options_.routes, options_.tree, &pools);
  if (!tree.ok()) return tree.status();
  Configuration configuration{*std::move(config), (*tree)->pools(), (*tree)->notes()};
  const std::vector<std::string>& notes = configuration.config->notes();
  configuration.notes.insert(configuration.notes.begin(), notes.begin(), notes.end());
  return configuration;
}

absl::Status Router::StartWorkers() {
  net::WorkerPool::Options options;
  options.workers = static_cast<std::size_t>(options_.num_proxies);
  options.name_prefix = "rc-router";
  auto pool = net::WorkerPool::Create(std::move(options));
  if (!pool.ok()) return pool.status();
  pool_ = *std::move(pool);
  WorkerDependencies dependencies;
  dependencies.options = &options_;
  dependencies.local = &commands_;
  dependencies.reply_bytes = &reply_bytes_;
  dependencies.gates = deletes_ == nullptr ? nullptr : deletes_->gates();
  dependencies.on_client_gone = [this] { OnClientGone(); };
  for (std::size_t i = 0; i < pool_->size(); ++i) {
    dependencies.seed = i + 1;
    workers_.push_back(std::make_unique<Worker>(pool_->loop(i), dependencies));
  }
  MakeAdmin();
  return absl::OkStatus();
}

void Router::MakeAdmin() {
  RouterAdmin::Parts parts;
  parts.options = &options_;
  for (auto& [name, value] : SpellOptions(options_)) {
    parts.settings.push_back({std::move(name), std::move(value)});
  }
  parts.inspector = &monitor_;
  parts.control = this;
  parts.main_loop = loop_.get();
  for (std::size_t i = 0; i < pool_->size(); ++i) parts.workers.push_back(pool_->loop(i));
  admin_ = std::make_unique<RouterAdmin>(std::move(parts));
}

// Only a folder that was asked for must be had.
absl::Status Router::OpenSpool() {
  if (!options_.keep_deletes) return absl::OkStatus();
  auto deletes = DeleteSpool::Open(options_.spool, &log_);
  if (!deletes.ok()) {
    if (!options_.spool.folder.empty()) return deletes.status();
    log_.Write(LogLevel::kWarning,
               absl::StrCat("deletes for members that are away are not kept: ",
                            deletes.status().message(), "; give --async-dir=FOLDER"));
    return absl::OkStatus();
  }
  deletes_ = *std::move(deletes);
  monitor_.ShowDeletes(deletes_.get());
  return absl::OkStatus();
}

absl::Status Router::Listen() {
  if (!options_.unix_socket.empty()) {
    return ListenOn(absl::StrCat("unix:", options_.unix_socket), 0);
  }
  for (const int port : options_.ports) {
    if (options_.listen_hosts.empty()) {
      if (absl::Status status = ListenOn("*", port); !status.ok()) return status;
    }
    for (const std::string& host : options_.listen_hosts) {
      if (absl::Status status = ListenOn(host, port); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status Router::ListenOn(const std::string& host, int port) {
  const bool is_bare_v6 =
      host.find(':') != std::string::npos && host[0] != '[' && host.compare(0, 5, "unix:") != 0;
  const auto addresses = net::SocketAddress::ResolveForBinding(
      is_bare_v6 ? absl::StrCat("[", host, "]") : host, static_cast<std::uint16_t>(port));
  if (!addresses.ok()) return addresses.status();
  net::ListenerOptions options;
  options.backlog = options_.listen_backlog;
  auto listeners = net::Listener::CreateAll(loop_.get(), *addresses, options, [this](std::size_t) {
    return [this](net::Descriptor socket) { OnAccept(std::move(socket)); };
  });
  if (!listeners.ok()) return listeners.status();
  for (std::unique_ptr<net::Listener>& listener : *listeners) {
    // Clients wait until the members are known.
    listener->Pause();
    listeners_.push_back(std::move(listener));
  }
  return absl::OkStatus();
}

std::vector<net::SocketAddress> Router::addresses() const {
  std::vector<net::SocketAddress> addresses;
  for (const auto& listener : listeners_) addresses.push_back(listener->address());
  return addresses;
}

absl::Status Router::Stage(const Configuration& configuration) {
  for (const std::string& note : configuration.notes) log_.Write(LogLevel::kInfo, note);
  absl::Status status = followers_->Stage(configuration.pools, kPatience, [this] { UseStaged(); });
  if (status.ok()) staged_ = configuration.config;
  return status;
}

void Router::UseStaged() {
  config_ = std::move(staged_);
  monitor_.OnConfigUsed(config_->file());
  // Members first, so that the new routes find them.
  followers_->UseStaged();
  pool_->PostToAll([this, config = config_](std::size_t worker) {
    const absl::Status status = workers_[worker]->UseConfig(*config);
    if (!status.ok()) log_.Write(LogLevel::kError, std::string(status.message()));
  });
  if (const std::size_t unknown = followers_->unknown(); unknown > 0) {
    log_.Write(LogLevel::kWarning, absl::StrCat(unknown, " pools have no members yet"));
  }
  if (std::exchange(serving_, true)) {
    log_.Write(LogLevel::kNotice, "configuration: the new one is in use");
  } else if (!closing_) {
    for (const auto& listener : listeners_) listener->Resume();
    accepting_.store(true, std::memory_order_relaxed);
  }
}

void Router::OnMembers(const PoolConfig& pool, const PoolFollowers::Snapshot& members) {
  log_.Write(LogLevel::kInfo,
             absl::StrCat("pool ", pool.name, ": ", members->members.size(), " members"));
  pool_->PostToAll([this, name = pool.name, members](std::size_t worker) {
    const absl::Status status = workers_[worker]->UpdatePool(name, members);
    if (!status.ok()) log_.Write(LogLevel::kError, std::string(status.message()));
  });
  // Once for all pools that change in one wake-up, as a new configuration's do.
  if (deletes_ != nullptr && !std::exchange(showing_members_, true)) {
    loop_->Post([this] { ShowMembers(); });
  }
}

void Router::ShowMembers() {
  showing_members_ = false;
  Replayer::Endpoints endpoints;
  followers_->ForEach([&endpoints](const PoolConfig& pool, const discovery::Watcher& watcher) {
    if (watcher.current() == nullptr) return;
    for (const discovery::Member& member : MembersOf(pool, watcher.current())->members) {
      if (!member.vanished)
        endpoints[hashring::NameOf({member.name, member.port})] = client::Endpoint::Of(member);
    }
  });
  deletes_->SetMembers(std::move(endpoints));
}

absl::Status Router::Reload() {
  auto config = ReadConfig();
  absl::Status status = config.status();
  if (status.ok()) status = Stage(*config);
  if (!status.ok()) {
    log_.Write(LogLevel::kError, absl::StrCat("configuration: the old one stays in use: ",
                                              std::string(status.message())));
  }
  return status;
}

std::string Router::FileStamp() const {
  struct stat file;
  if (options_.config_file.empty() || stat(options_.config_file.c_str(), &file) != 0) return "";
  return absl::StrCat(file.st_ino, " ", file.st_size, " ", file.st_mtim.tv_sec, " ",
                      file.st_mtim.tv_nsec);
}

void Router::CheckFileLater() {
  if (options_.config_file.empty() || !options_.reload_config) return;
  loop_->RunAfter(options_.reload_interval, [this] {
    std::string stamp = FileStamp();
    // One that is away for a moment is being replaced.
    if (!stamp.empty() && stamp != file_stamp_) {
      file_stamp_ = std::move(stamp);
      Reload().IgnoreError();
    }
    CheckFileLater();
  });
}

void Router::Run() {
  CheckFileLater();
  if (deletes_ != nullptr) deletes_->Start();
  pool_->Start();
  loop_->Run();
  pool_->Stop();
  pool_->Join();
}

void Router::OnAccept(net::Descriptor socket) {
  // Relaxed: the worker that closes another connection meanwhile is not waited for.
  const std::size_t limit = options_.max_connections;
  if (limit > 0 && connections_.load(std::memory_order_relaxed) >= limit) {
    monitor_.OnRejected();
    return net::Listener::Refuse(std::move(socket),
                                 protocol::ReplyText(protocol::StandardReply::kTooManyConnections));
  }
  connections_.fetch_add(1, std::memory_order_relaxed);
  const std::size_t worker = pool_->NextWorker();
  // A task must be copyable, a descriptor is not.
  const int descriptor = socket.Release();
  pool_->Post(worker,
              [this, worker, descriptor] { workers_[worker]->Adopt(net::Descriptor(descriptor)); });
}

void Router::OnClientGone() {
  // Sequentially consistent, as is the other side: it sets awaited_ and then looks at the number,
  // so one of the two sees the other.
  connections_.fetch_sub(1);
  if (awaited_.load()) loop_->Post([this] { StopIfDrained(); });
}

// An admin may have begun a longer drain, which whoever ends the process does not wait for.
void Router::RequestShutdown() {
  loop_->Post([this] {
    if (!BeginDrain(options_.drain_wait)) drain_.ShortenPhase(kAnnouncing, options_.drain_wait);
  });
}

void Router::Interrupt() {
  loop_->Post([this] {
    if (!BeginDrain(options_.drain_wait)) drain_.EndPhase(kAnnouncing);
  });
}

bool Router::BeginDrain(absl::Duration wait) {
  std::vector<process::DrainSequence::Phase> phases;
  if (wait > absl::ZeroDuration()) {
    const auto announce = [this, wait] {
      log_.Write(LogLevel::kNotice, absl::StrCat("draining: not ready, refusing connections in ",
                                                 absl::FormatDuration(wait)));
    };
    phases.push_back({kAnnouncing, wait, announce, /*can_be_undone=*/true});
  }
  phases.push_back({kClosing, kDrainLimit, [this] { BeginClosing(); }});
  return drain_.Begin(std::move(phases));
}

bool Router::Undrain() {
  if (!drain_.Undo()) return false;
  log_.Write(LogLevel::kNotice, "draining: taken back");
  return true;
}

void Router::BeginClosing() {
  closing_ = true;
  accepting_.store(false, std::memory_order_relaxed);
  log_.Write(LogLevel::kNotice,
             absl::StrCat("stopping: waiting for ", connections_.load(), " connections"));
  awaited_.store(true);
  for (const auto& listener : listeners_) listener->Stop();
  // Posted behind the last connections that were dealt out, so none is missed.
  pool_->PostToAllThen([this](std::size_t worker) { workers_[worker]->DrainAll(); },
                       [this] { loop_->Post([this] { StopIfDrained(); }); });
}

void Router::StopIfDrained() {
  if (connections_.load() == 0) drain_.EndPhase(kClosing);
}

}  // namespace ringcache::router
