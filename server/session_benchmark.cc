// What a session costs above the kernel: bytes of requests in, bytes of replies out, no socket. The
// store holds more than a core's caches do.
//
//   bazel run //server:session_benchmark

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "benchmark/benchmark.h"
#include "server/session_fixture.h"

namespace ringcache::server {
namespace {

constexpr int kKeys = 300000;
constexpr int kWakeUps = 512;

// Takes everything at once, as a socket usually does.
class SinkConnection final : public net::Connection {
 public:
  bool Send(absl::Span<const iovec> spans) override {
    for (const iovec& span : spans) bytes += span.iov_len;
    return true;
  }
  std::size_t pending_bytes() const override { return 0; }
  void ResumeReceiving() override {}
  void Drain() override {}
  void Close(net::CloseReason) override {}

  std::size_t bytes = 0;
};

std::string Key(std::uint64_t i) { return absl::StrFormat("key:%012d", i % kKeys); }

ServerOptions RoomForAll() {
  ServerOptions options;
  options.memory_limit_bytes = std::size_t{256} << 20;
  return options;
}

struct Bench {
  Bench() : worker(RoomForAll()), session(worker.worker.get(), &worker) {
    session.Attach(&sink);
    const std::string value(100, 'x');
    for (int i = 0; i < kKeys; ++i) {
      Wake(absl::StrCat("set ", Key(static_cast<std::uint64_t>(i)), " 0 0 100\r\n", value, "\r\n"));
    }
  }
  void Wake(absl::string_view bytes) {
    const absl::Span<char> room = session.LendReceiveBuffer();
    std::memcpy(room.data(), bytes.data(), bytes.size());
    benchmark::DoNotOptimize(session.OnReceived(bytes.size()));
  }

  WorkerFixture worker;
  Session session;
  SinkConnection sink;
};

Bench& SharedBench() {
  static Bench* const bench = new Bench;
  return *bench;
}

void RunWakeUps(benchmark::State& state, const std::vector<std::string>& wake_ups, int requests) {
  Bench& bench = SharedBench();
  std::size_t i = 0;
  for (auto _ : state) bench.Wake(wake_ups[i++ % wake_ups.size()]);
  state.SetItemsProcessed(state.iterations() * requests);
}

// The argument is how many requests a wake-up brings.
void Get(benchmark::State& state) {
  std::mt19937_64 random(1);
  std::vector<std::string> wake_ups(kWakeUps);
  for (std::string& bytes : wake_ups) {
    for (int i = 0; i < state.range(0); ++i) absl::StrAppend(&bytes, "get ", Key(random()), "\r\n");
  }
  RunWakeUps(state, wake_ups, static_cast<int>(state.range(0)));
}
BENCHMARK(Get)->Arg(1)->Arg(16)->Arg(64);

void MetaGet(benchmark::State& state) {
  std::mt19937_64 random(1);
  std::vector<std::string> wake_ups(kWakeUps);
  for (std::string& bytes : wake_ups) {
    for (int i = 0; i < state.range(0); ++i) {
      absl::StrAppend(&bytes, "mg ", Key(random()), " v f t k\r\n");
    }
  }
  RunWakeUps(state, wake_ups, static_cast<int>(state.range(0)));
}
BENCHMARK(MetaGet)->Arg(16);

void MultiGet(benchmark::State& state) {
  std::mt19937_64 random(1);
  std::vector<std::string> wake_ups(kWakeUps);
  for (std::string& bytes : wake_ups) {
    bytes = "get";
    for (int i = 0; i < state.range(0); ++i) absl::StrAppend(&bytes, " ", Key(random()));
    bytes += "\r\n";
  }
  RunWakeUps(state, wake_ups, 1);
}
BENCHMARK(MultiGet)->Arg(50);

void Set(benchmark::State& state) {
  std::mt19937_64 random(1);
  const std::string value(100, 'y');
  std::vector<std::string> wake_ups(kWakeUps);
  for (std::string& bytes : wake_ups) {
    for (int i = 0; i < state.range(0); ++i) {
      absl::StrAppend(&bytes, "set ", Key(random()), " 0 0 100\r\n", value, "\r\n");
    }
  }
  RunWakeUps(state, wake_ups, static_cast<int>(state.range(0)));
}
BENCHMARK(Set)->Arg(1)->Arg(16);

}  // namespace
}  // namespace ringcache::server
