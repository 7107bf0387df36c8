// What the operations of a Store are told and what they answer.
//
// Thread safety: plain values.

#ifndef RINGCACHE_STORAGE_STORE_TYPES_H_
#define RINGCACHE_STORAGE_STORE_TYPES_H_

#include <cstdint>

#include "storage/item.h"

namespace ringcache::storage {

enum class StoreOutcome : std::uint8_t {
  kStored,
  kNotStored,    // the mode's condition on presence did not hold
  kExists,       // the CAS id did not match
  kNotFound,     // a CAS id was given, or arithmetic asked for, and there is no such item
  kNonNumeric,   // arithmetic on something that is not a decimal 64-bit number
  kTooLarge,     // header, key and value exceed max_item_bytes
  kOutOfMemory,  // nothing could be evicted
};

enum class StoreMode : std::uint8_t { kSet, kAdd, kReplace, kAppend, kPrepend };

// Whether the new value is joined to the present one, rather than taking its place.
constexpr bool Appends(StoreMode mode) {
  return mode == StoreMode::kAppend || mode == StoreMode::kPrepend;
}

// How a pending item is committed.
struct StoreCondition {
  StoreMode mode = StoreMode::kSet;
  // Store only if the present item has CAS id `cas` (kExists otherwise, kNotFound if there is
  // none).
  bool compare_cas = false;
  // With compare_cas: an id older than the present item's is accepted too; the new value is then
  // marked stale, and keeps the present item's expiry and win.
  bool accept_older_cas = false;
  // Append, prepend: if there is no item, store this one as it is.
  bool create = false;
  // Give the stored item this CAS id instead of a fresh one.
  bool use_new_cas = false;
  // The item is created with its win already given away (a placeholder to be recomputed).
  bool win_sent = false;
  std::uint64_t cas = 0;
  std::uint64_t new_cas = 0;
};

struct StoreResult {
  StoreOutcome outcome = StoreOutcome::kStored;
  std::uint8_t size_class = 0;      // of the stored or removed item; of the present one for kExists
  std::uint64_t cas = 0;            // of the stored item; 0 if nothing was stored
  std::uint32_t value_bytes = 0;    // of the stored item, what was appended to included
  std::uint64_t number = 0;         // arithmetic: the new number
  UnixSeconds expires_at = kNever;  // of the stored item
};

struct ArithmeticOptions {
  std::uint64_t delta = 1;
  // Stops at 0. Increments wrap at 2^64.
  bool decrement = false;
  bool compare_cas = false;
  bool use_new_cas = false;
  bool set_expires_at = false;
  std::uint64_t cas = 0;
  std::uint64_t new_cas = 0;
  UnixSeconds expires_at = kNever;
};

// What Remove does with a live item besides removing it.
struct RemoveOptions {
  bool compare_cas = false;
  // Keep the item, mark it stale, give it a fresh CAS id and offer its win again.
  bool mark_stale = false;
  // Keep the item, but with an empty value and no client flags.
  bool drop_value = false;
  bool use_new_cas = false;     // with mark_stale or drop_value
  bool set_expires_at = false;  // with mark_stale or drop_value
  std::uint64_t cas = 0;
  std::uint64_t new_cas = 0;
  UnixSeconds expires_at = kNever;
};

enum class Lookup : std::uint8_t { kHit, kMiss, kExpired, kFlushed };

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_STORE_TYPES_H_
