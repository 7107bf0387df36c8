// ringcache.admin.v1.Admin over gRPC: who may ask, how many at a time, on which threads. What the
// answers are is AdminCalls' matter.
//
// Thread safety: gRPC's; Close by any thread. Ownership: backend, pool and ticker are the caller's
// and outlive this.

#ifndef RINGCACHE_ADMIN_SERVICE_ADMIN_SERVICE_H_
#define RINGCACHE_ADMIN_SERVICE_ADMIN_SERVICE_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>

#include "absl/strings/string_view.h"
#include "admin/backend/backend.h"
#include "admin/proto/admin.grpc.pb.h"
#include "admin/service/admin_calls.h"
#include "admin/service/call_pool.h"
#include "admin/service/ticker.h"

namespace ringcache::admin {

class AdminService final : public v1::Admin::CallbackService {
 public:
  static constexpr std::size_t kMaxWatches = 16;

  // Whether a peer, named as in peer.h, may call what changes something.
  using MayChange = std::function<bool(absl::string_view peer)>;

  AdminService(Backend* backend, MayChange may_change, CallPool* pool, Ticker* ticker);

  // What waits for its turn is not begun any more.
  void Close();

  using Context = grpc::CallbackServerContext;
  using Unary = grpc::ServerUnaryReactor;

  Unary* GetProgram(Context* context, const v1::GetProgramRequest* request,
                    v1::Program* reply) override;
  Unary* GetHealth(Context* context, const v1::GetHealthRequest* request,
                   v1::Health* reply) override;
  Unary* GetStats(Context* context, const v1::GetStatsRequest* request, v1::Stats* reply) override;
  grpc::ServerWriteReactor<v1::Stats>* WatchStats(Context* context,
                                                  const v1::WatchStatsRequest* request) override;
  Unary* GetLatencies(Context* context, const v1::GetLatenciesRequest* request,
                      v1::Latencies* reply) override;
  Unary* GetSettings(Context* context, const v1::GetSettingsRequest* request,
                     v1::Settings* reply) override;
  Unary* GetHotKeys(Context* context, const v1::GetHotKeysRequest* request,
                    v1::HotKeys* reply) override;
  Unary* GetRing(Context* context, const v1::GetRingRequest* request, v1::Rings* reply) override;
  grpc::ServerWriteReactor<v1::Rings>* WatchRing(Context* context,
                                                 const v1::WatchRingRequest* request) override;
  Unary* LocateKeys(Context* context, const v1::LocateKeysRequest* request,
                    v1::Locations* reply) override;
  Unary* PlanChange(Context* context, const v1::PlanChangeRequest* request,
                    v1::Plan* reply) override;
  Unary* GetDrain(Context* context, const v1::GetDrainRequest* request,
                  v1::DrainProgress* reply) override;
  Unary* Drain(Context* context, const v1::DrainRequest* request,
               v1::DrainProgress* reply) override;
  Unary* Undrain(Context* context, const v1::UndrainRequest* request,
                 v1::DrainProgress* reply) override;
  Unary* SetVerbosity(Context* context, const v1::SetVerbosityRequest* request,
                      v1::SetVerbosityReply* reply) override;
  Unary* Reload(Context* context, const v1::ReloadRequest* request,
                v1::ReloadReply* reply) override;
  Unary* ResetStats(Context* context, const v1::ResetStatsRequest* request,
                    v1::ResetStatsReply* reply) override;
  Unary* Flush(Context* context, const v1::FlushRequest* request, v1::FlushReply* reply) override;

 private:
  // Answers on a thread of the pool. gRPC keeps all three until the call is finished.
  template <typename Request, typename Reply>
  Unary* Read(Context* context, const Request* request, Reply* reply);
  // The same, for those who may.
  template <typename Request, typename Reply>
  Unary* Change(absl::string_view call, Context* context, const Request* request, Reply* reply);

  AdminCalls calls_;
  const MayChange may_change_;
  CallPool& pool_;
  Ticker& ticker_;
  // Relaxed: nothing is read that depends on it.
  std::atomic<bool> closing_{false};
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_ADMIN_SERVICE_H_
