// Arbitrary bytes as each request of the contract. No answer may crash, and one that fails leaves
// its reply empty.
//
// The first byte chooses the request, the rest is its message.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "admin/backend/fake_backend.h"
#include "admin/service/admin_calls.h"
#include "admin/service/request_bounds.h"

namespace ringcache::admin {
namespace {

template <typename Request, typename Reply>
void Ask(AdminCalls& calls, const std::uint8_t* data, std::size_t size) {
  Request request;
  if (!request.ParseFromArray(data, static_cast<int>(size))) return;
  Reply reply;
  if (!calls.Answer(request, &reply).ok() && reply.ByteSizeLong() != 0) std::abort();
}

void AskToWatch(AdminCalls&, const std::uint8_t* data, std::size_t size) {
  v1::WatchStatsRequest request;
  if (!request.ParseFromArray(data, static_cast<int>(size))) return;
  const auto interval = ReadDuration(kWatchInterval, request.interval());
  if (interval.ok() && *interval < kWatchInterval.least) std::abort();
}

constexpr void (*kAsk[])(AdminCalls&, const std::uint8_t*, std::size_t) = {
    Ask<v1::GetProgramRequest, v1::Program>,
    Ask<v1::GetHealthRequest, v1::Health>,
    Ask<v1::GetStatsRequest, v1::Stats>,
    Ask<v1::GetLatenciesRequest, v1::Latencies>,
    Ask<v1::GetSettingsRequest, v1::Settings>,
    Ask<v1::GetHotKeysRequest, v1::HotKeys>,
    Ask<v1::GetRingRequest, v1::Rings>,
    Ask<v1::LocateKeysRequest, v1::Locations>,
    Ask<v1::PlanChangeRequest, v1::Plan>,
    Ask<v1::GetDrainRequest, v1::DrainProgress>,
    Ask<v1::DrainRequest, v1::DrainProgress>,
    Ask<v1::UndrainRequest, v1::DrainProgress>,
    Ask<v1::SetVerbosityRequest, v1::SetVerbosityReply>,
    Ask<v1::ReloadRequest, v1::ReloadReply>,
    Ask<v1::ResetStatsRequest, v1::ResetStatsReply>,
    Ask<v1::FlushRequest, v1::FlushReply>,
    AskToWatch,
};

void AskOne(const std::uint8_t* data, std::size_t size) {
  FakeBackend backend;
  AdminCalls calls(&backend);
  kAsk[data[0] % (sizeof(kAsk) / sizeof(kAsk[0]))](calls, data + 1, size - 1);
}

}  // namespace
}  // namespace ringcache::admin

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0) ringcache::admin::AskOne(data, size);
  return 0;
}
