#include "tools/clientload/libmemcached_load.h"

#include <libmemcached/memcached.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace ringcache::clientload {
namespace {

class Load {
 public:
  explicit Load(const LoadOptions& options)
      : options_(options),
        memcached_(memcached(absl::StrCat("--SERVER=", options.server).c_str(),
                             options.server.size() + 9)),
        key_(TheKey(options)),
        value_(options.value_bytes, 'v') {
    memcached_behavior_set(memcached_, MEMCACHED_BEHAVIOR_TCP_NODELAY, 1);
    const std::size_t keys = options.call == CallKind::kGet ? options.depth : options.keys;
    keys_.assign(keys, key_.data());
    key_sizes_.assign(keys, key_.size());
  }
  ~Load() { memcached_free(memcached_); }

  LoadResult Run() {
    const absl::Time start = absl::Now();
    const absl::Time end = start + absl::Seconds(options_.seconds);
    const double cpu_before = CpuSeconds();
    // The clock is read every some calls, so that it costs nothing here.
    while (absl::Now() < end) {
      for (int i = 0; i < 16; ++i) Call();
    }
    result_.seconds = absl::ToDoubleSeconds(absl::Now() - start);
    result_.cpu_seconds = CpuSeconds() - cpu_before;
    return result_;
  }

 private:
  void Call() {
    if (options_.call == CallKind::kSet) {
      Count(memcached_set(memcached_, key_.data(), key_.size(), value_.data(), value_.size(), 0,
                          0) == MEMCACHED_SUCCESS);
    } else if (keys_.size() == 1) {
      GetOne();
    } else {
      GetMany();
    }
  }
  void GetOne() {
    std::size_t bytes = 0;
    std::uint32_t flags = 0;
    memcached_return_t status;
    char* const value =
        memcached_get(memcached_, key_.data(), key_.size(), &bytes, &flags, &status);
    Count(value != nullptr);
    std::free(value);
  }
  void GetMany() {
    std::size_t got = 0;
    if (memcached_mget(memcached_, keys_.data(), key_sizes_.data(), keys_.size()) ==
        MEMCACHED_SUCCESS) {
      char key[MEMCACHED_MAX_KEY];
      std::size_t key_bytes = 0;
      std::size_t bytes = 0;
      std::uint32_t flags = 0;
      memcached_return_t status;
      while (char* const value =
                 memcached_fetch(memcached_, key, &key_bytes, &bytes, &flags, &status)) {
        ++got;
        std::free(value);
      }
    }
    for (std::size_t i = 0; i < keys_.size(); ++i) Count(i < got);
  }
  void Count(bool succeeded) {
    ++result_.operations;
    if (!succeeded) ++result_.failures;
  }

  const LoadOptions& options_;
  memcached_st* const memcached_;
  const std::string key_;
  const std::string value_;
  std::vector<const char*> keys_;
  std::vector<std::size_t> key_sizes_;
  LoadResult result_;
};

}  // namespace

absl::StatusOr<LoadResult> RunLibmemcached(const LoadOptions& options) {
  return Load(options).Run();
}

}  // namespace ringcache::clientload
