#include "tools/trace/trace_run.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "net/socket_address.h"
#include "tools/trace/memcached_process.h"
#include "tools/trace/reference_policies.h"
#include "tools/trace/server_target.h"
#include "tools/trace/store_target.h"
#include "tools/trace/trace_census.h"

namespace ringcache::trace {
namespace {

constexpr std::uint16_t kDefaultPort = 11211;

absl::StatusOr<net::SocketAddress> Resolve(const std::string& server) {
  auto address = net::SocketAddress::Parse(server, kDefaultPort);
  if (address.ok()) return address;
  // A name: the lookup serves binding and connecting alike.
  auto addresses = net::SocketAddress::ResolveForBinding(server, kDefaultPort);
  if (!addresses.ok()) return addresses.status();
  return addresses->front();
}

bool IsLocal(const net::SocketAddress& address) {
  return address.is_unix() || absl::StartsWith(address.ToString(), "127.") ||
         absl::StartsWith(address.ToString(), "[::1]");
}

class TraceRun {
 public:
  TraceRun(const TraceOptions& options, const std::function<void(absl::string_view)>& progress)
      : options_(options), progress_(progress) {}

  absl::Status TakeCensus();
  absl::Status RunStore(int memory_mib);
  absl::Status RunMemcached(int memory_mib);
  absl::Status RunServer(const std::string& server);
  TraceResults TakeResults() { return std::move(results_); }

 private:
  absl::Status Play(ReplayTarget* target, bool in_trace_time, const std::string& what);
  void Say(absl::string_view text) const {
    if (progress_) progress_(text);
  }

  const TraceOptions& options_;
  const std::function<void(absl::string_view)>& progress_;
  TraceCensus census_;
  TraceResults results_;
};

absl::Status TraceRun::TakeCensus() {
  Say("counting the trace");
  auto source = options_.OpenTrace();
  if (!source.ok()) return source.status();
  auto census = TraceCensus::Take(source->get());
  if (!census.ok()) return census.status();
  census_ = *std::move(census);
  results_.requests = census_.requests();
  results_.reads = census_.reads();
  results_.keys = census_.keys();
  results_.skipped = census_.skipped();
  results_.has_lifetimes = census_.has_lifetimes();
  results_.mean_item_bytes = census_.mean_item_bytes();
  return absl::OkStatus();
}

absl::Status TraceRun::Play(ReplayTarget* target, bool in_trace_time, const std::string& what) {
  Say(what);
  auto source = options_.OpenTrace();
  if (!source.ok()) return source.status();
  const auto replay =
      ReplayTrace(source->get(), census_.requests(), options_.batch, target,
                  [&](double share) { Say(absl::StrFormat("%s: %.0f %%", what, share * 100)); });
  if (!replay.ok()) return replay.status();
  const auto figures = target->Figures();
  if (!figures.ok()) return figures.status();
  TargetRow row;
  row.target = target->name();
  row.in_trace_time = in_trace_time;
  row.replay = *replay;
  row.figures = *figures;
  if (options_.reference && figures->items > 0) {
    row.lru = SimulateLru(census_, figures->items);
    row.static_optimum = StaticOptimum(census_, figures->items);
  }
  results_.rows.push_back(std::move(row));
  return absl::OkStatus();
}

absl::Status TraceRun::RunStore(int memory_mib) {
  StoreTarget::Options store_options;
  store_options.limit_bytes = static_cast<std::size_t>(memory_mib) << 20;
  store_options.growth_factor = options_.growth_factor;
  store_options.eviction = options_.eviction;
  store_options.seed = options_.synthetic.seed;
  auto target = StoreTarget::Create(store_options);
  if (!target.ok()) return target.status();
  return Play(target->get(), true, absl::StrCat("in process, ", memory_mib, " MiB"));
}

absl::Status TraceRun::RunMemcached(int memory_mib) {
  MemcachedProcess::Options process_options;
  process_options.program = options_.memcached_program;
  process_options.memory_mib = memory_mib;
  process_options.growth_factor = options_.growth_factor;
  process_options.arguments = options_.memcached_arguments;
  auto process = MemcachedProcess::Start(process_options);
  if (!process.ok()) return process.status();
  ServerOptions server_options;
  const std::size_t slash = options_.memcached_program.rfind('/');
  server_options.label = options_.memcached_program.substr(slash + 1);  // npos + 1 is 0
  auto target = ServerTarget::Connect((*process)->address(), server_options);
  if (!target.ok()) return target.status();
  return Play(target->get(), false, absl::StrCat((*target)->name(), ", ", memory_mib, " MiB"));
}

absl::Status TraceRun::RunServer(const std::string& server) {
  const auto address = Resolve(server);
  if (!address.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("--server: ", address.status().message()));
  }
  ServerOptions server_options;
  server_options.label = server;
  server_options.flush = options_.flush;
  server_options.is_local = IsLocal(*address);
  auto target = ServerTarget::Connect(*address, server_options);
  if (!target.ok()) return target.status();
  return Play(target->get(), false, (*target)->name());
}

}  // namespace

absl::StatusOr<TraceResults> RunTrace(const TraceOptions& options,
                                      const std::function<void(absl::string_view)>& progress) {
  TraceRun run(options, progress);
  absl::Status status = run.TakeCensus();
  // Target by target at each size, so that what is compared has run at about the same time.
  for (const int memory_mib : options.MemorySizes()) {
    if (status.ok() && options.in_process) status = run.RunStore(memory_mib);
    if (status.ok() && options.memcached) status = run.RunMemcached(memory_mib);
  }
  // These have the limit that they were started with.
  for (const std::string& server : options.servers) {
    if (status.ok()) status = run.RunServer(server);
  }
  if (!status.ok()) return status;
  return run.TakeResults();
}

}  // namespace ringcache::trace
