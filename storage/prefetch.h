// Asks for a cache line before it is needed.
//
// Thread safety: a hint; reads nothing.

#ifndef RINGCACHE_STORAGE_PREFETCH_H_
#define RINGCACHE_STORAGE_PREFETCH_H_

namespace ringcache::storage {

inline void Prefetch(const void* line) {
  __builtin_prefetch(line);
  // gcc 12 takes a function that does nothing but prefetch for one without effect, and drops its
  // calls; the empty statement is an effect.
  asm volatile("");
}

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_PREFETCH_H_
