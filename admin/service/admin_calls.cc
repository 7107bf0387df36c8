#include "admin/service/admin_calls.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "admin/service/request_bounds.h"
#include "admin/service/ring_messages.h"
#include "admin/service/stats_messages.h"
#include "admin/service/utf8_text.h"

namespace ringcache::admin {
namespace {

using RingPointer = std::shared_ptr<const RingView>;

// So many pools are named to a caller that names none of them right.
constexpr std::size_t kPoolsNamed = 10;
// What a backend takes for "as configured".
constexpr absl::Duration kAsConfigured = absl::Seconds(-1);

template <typename Value, typename Reply>
absl::Status Give(const absl::StatusOr<Value>& value, Reply* reply) {
  if (value.ok()) Describe(*value, reply);
  return value.status();
}

std::string PoolNames(const std::vector<RingPointer>& rings) {
  std::vector<absl::string_view> names;
  for (const RingPointer& ring : rings) {
    if (names.size() == kPoolsNamed) {
      names.push_back("...");
      break;
    }
    names.push_back(ring->info().pool);
  }
  return absl::StrJoin(names, ", ");
}

// The ring of the pool that a request names; it need not name the only one.
absl::StatusOr<RingPointer> FindRing(Backend& backend, const std::string& pool) {
  auto rings = backend.Rings();
  if (!rings.ok()) return rings.status();
  if (rings->empty()) return absl::NotFoundError("there is no pool");
  if (pool.empty()) {
    if (rings->size() == 1) return rings->front();
    return absl::InvalidArgumentError(
        absl::StrCat("there are several pools; name one: ", PoolNames(*rings)));
  }
  for (const RingPointer& ring : *rings) {
    if (ring->info().pool == pool) return ring;
  }
  return absl::NotFoundError(
      absl::StrCat("there is no pool '", pool, "'; there is: ", PoolNames(*rings)));
}

}  // namespace

absl::Status AdminCalls::Answer(const v1::GetProgramRequest&, v1::Program* reply) {
  Describe(backend_.Program(), reply);
  return absl::OkStatus();
}

absl::Status AdminCalls::Answer(const v1::GetHealthRequest&, v1::Health* reply) {
  Describe(backend_.CheckHealth(), reply);
  return absl::OkStatus();
}

absl::Status AdminCalls::Answer(const v1::GetStatsRequest&, v1::Stats* reply) {
  return Give(backend_.ReadStats(), reply);
}

absl::Status AdminCalls::Answer(const v1::GetLatenciesRequest& request, v1::Latencies* reply) {
  const auto percentiles = ReadPercentiles(request);
  if (!percentiles.ok()) return percentiles.status();
  const auto latencies = backend_.Latencies();
  if (latencies.ok()) Describe(*latencies, *percentiles, reply);
  return latencies.status();
}

absl::Status AdminCalls::Answer(const v1::GetSettingsRequest&, v1::Settings* reply) {
  return Give(backend_.Settings(), reply);
}

absl::Status AdminCalls::Answer(const v1::GetHotKeysRequest& request, v1::HotKeys* reply) {
  const auto count = ReadHotKeyCount(request);
  if (!count.ok()) return count.status();
  return Give(backend_.HotKeys(*count), reply);
}

absl::Status AdminCalls::Answer(const v1::GetRingRequest&, v1::Rings* reply) {
  return Give(backend_.Rings(), reply);
}

absl::Status AdminCalls::Answer(const v1::LocateKeysRequest& request, v1::Locations* reply) {
  const absl::Status keys = CheckKeys(request);
  if (!keys.ok()) return keys;
  const auto members = ReadMemberCount(request);
  if (!members.ok()) return members.status();
  const auto ring = FindRing(backend_, request.pool());
  if (!ring.ok()) return ring.status();
  const RingInfo& info = (*ring)->info();
  reply->set_pool(Utf8Text(info.pool));
  reply->set_version(info.version);
  for (const std::string& key : request.keys()) {
    v1::Locations::Location* location = reply->add_locations();
    location->set_key(key);
    for (const std::uint32_t index : (*ring)->Locate(key, *members)) {
      location->add_members(Utf8Text(info.members[index].name));
    }
  }
  return absl::OkStatus();
}

absl::Status AdminCalls::Answer(const v1::PlanChangeRequest& request, v1::Plan* reply) {
  const auto change = ReadChange(request);
  if (!change.ok()) return change.status();
  const auto ring = FindRing(backend_, request.pool());
  if (!ring.ok()) return ring.status();
  return Give((*ring)->Plan(*change), reply);
}

absl::Status AdminCalls::Answer(const v1::GetDrainRequest&, v1::DrainProgress* reply) {
  Describe(backend_.Draining(), reply);
  return absl::OkStatus();
}

absl::Status AdminCalls::Answer(const v1::DrainRequest& request, v1::DrainProgress* reply) {
  absl::StatusOr<absl::Duration> wait = kAsConfigured;
  if (request.has_wait()) wait = ReadDuration(kDrainWait, request.wait());
  if (!wait.ok()) return wait.status();
  const absl::Status status = backend_.Drain(*wait);
  if (status.ok()) Describe(backend_.Draining(), reply);
  return status;
}

absl::Status AdminCalls::Answer(const v1::UndrainRequest&, v1::DrainProgress* reply) {
  const absl::Status status = backend_.Undrain();
  if (status.ok()) Describe(backend_.Draining(), reply);
  return status;
}

absl::Status AdminCalls::Answer(const v1::SetVerbosityRequest& request, v1::SetVerbosityReply*) {
  const auto level = ReadVerbosity(request);
  return level.ok() ? backend_.SetVerbosity(*level) : level.status();
}

absl::Status AdminCalls::Answer(const v1::ReloadRequest&, v1::ReloadReply* reply) {
  const auto text = backend_.Reload();
  if (text.ok()) reply->set_text(Utf8Text(*text));
  return text.status();
}

absl::Status AdminCalls::Answer(const v1::ResetStatsRequest&, v1::ResetStatsReply*) {
  return backend_.ResetStats();
}

absl::Status AdminCalls::Answer(const v1::FlushRequest& request, v1::FlushReply*) {
  absl::StatusOr<absl::Duration> delay = absl::ZeroDuration();
  if (request.has_delay()) delay = ReadDuration(kFlushDelay, request.delay());
  return delay.ok() ? backend_.Flush(*delay) : delay.status();
}

}  // namespace ringcache::admin
