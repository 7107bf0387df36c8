// A cache inside a program: no server, no sockets. Keeps results of a slow function for a minute.

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>

#include "storage/store.h"

namespace {

using ringcache::storage::ItemEditor;
using ringcache::storage::Lookup;
using ringcache::storage::Store;
using ringcache::storage::StoreOptions;
using ringcache::storage::UnixSeconds;

UnixSeconds Now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<UnixSeconds>(
      std::chrono::duration_cast<std::chrono::seconds>(since_1970).count());
}

std::string Compute(const std::string& key) { return "result for " + key; }

std::string CachedCompute(Store& cache, const std::string& key) {
  constexpr UnixSeconds kKeepSeconds = 60;
  const UnixSeconds now = Now();
  std::string result;
  const Lookup lookup = cache.Access(key, cache.Hash(key), now, [&](ItemEditor& editor) {
    editor.NoteUse();
    result = editor.CopyValue();
  });
  if (lookup == Lookup::kHit) return result;
  result = Compute(key);
  cache.Put(key, result, /*client_flags=*/0, now + kKeepSeconds, now);
  return result;
}

}  // namespace

int main() {
  StoreOptions options;
  options.limit_bytes = std::size_t{8} << 20;
  const auto cache = Store::Create(options);
  if (!cache.ok()) {
    std::fprintf(stderr, "%s\n", cache.status().ToString().c_str());
    return 1;
  }
  for (int round = 0; round < 2; ++round) {
    for (const char* const key : {"red", "green", "blue"}) {
      std::printf("%s\n", CachedCompute(**cache, key).c_str());
    }
  }
  const auto stats = (*cache)->Stats();
  std::printf("%zu items in %zu bytes\n", stats.items, stats.item_bytes);
  return stats.items == 3 ? 0 : 1;
}
