#include "admin/service/admin_service.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "admin/service/grpc_status.h"
#include "admin/service/polled_stream.h"
#include "admin/service/request_bounds.h"

namespace ringcache::admin {
namespace {

// Rings are looked at so often for changes.
constexpr absl::Duration kRingInterval = absl::Milliseconds(200);

grpc::Status Busy() {
  return {grpc::StatusCode::RESOURCE_EXHAUSTED,
          absl::StrCat(CallPool::kMaxWaiting, " calls wait already; try again later")};
}

grpc::Status Denied(absl::string_view call) {
  return {grpc::StatusCode::PERMISSION_DENIED,
          absl::StrCat(call,
                       " is answered on loopback addresses and Unix sockets only; call it there,"
                       " or start the program with --admin-open")};
}

// A call that ends before it begins.
template <typename Message>
class FailedStream final : public grpc::ServerWriteReactor<Message> {
 public:
  explicit FailedStream(const grpc::Status& status) { this->Finish(status); }

 private:
  void OnDone() override { delete this; }
};

}  // namespace

AdminService::AdminService(Backend* backend, MayChange may_change, CallPool* pool, Ticker* ticker)
    : calls_(backend), may_change_(std::move(may_change)), pool_(*pool), ticker_(*ticker) {}

void AdminService::Close() { closing_.store(true, std::memory_order_relaxed); }

template <typename Request, typename Reply>
AdminService::Unary* AdminService::Read(Context* context, const Request* request, Reply* reply) {
  Unary* reactor = context->DefaultReactor();
  const bool taken = pool_.Run([this, context, reactor, request, reply] {
    if (closing_.load(std::memory_order_relaxed)) {
      reactor->Finish({grpc::StatusCode::UNAVAILABLE, "the program ends"});
    } else if (context->IsCancelled()) {
      // Nobody waits for it any more.
      reactor->Finish(grpc::Status::CANCELLED);
    } else {
      reactor->Finish(ToGrpcStatus(calls_.Answer(*request, reply)));
    }
  });
  if (!taken) reactor->Finish(Busy());
  return reactor;
}

template <typename Request, typename Reply>
AdminService::Unary* AdminService::Change(absl::string_view call, Context* context,
                                          const Request* request, Reply* reply) {
  if (may_change_(context->peer())) return Read(context, request, reply);
  Unary* reactor = context->DefaultReactor();
  reactor->Finish(Denied(call));
  return reactor;
}

grpc::ServerWriteReactor<v1::Stats>* AdminService::WatchStats(
    Context*, const v1::WatchStatsRequest* request) {
  absl::StatusOr<absl::Duration> interval = kUsualWatchInterval;
  if (request->has_interval()) interval = ReadDuration(kWatchInterval, request->interval());
  if (!interval.ok()) return new FailedStream<v1::Stats>(ToGrpcStatus(interval.status()));
  PolledStream<v1::Stats>::Options options;
  options.interval = *interval;
  options.read = [this](v1::Stats* stats) { return calls_.Answer(v1::GetStatsRequest(), stats); };
  return std::make_shared<PolledStream<v1::Stats>>(std::move(options), &pool_)->Start(&ticker_);
}

grpc::ServerWriteReactor<v1::Rings>* AdminService::WatchRing(Context*,
                                                             const v1::WatchRingRequest*) {
  PolledStream<v1::Rings>::Options options;
  options.interval = kRingInterval;
  options.changes_only = true;
  options.read = [this](v1::Rings* rings) { return calls_.Answer(v1::GetRingRequest(), rings); };
  return std::make_shared<PolledStream<v1::Rings>>(std::move(options), &pool_)->Start(&ticker_);
}

AdminService::Unary* AdminService::GetProgram(Context* context,
                                              const v1::GetProgramRequest* request,
                                              v1::Program* reply) {
  return Read(context, request, reply);
}

AdminService::Unary* AdminService::GetHealth(Context* context, const v1::GetHealthRequest* request,
                                             v1::Health* reply) {
  return Read(context, request, reply);
}

AdminService::Unary* AdminService::GetStats(Context* context, const v1::GetStatsRequest* request,
                                            v1::Stats* reply) {
  return Read(context, request, reply);
}

AdminService::Unary* AdminService::GetLatencies(Context* context,
                                                const v1::GetLatenciesRequest* request,
                                                v1::Latencies* reply) {
  return Read(context, request, reply);
}

AdminService::Unary* AdminService::GetSettings(Context* context,
                                               const v1::GetSettingsRequest* request,
                                               v1::Settings* reply) {
  return Read(context, request, reply);
}

AdminService::Unary* AdminService::GetHotKeys(Context* context,
                                              const v1::GetHotKeysRequest* request,
                                              v1::HotKeys* reply) {
  return Read(context, request, reply);
}

AdminService::Unary* AdminService::GetRing(Context* context, const v1::GetRingRequest* request,
                                           v1::Rings* reply) {
  return Read(context, request, reply);
}

AdminService::Unary* AdminService::LocateKeys(Context* context,
                                              const v1::LocateKeysRequest* request,
                                              v1::Locations* reply) {
  return Read(context, request, reply);
}

AdminService::Unary* AdminService::PlanChange(Context* context,
                                              const v1::PlanChangeRequest* request,
                                              v1::Plan* reply) {
  return Read(context, request, reply);
}

AdminService::Unary* AdminService::GetDrain(Context* context, const v1::GetDrainRequest* request,
                                            v1::DrainProgress* reply) {
  return Read(context, request, reply);
}

AdminService::Unary* AdminService::Drain(Context* context, const v1::DrainRequest* request,
                                         v1::DrainProgress* reply) {
  return Change("Drain", context, request, reply);
}

AdminService::Unary* AdminService::Undrain(Context* context, const v1::UndrainRequest* request,
                                           v1::DrainProgress* reply) {
  return Change("Undrain", context, request, reply);
}

AdminService::Unary* AdminService::SetVerbosity(Context* context,
                                                const v1::SetVerbosityRequest* request,
                                                v1::SetVerbosityReply* reply) {
  return Change("SetVerbosity", context, request, reply);
}

AdminService::Unary* AdminService::Reload(Context* context, const v1::ReloadRequest* request,
                                          v1::ReloadReply* reply) {
  return Change("Reload", context, request, reply);
}

AdminService::Unary* AdminService::ResetStats(Context* context,
                                              const v1::ResetStatsRequest* request,
                                              v1::ResetStatsReply* reply) {
  return Change("ResetStats", context, request, reply);
}

AdminService::Unary* AdminService::Flush(Context* context, const v1::FlushRequest* request,
                                         v1::FlushReply* reply) {
  return Change("Flush", context, request, reply);
}

}  // namespace ringcache::admin
