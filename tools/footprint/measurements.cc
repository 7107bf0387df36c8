#include "tools/footprint/measurements.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "net/descriptor.h"
#include "protocol/operation.h"
#include "tools/footprint/value_sizes.h"
#include "tools/trace/memcached_process.h"
#include "tools/trace/pipeline_session.h"
#include "tools/trace/resident_memory.h"

namespace ringcache::footprint {
namespace {

using trace::MemcachedProcess;
using trace::PipelineSession;

// Requests on their way at a time: enough to keep the server busy, and little beside the cache.
constexpr std::size_t kBatchBytes = std::size_t{64} << 10;
// Descriptors that the two programs need besides the idle connections.
constexpr int kSpareDescriptors = 100;

std::size_t LimitBytes(const Scale& scale) {
  return static_cast<std::size_t>(scale.memory_mib) << 20;
}

absl::StatusOr<std::unique_ptr<MemcachedProcess>> Start(const std::string& program,
                                                        const Scale& scale) {
  MemcachedProcess::Options options;
  options.program = program;
  options.memory_mib = scale.memory_mib;
  options.arguments = {"-t", "1", "-c", absl::StrCat(scale.idle_connections + kSpareDescriptors)};
  // What memcached has not is not held against it.
  if (!absl::EndsWith(program, "memcached")) {
    options.arguments.insert(options.arguments.end(), {"--admin-port=off", "--metrics-port=off"});
  }
  return MemcachedProcess::Start(options);
}

// One connection that sends requests in batches and adds up what is answered.
class Loader {
 public:
  static absl::StatusOr<Loader> Connect(const MemcachedProcess& server) {
    auto session = PipelineSession::Connect(server.address());
    if (!session.ok()) return session.status();
    return Loader(*std::move(session));
  }

  absl::Status Set(std::uint64_t id, std::size_t value_bytes) {
    session_->Store(protocol::Operation::kSet, KeyOf(id), 0,
                    absl::string_view(values_.data(), value_bytes));
    payloads_.push_back(kKeyBytes + value_bytes);
    return session_->queued_bytes() < kBatchBytes ? absl::OkStatus() : Finish();
  }
  absl::Status Get(std::uint64_t id, std::size_t value_bytes) {
    session_->Get(KeyOf(id));
    payloads_.push_back(kKeyBytes + value_bytes);
    // The answers are the larger part.
    waiting_bytes_ += value_bytes;
    return waiting_bytes_ < kBatchBytes ? absl::OkStatus() : Finish();
  }
  // Waits for what is under way.
  absl::Status Finish() {
    waiting_bytes_ = 0;
    if (absl::Status status = session_->Exchange(); !status.ok()) return status;
    for (std::size_t i = 0; i < session_->answers().size(); ++i) {
      const trace::PipelineAnswer& answer = session_->answers()[i];
      if (answer.hit) hit_payload_bytes_ += payloads_[i];
      if (answer.out_of_memory) ++out_of_memory_;
    }
    payloads_.clear();
    return absl::OkStatus();
  }

  // A number that the server reports of itself.
  absl::StatusOr<std::uint64_t> Stat(absl::string_view name) {
    if (absl::Status status = Finish(); !status.ok()) return status;
    session_->Command(protocol::Operation::kStats);
    if (absl::Status status = session_->Exchange(); !status.ok()) return status;
    std::uint64_t number = 0;
    for (const auto& [found, value] : session_->stats()) {
      if (found == name && absl::SimpleAtoi(value, &number)) return number;
    }
    return absl::NotFoundError(absl::StrCat("the server has no statistic ", name));
  }

  std::uint64_t hit_payload_bytes() const { return hit_payload_bytes_; }
  std::uint64_t out_of_memory() const { return out_of_memory_; }

 private:
  explicit Loader(std::unique_ptr<PipelineSession> session)
      : session_(std::move(session)), values_(kLargestValueBytes, 'v') {}

  static std::string KeyOf(std::uint64_t id) { return absl::StrFormat("key:%028d", id); }

  std::unique_ptr<PipelineSession> session_;
  std::string values_;
  std::vector<std::size_t> payloads_;  // of the requests under way
  std::size_t waiting_bytes_ = 0;
  std::uint64_t hit_payload_bytes_ = 0;
  std::uint64_t out_of_memory_ = 0;
};

// Sets one and a half times as much as the limit, were there nothing but keys and values. Returns
// how many keys that were.
template <typename SizeOf>
absl::StatusOr<std::uint64_t> Fill(Loader* loader, const Scale& scale, SizeOf size_of) {
  std::uint64_t id = 0;
  for (std::size_t bytes = 0; bytes < LimitBytes(scale) * 3 / 2; ++id) {
    const std::size_t value_bytes = size_of(id);
    bytes += kKeyBytes + value_bytes;
    if (absl::Status status = loader->Set(id, value_bytes); !status.ok()) return status;
  }
  const auto evictions = loader->Stat("evictions");
  if (!evictions.ok()) return evictions.status();
  if (*evictions == 0) return absl::InternalError("the cache is not full");
  return id;
}

absl::StatusOr<double> Resident(const MemcachedProcess& server) {
  const std::optional<std::size_t> bytes = trace::ResidentBytes(server.pid());
  if (!bytes.has_value()) return absl::UnavailableError("the server has ended");
  return static_cast<double>(*bytes);
}

absl::Status RaiseDescriptorLimit(int wanted) {
  rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  const auto needed = static_cast<rlim_t>(wanted);
  if (limit.rlim_cur >= needed) return absl::OkStatus();
  limit.rlim_cur = needed;
  limit.rlim_max = std::max(limit.rlim_max, needed);
  if (setrlimit(RLIMIT_NOFILE, &limit) == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot have ", wanted, " descriptors"));
}

// A connection that has had one request answered.
absl::StatusOr<net::Descriptor> ConnectAndAsk(const net::SocketAddress& address) {
  constexpr absl::string_view kRequest = "get nothing\r\n";
  constexpr absl::string_view kReply = "END\r\n";
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path, address.path().data(), address.path().size());
  net::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  char reply[kReply.size()];
  if (socket.get() < 0 ||
      connect(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0 ||
      send(socket.get(), kRequest.data(), kRequest.size(), MSG_NOSIGNAL) < 0 ||
      recv(socket.get(), reply, sizeof(reply), MSG_WAITALL) < 0) {
    return absl::ErrnoToStatus(errno, "cannot talk to the server");
  }
  if (absl::string_view(reply, sizeof(reply)) == kReply) return socket;
  return absl::UnavailableError("the server gave no answer");
}

std::size_t SizeInPhase(std::uint64_t id, std::uint64_t sets) {
  if (id < sets / 3) return LogUniformBytes(id, 50, 500);
  if (id < sets / 3 * 2) return LogUniformBytes(id, 500, kLargestValueBytes);
  return LogUniformBytes(id, kSmallestValueBytes, kLargestValueBytes);
}

}  // namespace

absl::StatusOr<double> BytesPerItem(const std::string& program, const Scale& scale,
                                    std::size_t value_bytes) {
  auto server = Start(program, scale);
  if (!server.ok()) return server.status();
  auto loader = Loader::Connect(**server);
  if (!loader.ok()) return loader.status();
  const auto filled = Fill(&*loader, scale, [&](std::uint64_t) { return value_bytes; });
  if (!filled.ok()) return filled.status();
  const auto items = loader->Stat("curr_items");
  if (!items.ok()) return items.status();
  const auto resident = Resident(**server);
  if (!resident.ok()) return resident.status();
  return *resident / static_cast<double>(*items);
}

absl::StatusOr<double> PayloadShare(const std::string& program, const Scale& scale) {
  auto server = Start(program, scale);
  if (!server.ok()) return server.status();
  auto loader = Loader::Connect(**server);
  if (!loader.ok()) return loader.status();
  const auto keys = Fill(&*loader, scale, LognormalBytes);
  if (!keys.ok()) return keys.status();
  for (std::uint64_t id = 0; id < *keys; ++id) {
    if (absl::Status status = loader->Get(id, LognormalBytes(id)); !status.ok()) return status;
  }
  if (absl::Status status = loader->Finish(); !status.ok()) return status;
  return static_cast<double>(loader->hit_payload_bytes()) / static_cast<double>(LimitBytes(scale));
}

absl::StatusOr<double> BytesPerIdleConnection(const std::string& program, const Scale& scale) {
  absl::Status raised = RaiseDescriptorLimit(scale.idle_connections + kSpareDescriptors);
  if (!raised.ok()) return raised;
  auto server = Start(program, scale);
  if (!server.ok()) return server.status();
  // What the first connection brings into being is not the others' cost.
  std::vector<net::Descriptor> connections;
  double before = 0;
  for (int i = 0; i <= scale.idle_connections; ++i) {
    auto connection = ConnectAndAsk((*server)->address());
    if (!connection.ok()) return connection.status();
    connections.push_back(*std::move(connection));
    if (i > 0) continue;
    const auto resident = Resident(**server);
    if (!resident.ok()) return resident.status();
    before = *resident;
  }
  const auto after = Resident(**server);
  if (!after.ok()) return after.status();
  return (*after - before) / scale.idle_connections;
}

absl::StatusOr<double> OutOfMemoryErrors(const std::string& program, const Scale& scale) {
  auto server = Start(program, scale);
  if (!server.ok()) return server.status();
  const auto connections = static_cast<std::uint64_t>(scale.connections);
  std::vector<absl::Status> results(connections);
  std::vector<std::uint64_t> errors(connections);
  std::vector<std::thread> threads;
  for (std::uint64_t i = 0; i < connections; ++i) {
    threads.emplace_back([&, i] {
      auto loader = Loader::Connect(**server);
      results[i] = loader.status();
      // Connections take turns, so that they change sizes together.
      for (std::uint64_t id = i; id < scale.sets && results[i].ok(); id += connections) {
        results[i] = loader->Set(id, SizeInPhase(id, scale.sets));
      }
      if (results[i].ok()) results[i] = loader->Finish();
      if (results[i].ok()) errors[i] = loader->out_of_memory();
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < connections; ++i) {
    if (!results[i].ok()) return results[i];
    sum += errors[i];
  }
  return static_cast<double>(sum);
}

}  // namespace ringcache::footprint
