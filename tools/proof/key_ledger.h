// What was written to each key, and what was answered, by which a value that is read is judged. A
// key has one writer; its versions grow with each write or delete, whatever becomes of it.
//
// Thread safety: each key's writes by one thread at a time, all else from any thread.

#ifndef RINGCACHE_TOOLS_PROOF_KEY_LEDGER_H_
#define RINGCACHE_TOOLS_PROOF_KEY_LEDGER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "net/mutex.h"

namespace ringcache::proof {

enum class Verdict : std::uint8_t {
  kFresh,
  // A miss of a key that was deleted or never stored, or is being written.
  kMiss,
  // A miss of a key whose last write was acknowledged, and was no delete.
  kLost,
  // Older than the last acknowledged write.
  kStale,
  // The same, and of a write that was answered with an error: it was carried out after all, later.
  kLate,
  // Of a version that was not sent yet.
  kNeverWritten,
};

class KeyLedger {
 public:
  explicit KeyLedger(std::size_t keys) : keys_(keys) {}

  std::size_t size() const { return keys_.size(); }

  // The version of the write, which is about to be sent.
  std::uint64_t BeginWrite(std::size_t key);
  // Writes of a key end in the order in which they began.
  void Acknowledge(std::size_t key, std::uint64_t version, bool is_delete);
  void Fail(std::size_t key, std::uint64_t version);

  // To be kept from before a read is sent until it is judged.
  using Mark = std::uint64_t;
  Mark Now(std::size_t key) const {
    return keys_[key].acknowledged.load(std::memory_order_acquire);
  }
  // What was read, or nothing, by a read that was sent after `mark` was taken.
  Verdict Judge(std::size_t key, Mark mark, std::optional<std::uint64_t> version) const;

 private:
  struct Key {
    // The last version that was sent.
    std::atomic<std::uint64_t> sent{0};
    // Twice the last version that was acknowledged, and 1 if that was a delete.
    std::atomic<std::uint64_t> acknowledged{0};
  };

  // Acquire and release on both: who reads a mark or a value sees what was sent before.
  std::vector<Key> keys_;
  mutable net::Mutex mutex_;
  // Key and version of writes that were answered with an error.
  std::unordered_set<std::uint64_t> failed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ringcache::proof

#endif  // RINGCACHE_TOOLS_PROOF_KEY_LEDGER_H_
