// Makes one client do one thing for some seconds and prints, as JSON, what that took.

#include <cstdio>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "flags/flag_table.h"
#include "tools/clientload/libmemcached_load.h"
#include "tools/clientload/load.h"
#include "tools/clientload/ringcache_load.h"

namespace {

using ringcache::clientload::ClientKind;
using ringcache::clientload::LoadOptions;
using ringcache::clientload::LoadResult;
using F = ringcache::flags::Of<LoadOptions>;

constexpr F::Row kRows[] = {
    F::Word<&LoadOptions::client, ringcache::clientload::kClientNames>(
        "client", "ringcache|libmemcached", "", "which client is made to work"),
    F::Word<&LoadOptions::call, ringcache::clientload::kCallNames>("call", "get|multiget|set", "",
                                                                   "what it does"),
    F::Text<&LoadOptions::server>("server", "ADDRESS", "a server on this machine"),
    F::Integer<&LoadOptions::depth>("depth", "calls under way at once"),
    F::Integer<&LoadOptions::keys>("keys", "keys of a multiget"),
    F::Integer<&LoadOptions::key_bytes>("key-bytes", "length of the key"),
    F::Integer<&LoadOptions::value_bytes>("value-bytes", "length of a stored value"),
    F::Integer<&LoadOptions::seconds>("seconds", "how long"),
    F::Integer<&LoadOptions::spin_us>("spin-us", "how long Ringcache looks before it sleeps"),
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<absl::string_view> arguments(argv + 1, argv + argc);
  LoadOptions options;
  absl::Status status = F::Parse(kRows, arguments, &options);
  if (status.ok()) status = options.Validate();
  if (!status.ok()) {
    std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
    return 2;
  }
  const absl::StatusOr<LoadResult> result = options.client == ClientKind::kRingcache
                                                ? ringcache::clientload::RunRingcache(options)
                                                : ringcache::clientload::RunLibmemcached(options);
  if (!result.ok()) {
    std::fprintf(stderr, "%s\n", std::string(result.status().message()).c_str());
    return 1;
  }
  std::printf(
      "{\"operations\": %llu, \"failures\": %llu, \"seconds\": %.6f, \"cpu_seconds\": %.6f}\n",
      static_cast<unsigned long long>(result->operations),
      static_cast<unsigned long long>(result->failures), result->seconds, result->cpu_seconds);
  return 0;
}
