#include "discovery/lookup_batch.h"

#include <algorithm>
#include <utility>

namespace ringcache::discovery {

LookupBatch::LookupBatch(DnsResolver* resolver, std::vector<std::string> names,
                         std::vector<DnsType> types, Callback done)
    : resolver_(resolver),
      names_(std::move(names)),
      types_(std::move(types)),
      done_(std::move(done)),
      results_(names_.size()),
      lookups_(names_.size()) {
  const std::size_t at_once = std::min(kMaxInFlight, names_.size());
  while (started_ < at_once) StartNext();
}

void LookupBatch::StartNext() {
  const std::size_t index = started_++;
  lookups_[index] = std::make_unique<DnsLookup>(
      resolver_, names_[index], types_, [this, index](LookupResult result) {
        results_[index] = std::move(result);
        lookups_[index].reset();
        ++finished_;
        if (started_ < names_.size()) {
          StartNext();
        } else if (finished_ == names_.size()) {
          // Moved out, as `done` may destroy this.
          const Callback done = std::move(done_);
          std::vector<LookupResult> results = std::move(results_);
          done(std::move(results));
        }
      });
}

}  // namespace ringcache::discovery
