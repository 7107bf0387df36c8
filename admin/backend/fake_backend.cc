#include "admin/backend/fake_backend.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ringcache::admin {

using absl::string_view;

namespace {

constexpr std::uint64_t kMillisecondNs = 1'000'000;

template <typename Id>
FigureSet<Id> AllKnown(std::uint64_t first) {
  FigureSet<Id> figures;
  for (std::size_t i = 0; i < FigureSet<Id>::kSize; ++i) figures[static_cast<Id>(i)] = first + i;
  return figures;
}

std::string MemberName(int index) {
  return absl::StrCat(std::string(1, static_cast<char>('a' + index % 26)),
                      index / 26 > 0 ? "-" : "", index / 26 > 0 ? absl::StrCat(index / 26) : "",
                      ":11211");
}

// The sum of a key's bytes says whose it is.
class EvenRing final : public RingView {
 public:
  EvenRing(std::string pool, int count) {
    info_.pool = std::move(pool);
    info_.placement = "ketama";
    info_.key_hash = "md5";
    info_.version = 1;
    for (int i = 0; i < count; ++i) {
      info_.members.push_back({.name = MemberName(i),
                               .address = absl::StrCat("10.0.0.", i + 1, ":11211"),
                               .state = MemberState::kUp,
                               .share = 1.0 / count,
                               .fair_share = 1.0 / count});
    }
  }

  const RingInfo& info() const override { return info_; }

  std::vector<std::uint32_t> Locate(string_view key, std::size_t count) const override {
    std::size_t sum = 0;
    for (const char byte : key) sum += static_cast<unsigned char>(byte);
    std::vector<std::uint32_t> members;
    for (std::size_t i = 0; i < std::min(count, info_.members.size()); ++i) {
      members.push_back(static_cast<std::uint32_t>((sum + i) % info_.members.size()));
    }
    return members;
  }

  absl::StatusOr<RingPlan> Plan(const MembershipChange& change) const override {
    RingPlan plan;
    plan.before = info_;
    plan.after =
        change.count > 0 ? EvenRing(info_.pool, static_cast<int>(change.count)).info_ : info_;
    for (const std::string& name : change.remove) {
      const auto gone = [&name](const RingMember& member) { return member.name == name; };
      if (std::erase_if(plan.after.members, gone) == 0) {
        return absl::InvalidArgumentError(absl::StrCat("no member is called '", name, "'"));
      }
    }
    for (const std::string& name : change.add) plan.after.members.emplace_back().name = name;
    plan.moved = plan.optimum = 0.25;
    plan.moves = {{"a:11211", "b:11211", 0.25}};
    return plan;
  }

 private:
  RingInfo info_;
};

std::vector<LatencySeries> SomeLatencies() {
  std::vector<LatencySeries> all(2);
  all[0].name = "get";
  all[1].kind = LatencySeries::Kind::kMember;
  all[1].pool = "main";
  all[1].name = MemberName(0);
  for (LatencySeries& series : all) {
    for (std::uint64_t i = 1; i <= 100; ++i) series.histogram.Record(i * kMillisecondNs);
  }
  return all;
}

}  // namespace

Stats FullStats(int slabs, int workers, int members) {
  Stats stats;
  stats.general = AllKnown<GeneralFigure>(1000);
  stats.router = AllKnown<RouterFigure>(2000);
  for (int i = 0; i < slabs; ++i) {
    stats.slabs.push_back({static_cast<std::uint32_t>(i + 1), AllKnown<SlabFigure>(3000)});
  }
  for (int i = 0; i < workers; ++i) {
    stats.workers.push_back({static_cast<std::uint32_t>(i), AllKnown<WorkerFigure>(4000)});
  }
  for (int i = 0; i < members; ++i) {
    stats.members.push_back({.pool = "main",
                             .name = MemberName(i),
                             .last_problem = "connection refused",
                             .figures = AllKnown<MemberFigure>(5000)});
  }
  return stats;
}

std::shared_ptr<const RingView> FakeRing(std::string pool, int count) {
  return std::make_shared<EvenRing>(std::move(pool), count);
}

FakeBackend::FakeBackend() {
  state_.program = {.version = "1.0", .serves = "1.0", .pid = 4711, .host = "cache-0"};
  state_.health = {{true, ""}, {true, ""}, {true, ""}};
  state_.stats = FullStats(/*slabs=*/2, /*workers=*/2, /*members=*/2);
  state_.latencies = SomeLatencies();
  state_.settings = std::vector<Setting>{{"maxbytes", "67108864"}, {"threads", "4"}};
  state_.hot_keys = std::vector<HotKey>{{"hot", 100, 5, false}, {"warm", 10, 5, true}};
  state_.rings = std::vector<std::shared_ptr<const RingView>>{FakeRing("main", 3)};
}

FakeBackend::~FakeBackend() = default;

void FakeBackend::Change(absl::FunctionRef<void(State&)> change) {
  net::MutexLock lock(&mutex_);
  change(state_);
}

FakeBackend::State FakeBackend::state() const {
  net::MutexLock lock(&mutex_);
  return state_;
}

void FakeBackend::HoldUp() {
  net::MutexLock lock(&mutex_);
  held_up_ = true;
}

void FakeBackend::Release() {
  net::MutexLock lock(&mutex_);
  held_up_ = false;
  changed_.NotifyAll();
}

void FakeBackend::AwaitStatsReads(int count) {
  net::MutexLock lock(&mutex_);
  while (state_.stats_reads < count) changed_.Wait(&mutex_);
}

absl::StatusOr<Stats> FakeBackend::ReadStats() {
  net::MutexLock lock(&mutex_);
  ++state_.stats_reads;
  changed_.NotifyAll();
  while (held_up_) changed_.Wait(&mutex_);
  return state_.stats;
}

absl::StatusOr<std::vector<HotKey>> FakeBackend::HotKeys(std::size_t count) {
  auto keys = state().hot_keys;
  if (keys.ok() && keys->size() > count) keys->resize(count);
  return keys;
}

absl::Status FakeBackend::Wish(std::string text, absl::FunctionRef<void(State&)> change) {
  net::MutexLock lock(&mutex_);
  if (!state_.wish.ok()) return state_.wish;
  state_.wishes.push_back(std::move(text));
  change(state_);
  return absl::OkStatus();
}

absl::Status FakeBackend::Drain(absl::Duration wait) {
  return Wish(absl::StrCat("drain ", absl::FormatDuration(wait)), [wait](State& state) {
    state.drain = {.draining = true, .phase = "announcing", .left = wait, .connections = 3};
    state.health.readiness = {false, "it drains"};
  });
}

absl::Status FakeBackend::Undrain() {
  return Wish("undrain", [](State& state) {
    state.drain = {};
    state.health.readiness = {true, ""};
  });
}

absl::Status FakeBackend::SetVerbosity(int level) {
  return Wish(absl::StrCat("verbosity ", level), [](State&) {});
}

absl::StatusOr<std::string> FakeBackend::Reload() {
  const absl::Status status = Wish("reload", [](State&) {});
  if (!status.ok()) return status;
  return "the configuration";
}

absl::Status FakeBackend::ResetStats() {
  return Wish("reset", [](State&) {});
}

absl::Status FakeBackend::Flush(absl::Duration delay) {
  return Wish(absl::StrCat("flush ", absl::FormatDuration(delay)), [](State&) {});
}

}  // namespace ringcache::admin
