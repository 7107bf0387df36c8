// The order in which people count: `cache-9` before `cache-10`.
//
// Thread safety: a function only.

#ifndef RINGCACHE_HASHRING_NATURAL_ORDER_H_
#define RINGCACHE_HASHRING_NATURAL_ORDER_H_

#include "absl/strings/string_view.h"

namespace ringcache::hashring {

// Whether `a` stands before `b`: runs of digits compare as numbers of any length, all else by its
// bytes. Texts that differ in leading zeros only stand in the order of their bytes, so the order is
// total: different texts are never equal.
bool NaturalLess(absl::string_view a, absl::string_view b);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_NATURAL_ORDER_H_
