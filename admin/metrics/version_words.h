// The versions in what a program says of itself: "0.1.0" and "1.6.45" of "ringcache 0.1.0 (speaks
// memcached 1.6.45)". A label is to hold nothing else.
//
// Thread safety: a function only.

#ifndef RINGCACHE_ADMIN_METRICS_VERSION_WORDS_H_
#define RINGCACHE_ADMIN_METRICS_VERSION_WORDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace ringcache::admin {

// The words that begin with a digit, in their order; the whole text if there are none.
std::vector<std::string> VersionWords(absl::string_view text);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_VERSION_WORDS_H_
