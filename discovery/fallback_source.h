// Several sources in order of preference, for k8s+SERVICE: the SRV records of the port's name, then
// the addresses of the Service. An answer of `not found` goes on to the next source; any trouble
// ends the question, so that a name server that fails cannot change who members are.
//
// The best source that has ever had members is settled on: worse ones are not asked any more,
// better ones are, each time. So clients that started at different times come to the same names.
//
// Thread safety: belongs to its sources' loop's thread.

#ifndef RINGCACHE_DISCOVERY_FALLBACK_SOURCE_H_
#define RINGCACHE_DISCOVERY_FALLBACK_SOURCE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "discovery/pool_source.h"

namespace ringcache::discovery {

class FallbackSource final : public PoolSource {
 public:
  // REQUIRES: `sources` is not empty.
  explicit FallbackSource(std::vector<std::unique_ptr<PoolSource>> sources);

  void Ask(Callback done) override;
  void Cancel() override;
  void NotifyOfChanges(std::function<void()> changed) override;

 private:
  void AskNext();
  void Take(PoolAnswer answer);

  const std::vector<std::unique_ptr<PoolSource>> sources_;
  std::size_t last_;  // that is asked at all
  std::size_t asking_ = 0;
  Callback done_;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_FALLBACK_SOURCE_H_
