// An exchange of a request that every member of every pool is sent: flush_all, and those groups of
// stats that are about items. A member that is in several pools is asked once.
//
//   flush_all       OK, or SERVER_ERROR with the members that failed
//   stats reset     RESET, or the same
//   stats <group>   see pool_stats.h
//
// Thread safety: belongs to the worker.

#ifndef RINGCACHE_ROUTER_BROADCAST_EXCHANGE_H_
#define RINGCACHE_ROUTER_BROADCAST_EXCHANGE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/call_failure.h"
#include "client/reply_receiver.h"
#include "protocol/request.h"
#include "router/exchange.h"
#include "router/exchange_pool.h"
#include "router/router_options.h"
#include "router/stats/pool_stats.h"

namespace ringcache::router {

struct TreeInUse;

class BroadcastExchange final : public Exchange, private client::ReplyReceiver {
 public:
  // Of one worker at a time; past it clients are told to try again.
  static constexpr std::size_t kMaxRunning = 16;
  // Failed members that an error names.
  static constexpr std::size_t kMaxNamed = 8;

  // Whether members, and not the router, answer `request`.
  static bool Takes(const protocol::Request& request, const RouterOptions& options);

  // `request` may end with this call. REQUIRES: Takes().
  void Send(ClientSession* session, TreeInUse* tree, const protocol::Request& request);

 private:
  friend class ExchangePool<BroadcastExchange>;
  explicit BroadcastExchange(WorkerContext* worker) : Exchange(worker) {}

  void GiveBack() override;

  // client::ReplyReceiver; the tag is the member's number.
  void OnReply(std::uint64_t tag, const protocol::Reply& reply, const client::ReceivedValue& value,
               bool last) override;
  void OnFailure(std::uint64_t tag, client::CallFailure failure) override;

  void Ask(const protocol::Request& request);
  void Note(std::uint64_t tag, const protocol::Reply& reply);
  void NoteProblem(std::uint64_t tag, absl::string_view problem);
  void OneLess();
  // Of hot keys.
  void DropCopies();
  std::string OkOrProblems() const;

  protocol::Operation operation_ = protocol::Operation::kFlushAll;
  bool quiet_ = false;
  // What a member says that did as it was told; empty: it tells figures.
  absl::string_view done_text_;
  std::vector<std::string> members_;
  std::vector<std::string> problems_;  // of those that failed
  std::optional<PoolStats> stats_;
  std::size_t open_ = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_BROADCAST_EXCHANGE_H_
