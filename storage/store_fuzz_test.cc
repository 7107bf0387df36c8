// Operations on the store and on the model, chosen by the fuzzer's bytes.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "storage/store_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using ringcache::storage::ModelledStore;
  ringcache::storage::StoreOptions options;
  options.limit_bytes = 4 * ringcache::storage::kPageBytes;
  options.initial_items_log2 = 12;
  options.hash_seed = 1;
  std::size_t at = 0;
  // Two bytes a choice where it matters; past the end always the first.
  ModelledStore store(options, [&](std::size_t bound) -> std::size_t {
    std::size_t value = at < size ? data[at++] : 0;
    if (bound > 256) value = value << 8 | (at < size ? data[at++] : 0);
    return value % bound;
  });
  std::string problem;
  while (at < size && problem.empty()) problem = store.Step();
  if (problem.empty()) problem = store.CheckAll();
  if (problem.empty()) return 0;
  std::fprintf(stderr, "%s\n", problem.c_str());
  std::abort();
}
