// BigValueRoute: values that are too long for a server, in chunks.
//
//   {"type": "BigValueRoute", "target": "...", "split_threshold": 1000000, "batch_size": 10}
//
// A value past the threshold, in bytes, lies in chunks of that size under "key:0:id", "key:1:id",
// and so on; "key" has what tells of them, which is stored last. If a chunk is gone, all is.
// Deletes leave chunks to expire, and a touch leaves them their time; gat touches them, too.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_REWRITING_BIG_VALUE_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_REWRITING_BIG_VALUE_ROUTE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

struct BigValueOptions {
  static constexpr std::int64_t kMinThresholdBytes = 1024;
  static constexpr std::int64_t kMaxBatch = 128;

  std::size_t threshold_bytes = 1'000'000;
  // Chunks that are asked for at once.
  std::size_t batch = 10;
  // Longer values are refused.
  std::size_t max_bytes = std::size_t{1} << 20;
};

class BigValueRoute final : public Route {
 public:
  // How the value that tells of chunks begins. A client's own that does is taken for one.
  static constexpr absl::string_view kMark = "ringcache-chunks:1:";
  static constexpr absl::string_view kTooLarge = "SERVER_ERROR object too large for cache";
  static constexpr absl::string_view kNotStored = "SERVER_ERROR a part of the value was not stored";

  BigValueRoute(Route* target, const BigValueOptions& options, const RouteSettings& settings);

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  std::string name() const override { return "big-value"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  // Where a value lies: "<mark><chunks>:<id>:<bytes>".
  struct Chunks {
    std::uint32_t count = 0;
    std::uint32_t id = 0;
    std::size_t bytes = 0;
  };

  // Another one for each value, also after a restart: who reads while a value is replaced must not
  // take chunks of both.
  std::uint32_t NewId(absl::Time now);
  bool Splits(const protocol::Request& request) const;
  std::optional<Chunks> ParseChunks(absl::string_view value) const;
  Task<Reply> Store(Call& call, const RouteRequest& request);
  Task<Reply> Read(Call& call, const RouteRequest& request);
  // The replies to `requests`, batch by batch, in their order; after an error none.
  Task<std::vector<Reply>> AskAll(Call& call, const std::vector<const RouteRequest*>& requests);
  // Null: the key would be too long.
  static const RouteRequest* ForChunk(Call& call, const RouteRequest& request, const Chunks& chunks,
                                      std::uint32_t number, absl::string_view value);

  Route& target_;
  const BigValueOptions options_;
  const std::uint64_t writer_;  // which host and worker
  std::uint64_t split_ = 0;     // values so far
};

absl::StatusOr<Route*> MakeBigValueRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_REWRITING_BIG_VALUE_ROUTE_H_
