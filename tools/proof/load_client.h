// One client of the load: sends batches of pipelined requests, reads every reply, and judges it.
// It writes its own share of the keys and reads all.
//
//   get, get of many, mg | set, ms, delete, md | mn at the end, so that a reply too few or too many
//   is noticed with its batch
//
// Thread safety: Run() on a thread of its own; all else from any thread.

#ifndef RINGCACHE_TOOLS_PROOF_LOAD_CLIENT_H_
#define RINGCACHE_TOOLS_PROOF_LOAD_CLIENT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "net/mutex.h"
#include "tools/loadgen/random_source.h"
#include "tools/proof/key_ledger.h"
#include "tools/proof/line_socket.h"
#include "tools/proof/phase_figures.h"

namespace ringcache::proof {

struct LoadOptions {
  int port = 0;
  std::size_t clients = 8;
  std::size_t keys = 3000;
  std::size_t batch = 16;
  std::size_t keys_per_get = 8;
  // Between batches of one client, so that the load is bounded.
  absl::Duration pause = absl::Milliseconds(4);
  // A later reply is overdue.
  absl::Duration limit = absl::Seconds(2);
  // Later still is never.
  absl::Duration patience = absl::Seconds(20);
  std::uint64_t seed = 1;
};

class LoadClient {
 public:
  // `ledger` outlives this.
  LoadClient(const LoadOptions& options, std::size_t number, KeyLedger* ledger);

  static std::string KeyText(std::size_t key);

  // Until Stop().
  void Run();
  void Stop() { stopped_.store(true, std::memory_order_relaxed); }
  // The next requests store each of its keys once.
  void Rewrite() { rewrites_.fetch_add(1, std::memory_order_relaxed); }
  // What it saw since the last call.
  PhaseFigures TakeFigures();
  // How many passes that were asked for are done.
  int rewritten() const { return rewritten_.load(std::memory_order_acquire); }

 private:
  enum class Kind : std::uint8_t { kGet, kMetaGet, kSet, kMetaSet, kDelete, kMetaDelete, kEnd };
  struct Asked {
    Kind kind;
    std::vector<std::size_t> keys;
    std::vector<KeyLedger::Mark> marks;  // of reads
    std::uint64_t version = 0;           // of writes
    std::string identity;                // what a meta reply has to name
  };

  std::size_t AnyKey() { return random_.NextBelow(ledger_.size()); }
  std::size_t OwnKey();
  void AskBatch();
  void AskRewrites();
  void AskRead(Kind kind, std::size_t keys);
  void AskWrite(Kind kind, std::size_t key);
  // Sends what was asked and reads all replies.
  void Exchange();
  // False if the replies are out of step.
  bool ReadReply(const Asked& asked);
  bool ReadValues(const Asked& asked, absl::string_view line);
  bool ReadMetaValue(const Asked& asked, absl::string_view line);
  bool ReadWritten(const Asked& asked, absl::string_view line);
  bool OutOfStep(const Asked& asked, absl::string_view line);
  void CountError(const Asked& asked, absl::string_view line);
  // A value, or nothing.
  void JudgeRead(const Asked& asked, std::size_t index, std::optional<absl::string_view> value);
  // The replies that did not come.
  void GiveUp(std::size_t first);

  const LoadOptions options_;
  const std::size_t number_;
  KeyLedger& ledger_;
  loadgen::RandomSource random_;
  std::unique_ptr<LineSocket> socket_;
  std::vector<Asked> asked_;
  std::string text_;
  std::uint64_t next_opaque_ = 0;
  std::size_t rewrite_next_ = 0;
  PhaseFigures batch_;  // of the batch that is under way
  // Relaxed: nothing else depends on them.
  std::atomic<bool> stopped_{false};
  std::atomic<int> rewrites_{0};
  // Release: with it the pass is in the figures.
  std::atomic<int> rewritten_{0};
  net::Mutex mutex_;
  PhaseFigures figures_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ringcache::proof

#endif  // RINGCACHE_TOOLS_PROOF_LOAD_CLIENT_H_
