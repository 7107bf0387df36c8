// The calls of admin.proto, answered from a backend: what may be asked, and what the answer is.
// Knows nothing of connections, threads and who asks.
//
// Each call leaves its reply empty if it fails. A request that is wrong is INVALID_ARGUMENT, a pool
// that is not there NOT_FOUND; what the backend says besides is passed on.
//
// Thread safety: any thread, several at a time. Ownership: the backend is the caller's.

#ifndef RINGCACHE_ADMIN_SERVICE_ADMIN_CALLS_H_
#define RINGCACHE_ADMIN_SERVICE_ADMIN_CALLS_H_

#include "absl/status/status.h"
#include "admin/backend/backend.h"
#include "admin/proto/admin.pb.h"

namespace ringcache::admin {

class AdminCalls {
 public:
  explicit AdminCalls(Backend* backend) : backend_(*backend) {}

  absl::Status Answer(const v1::GetProgramRequest& request, v1::Program* reply);
  absl::Status Answer(const v1::GetHealthRequest& request, v1::Health* reply);
  absl::Status Answer(const v1::GetStatsRequest& request, v1::Stats* reply);
  absl::Status Answer(const v1::GetLatenciesRequest& request, v1::Latencies* reply);
  absl::Status Answer(const v1::GetSettingsRequest& request, v1::Settings* reply);
  absl::Status Answer(const v1::GetHotKeysRequest& request, v1::HotKeys* reply);
  absl::Status Answer(const v1::GetRingRequest& request, v1::Rings* reply);
  absl::Status Answer(const v1::LocateKeysRequest& request, v1::Locations* reply);
  absl::Status Answer(const v1::PlanChangeRequest& request, v1::Plan* reply);
  absl::Status Answer(const v1::GetDrainRequest& request, v1::DrainProgress* reply);

  absl::Status Answer(const v1::DrainRequest& request, v1::DrainProgress* reply);
  absl::Status Answer(const v1::UndrainRequest& request, v1::DrainProgress* reply);
  absl::Status Answer(const v1::SetVerbosityRequest& request, v1::SetVerbosityReply* reply);
  absl::Status Answer(const v1::ReloadRequest& request, v1::ReloadReply* reply);
  absl::Status Answer(const v1::ResetStatsRequest& request, v1::ResetStatsReply* reply);
  absl::Status Answer(const v1::FlushRequest& request, v1::FlushReply* reply);

 private:
  Backend& backend_;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_ADMIN_CALLS_H_
