// What the calls of one client share. A call that is over gives itself back to be used again.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_CLIENT_CALL_CONTEXT_H_
#define RINGCACHE_CLIENT_CALL_CONTEXT_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "client/call_failure.h"
#include "client/cluster_options.h"
#include "client/connection_resources.h"
#include "client/pool.h"
#include "client/result.h"
#include "protocol/operation.h"

namespace ringcache::client {

// Calls that fail before anything is sent are told so from the loop, not from within the call.
class Unsent {
 public:
  virtual void Report() = 0;

 protected:
  ~Unsent() = default;
};

class CallContext {
 public:
  CallContext(ConnectionResources* resources, const ClusterOptions* options, Pool* pool)
      : resources_(*resources), options_(*options), pool_(*pool) {}
  ~CallContext() {
    if (timer_ != 0) resources_.loop->CancelTimer(timer_);
  }
  CallContext(const CallContext&) = delete;
  CallContext& operator=(const CallContext&) = delete;

  const ClusterOptions& options() const { return options_; }
  const Pool& pool() const { return pool_; }
  absl::Duration now() const { return resources_.loop->MonotonicNow(); }
  // Everything fails with kClosed from now on.
  bool closing() const { return closing_; }
  void set_closing() { closing_ = true; }

  // What a call comes to that failed so, by the policy for dead members.
  Result ResultOf(CallFailure failure) const {
    Result result;
    const bool is_miss = options_.dead_member == DeadMemberPolicy::kMiss;
    if (is_miss && failure != CallFailure::kClosed) result.outcome = Outcome::kMiss;
    result.failure = failure;
    return result;
  }

  // Whether another member is asked after `failovers` others, the last of which failed so. After
  // one that may have executed the call, only what reads is asked again.
  bool MayAskAnother(protocol::Operation operation, CallFailure failure, std::size_t failovers,
                     absl::Duration deadline) const {
    const bool only_reads = operation == protocol::Operation::kGet ||
                            operation == protocol::Operation::kGets ||
                            operation == protocol::Operation::kMetaGet;
    return options_.dead_member == DeadMemberPolicy::kNextReplica &&
           failovers < options_.max_failovers && !closing_ && now() < deadline &&
           (NothingWasSent(failure) || only_reads);
  }

  // Members were in trouble: discovery may know of a change.
  void NoteTrouble() {
    if (on_trouble_) on_trouble_();
  }
  void set_on_trouble(std::function<void()> on_trouble) { on_trouble_ = std::move(on_trouble); }

  // Calls `call->Report()` in the next wake-up.
  void ReportSoon(Unsent* call) {
    unsent_.push_back(call);
    if (timer_ != 0) return;
    timer_ = resources_.loop->RunAfter(absl::ZeroDuration(), [this] { ReportAll(); });
  }
  // At once: nothing is to be left when the client goes.
  void ReportAll() {
    if (timer_ != 0) resources_.loop->CancelTimer(std::exchange(timer_, 0));
    // A report may lead to further calls that fail: those wait for the next wake-up.
    for (Unsent* call : std::exchange(unsent_, {})) call->Report();
  }

 private:
  ConnectionResources& resources_;
  const ClusterOptions& options_;
  Pool& pool_;
  bool closing_ = false;
  std::function<void()> on_trouble_;
  net::EventLoop::TimerId timer_ = 0;
  std::vector<Unsent*> unsent_;
};

// Calls that are over, kept with their buffers for the next ones.
template <typename Call>
class CallPool {
 public:
  // Most calls kept; those past it are freed.
  static constexpr std::size_t kMaxFree = 1024;

  explicit CallPool(CallContext* context) : context_(context) {}

  Call* Take() {
    if (free_.empty()) return new Call(context_, this);
    Call* const call = free_.back().release();
    free_.pop_back();
    return call;
  }
  // REQUIRES: it came from Take() and nobody will call it any more.
  void GiveBack(Call* call) {
    if (free_.size() < kMaxFree) {
      free_.emplace_back(call);
    } else {
      delete call;
    }
  }

 private:
  CallContext* const context_;
  std::vector<std::unique_ptr<Call>> free_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_CALL_CONTEXT_H_
