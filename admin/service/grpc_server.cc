#include "admin/service/grpc_server.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "grpc/support/log.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/resource_quota.h"

namespace ringcache::admin {
namespace {

constexpr int kMaxHeaderBytes = 8 * 1024;
// Reflection alone is served by gRPC's own threads, one for each call; past these calls fail with
// RESOURCE_EXHAUSTED.
constexpr int kMaxReflectionThreads = 4;
constexpr int kMaxReadBytes = 64 * 1024;

struct Setting {
  const char* name;
  int value;
};

constexpr Setting kSettings[] = {
    // Two programs shall not share a port, each with half of the clients.
    {GRPC_ARG_ALLOW_REUSEPORT, 0},
    {GRPC_ARG_MAX_CONCURRENT_STREAMS, GrpcServer::kMaxCallsAtATime},
    {GRPC_ARG_MAX_METADATA_SIZE, kMaxHeaderBytes},
    // A connection that is not used for five minutes is closed; a probe opens its own each time.
    {GRPC_ARG_MAX_CONNECTION_IDLE_MS, 5 * 60 * 1000},
    // Peers that vanished without a word are found within a minute and a half.
    {GRPC_ARG_KEEPALIVE_TIME_MS, 60 * 1000},
    {GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20 * 1000},
    {GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10 * 1000},
    // No window grows beyond 64 KiB: nobody sends much here.
    {GRPC_ARG_HTTP2_BDP_PROBE, 0},
    {GRPC_ARG_TCP_MAX_READ_CHUNK_SIZE, kMaxReadBytes},
};

// gRPC writes its own log to standard error, in its own format; what matters comes as a status. Who
// wants to see it sets GRPC_VERBOSITY.
void SilenceLog() {
  if (std::getenv("GRPC_VERBOSITY") == nullptr) gpr_set_log_function([](gpr_log_func_args*) {});
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(
    const std::vector<std::string>& addresses, absl::Span<grpc::Service* const> services) {
  SilenceLog();
  // Doing it again changes nothing.
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  std::unique_ptr<GrpcServer> self(new GrpcServer);
  self->ports_.resize(addresses.size());
  grpc::ServerBuilder builder;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    builder.AddListeningPort(addresses[i], grpc::InsecureServerCredentials(), &self->ports_[i]);
  }
  for (grpc::Service* service : services) builder.RegisterService(service);
  for (const Setting& setting : kSettings) builder.AddChannelArgument(setting.name, setting.value);
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  // A compressed message is short, what comes out of it is not.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 1);
  grpc::ResourceQuota quota("admin");
  quota.Resize(kMaxMemoryBytes).SetMaxThreads(kMaxReflectionThreads);
  builder.SetResourceQuota(quota);
  self->server_ = builder.BuildAndStart();
  if (self->server_ == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("gRPC cannot listen on ", absl::StrJoin(addresses, " or ")));
  }
  return self;
}

GrpcServer::~GrpcServer() {
  if (server_ != nullptr) server_->Shutdown(absl::ToChronoTime(absl::Now() + kFarewell));
}

}  // namespace ringcache::admin
