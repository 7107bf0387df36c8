// What a process tells of itself in numbers, at one moment.
//
// Thread safety: plain values.

#ifndef RINGCACHE_ADMIN_BACKEND_STATS_H_
#define RINGCACHE_ADMIN_BACKEND_STATS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "admin/backend/figures.h"
#include "metrics/latency_histogram.h"

namespace ringcache::admin {

struct SlabStats {
  std::uint32_t size_class = 0;
  FigureSet<SlabFigure> figures;
};

struct WorkerStats {
  std::uint32_t index = 0;
  FigureSet<WorkerFigure> figures;
};

struct MemberStats {
  std::string pool;
  std::string name;  // its identity on the ring
  bool vanished = false;
  std::string last_problem;
  FigureSet<MemberFigure> figures;
};

struct Stats {
  FigureSet<GeneralFigure> general;
  FigureSet<RouterFigure> router;
  std::vector<SlabStats> slabs;
  std::vector<WorkerStats> workers;
  std::vector<MemberStats> members;
};

// How long what took.
struct LatencySeries {
  enum class Kind : std::uint8_t {
    kCommand,  // `name` is a class of commands: get, set, delete, touch, arithmetic, other
    kMember,   // `name` is a member of `pool`
  };
  Kind kind = Kind::kCommand;
  std::string pool;
  std::string name;
  metrics::LatencyHistogram histogram;
};

// A key that is asked for often. Rates are requests a second, and at most `error` too high.
struct HotKey {
  std::string key;
  double rate = 0;
  double error = 0;
  bool writes = false;  // these are requests that change it; else those that read it
};

struct Setting {
  std::string name;
  std::string value;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_BACKEND_STATS_H_
