#include "tools/proof/key_ledger.h"

namespace ringcache::proof {
namespace {

// Versions of one key stay far below 2^32, keys below 2^31.
std::uint64_t IdOf(std::size_t key, std::uint64_t version) { return key << 32 | version; }

}  // namespace

std::uint64_t KeyLedger::BeginWrite(std::size_t key) {
  return keys_[key].sent.fetch_add(1, std::memory_order_acq_rel) + 1;
}

void KeyLedger::Acknowledge(std::size_t key, std::uint64_t version, bool is_delete) {
  keys_[key].acknowledged.store(version << 1 | (is_delete ? 1 : 0), std::memory_order_release);
}

void KeyLedger::Fail(std::size_t key, std::uint64_t version) {
  net::MutexLock lock(&mutex_);
  failed_.insert(IdOf(key, version));
}

Verdict KeyLedger::Judge(std::size_t key, Mark mark, std::optional<std::uint64_t> version) const {
  const std::uint64_t sent = keys_[key].sent.load(std::memory_order_acquire);
  const std::uint64_t acknowledged = mark >> 1;
  if (!version.has_value()) {
    const bool is_stored = mark != 0 && (mark & 1) == 0;
    return is_stored && sent == acknowledged ? Verdict::kLost : Verdict::kMiss;
  }
  if (*version == 0 || *version > sent) return Verdict::kNeverWritten;
  // The version of a delete has no value.
  if (mark == (*version << 1 | 1)) return Verdict::kNeverWritten;
  if (*version >= acknowledged) return Verdict::kFresh;
  net::MutexLock lock(&mutex_);
  return failed_.count(IdOf(key, *version)) > 0 ? Verdict::kLate : Verdict::kStale;
}

}  // namespace ringcache::proof
