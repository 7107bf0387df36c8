// Nanoseconds per line for the parsers and writers of the hot path. Each benchmark walks a buffer
// of many pipelined lines, as a session does after one read.

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "benchmark/benchmark.h"
#include "protocol/operation.h"
#include "protocol/parse_result.h"
#include "protocol/reply.h"
#include "protocol/reply_parser.h"
#include "protocol/reply_writer.h"
#include "protocol/request.h"
#include "protocol/request_parser.h"

namespace ringcache::protocol {
namespace {

constexpr int kLines = 64;

// `kLines` times "<before>key:<number><after>".
std::string Lines(absl::string_view before, absl::string_view after) {
  std::string lines;
  for (int i = 0; i < kLines; ++i) {
    absl::StrAppend(&lines, before, "user:profile:", 10000000 + i * 77777, after, "\r\n");
  }
  return lines;
}

void ParseAll(benchmark::State& state, const std::string& lines) {
  Request request;
  std::int64_t parsed = 0;
  for (auto _ : state) {
    absl::string_view input = lines;
    while (!input.empty()) {
      const ParseResult result = ParseRequest(input, &request);
      if (result.status != ParseStatus::kOk) {
        state.SkipWithError("a line was refused");
        return;
      }
      benchmark::DoNotOptimize(request);
      input.remove_prefix(result.consumed);
      ++parsed;
    }
  }
  state.SetItemsProcessed(parsed);
  state.counters["ns_per_line"] =
      benchmark::Counter(static_cast<double>(parsed) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_Get(benchmark::State& state) { ParseAll(state, Lines("get ", "")); }
BENCHMARK(BM_Get);

void BM_MetaGet(benchmark::State& state) { ParseAll(state, Lines("mg ", " v")); }
BENCHMARK(BM_MetaGet);

void BM_MetaGetManyFlags(benchmark::State& state) {
  ParseAll(state, Lines("mg ", " v t f c k O1234 q"));
}
BENCHMARK(BM_MetaGetManyFlags);

void BM_Set(benchmark::State& state) { ParseAll(state, Lines("set ", " 0 3600 256")); }
BENCHMARK(BM_Set);

void BM_MetaSet(benchmark::State& state) { ParseAll(state, Lines("ms ", " 256 T3600 c")); }
BENCHMARK(BM_MetaSet);

void BM_Delete(benchmark::State& state) { ParseAll(state, Lines("delete ", "")); }
BENCHMARK(BM_Delete);

void BM_MultigetOf50(benchmark::State& state) {
  std::string line = "get";
  for (int i = 0; i < 50; ++i) absl::StrAppend(&line, " user:profile:", 10000000 + i * 77777);
  ParseAll(state, line + "\r\n");
}
BENCHMARK(BM_MultigetOf50);

void BM_ParseValueReply(benchmark::State& state) {
  const std::string lines = Lines("VALUE ", " 0 256");
  Reply reply;
  for (auto _ : state) {
    absl::string_view input = lines;
    while (!input.empty()) {
      const ReplyResult result = ParseReply(input, Operation::kGet, &reply);
      benchmark::DoNotOptimize(reply);
      input.remove_prefix(result.consumed);
    }
  }
  state.SetItemsProcessed(state.iterations() * kLines);
}
BENCHMARK(BM_ParseValueReply);

void BM_WriteValueHeader(benchmark::State& state) {
  char out[kMaxValueHeaderBytes];
  std::uint32_t value_bytes = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(WriteValueHeader(out, "user:profile:10000000", 0, value_bytes));
    benchmark::ClobberMemory();
    value_bytes = (value_bytes + 37) & 4095;
  }
}
BENCHMARK(BM_WriteValueHeader);

}  // namespace
}  // namespace ringcache::protocol
