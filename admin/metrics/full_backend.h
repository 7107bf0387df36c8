// A backend for tests that knows every figure.
//
// Thread safety: fields are set before it is asked; then any thread.

#ifndef RINGCACHE_ADMIN_METRICS_FULL_BACKEND_H_
#define RINGCACHE_ADMIN_METRICS_FULL_BACKEND_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "admin/backend/backend.h"

namespace ringcache::admin {

class FixedRing : public RingView {
 public:
  explicit FixedRing(RingInfo info) : info_(std::move(info)) {}
  const RingInfo& info() const override { return info_; }
  std::vector<std::uint32_t> Locate(absl::string_view, std::size_t) const override { return {}; }
  absl::StatusOr<RingPlan> Plan(const MembershipChange&) const override { return RingPlan{}; }

 private:
  const RingInfo info_;
};

class FullBackend : public Backend {
 public:
  struct Size {
    std::uint32_t slabs = 2;
    std::uint32_t workers = 2;
    std::uint32_t members = 2;
  };

  FullBackend() : FullBackend(Size()) {}
  explicit FullBackend(const Size& size) {
    program.version = "1.2.3";
    program.serves = "1.2.3";
    Fill(1, &stats.general);
    Fill(1, &stats.router);
    for (std::uint32_t i = 0; i < size.slabs; ++i)
      Fill(i, &stats.slabs.emplace_back(SlabStats{i + 1, {}}).figures);
    for (std::uint32_t i = 0; i < size.workers; ++i)
      Fill(i, &stats.workers.emplace_back(WorkerStats{i, {}}).figures);
    for (const char* command : {"get", "set", "delete", "touch", "arithmetic", "other"}) {
      AddLatency(LatencySeries::Kind::kCommand, "", command);
    }
    RingInfo info;
    info.pool = "main";
    info.placement = "ketama";
    info.key_hash = "md5";
    info.version = 7;
    for (std::uint32_t i = 0; i < size.members; ++i) AddMember(absl::StrCat("cache-", i), &info);
    rings = std::vector<std::shared_ptr<const RingView>>{std::make_shared<FixedRing>(info)};
    health.liveness.serving = health.readiness.serving = health.startup.serving = true;
    drain = {true, "announcing", absl::Seconds(3), 5};
  }

  // Figure number n is first + n.
  template <typename Id>
  static void Fill(std::uint64_t first, FigureSet<Id>* figures) {
    for (std::size_t i = 0; i < FigureSet<Id>::kSize; ++i)
      (*figures)[static_cast<Id>(i)] = first + i;
  }

  ProgramInfo Program() override { return program; }
  Health CheckHealth() override { return health; }
  absl::StatusOr<Stats> ReadStats() override {
    if (!failure.ok()) return failure;
    return stats;
  }
  absl::StatusOr<std::vector<LatencySeries>> Latencies() override {
    if (!failure.ok()) return failure;
    return latencies;
  }
  absl::StatusOr<std::vector<std::shared_ptr<const RingView>>> Rings() override { return rings; }
  absl::StatusOr<std::vector<Setting>> Settings() override { return std::vector<Setting>(); }
  absl::StatusOr<std::vector<HotKey>> HotKeys(std::size_t) override {
    return std::vector<HotKey>();
  }
  DrainProgress Draining() override { return drain; }
  absl::Status Drain(absl::Duration) override { return absl::OkStatus(); }
  absl::Status Undrain() override { return absl::OkStatus(); }
  absl::Status SetVerbosity(int) override { return absl::OkStatus(); }
  absl::StatusOr<std::string> Reload() override { return std::string(); }
  absl::Status ResetStats() override { return absl::OkStatus(); }
  absl::Status Flush(absl::Duration) override { return absl::OkStatus(); }

  ProgramInfo program;
  Health health;
  DrainProgress drain;
  Stats stats;
  std::vector<LatencySeries> latencies;
  absl::StatusOr<std::vector<std::shared_ptr<const RingView>>> rings;
  absl::Status failure;  // of what counts

 private:
  void AddMember(const std::string& name, RingInfo* info) {
    Fill(info->members.size(),
         &stats.members.emplace_back(MemberStats{"main", name, false, "", {}}).figures);
    info->members.push_back({name, "10.0.0.1:11211", 1, MemberState::kUp, 0.25, 0.5});
    AddLatency(LatencySeries::Kind::kMember, "main", name);
  }

  void AddLatency(LatencySeries::Kind kind, const char* pool, const std::string& name) {
    LatencySeries& series = latencies.emplace_back();
    series.kind = kind;
    series.pool = pool;
    series.name = name;
    for (std::uint64_t ns = 500; ns < 2'000'000'000; ns *= 3) series.histogram.Record(ns);
  }
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_FULL_BACKEND_H_
