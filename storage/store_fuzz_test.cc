// Operations on the store and on the model, chosen by the fuzzer's bytes.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "storage/store_model.h"

namespace ringcache::storage {
namespace {

// What differs, if anything does.
std::string Play(const std::uint8_t* data, std::size_t size, EvictionKind eviction) {
  StoreOptions options;
  options.limit_bytes = 4 * kPageBytes;
  options.initial_items_log2 = 12;
  options.hash_seed = 1;
  options.eviction = eviction;
  options.track_sizes = true;  // so that CheckInvariants compares them
  std::size_t at = 0;
  // Two bytes a choice where it matters; past the end always the first.
  ModelledStore store(options, [&](std::size_t bound) -> std::size_t {
    std::size_t value = at < size ? data[at++] : 0;
    if (bound > 256) value = value << 8 | (at < size ? data[at++] : 0);
    return value % bound;
  });
  std::string problem;
  while (at < size && problem.empty()) problem = store.Step();
  return problem.empty() ? store.CheckAll() : problem;
}

}  // namespace
}  // namespace ringcache::storage

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using ringcache::storage::EvictionKind;
  for (const EvictionKind eviction : {EvictionKind::kS3Fifo, EvictionKind::kSegmentedLru}) {
    const std::string problem = ringcache::storage::Play(data, size, eviction);
    if (problem.empty()) continue;
    std::fprintf(stderr, "%s\n", problem.c_str());
    std::abort();
  }
  return 0;
}
