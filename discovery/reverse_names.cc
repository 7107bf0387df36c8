#include "discovery/reverse_names.h"

#include <algorithm>
#include <utility>

#include "discovery/dns_name.h"
#include "discovery/dns_records.h"

namespace ringcache::discovery {
namespace {

std::string ChooseName(const LookupResult& result, const std::string& domain) {
  std::string best;
  for (const DnsRecord& record : result.records) {
    const std::string& name = record.target;
    if (!IsHostName(name) || !IsBelow(name, domain) || IsNamedByAddress(name)) continue;
    if (best.empty() || NaturalLess(name, best)) best = name;
  }
  return best;
}

}  // namespace

void ReverseNames::Find(const std::vector<std::string>& addresses, const std::string& domain,
                        absl::Duration now, Callback done) {
  std::vector<std::string> asked;
  std::vector<std::string> questions;
  for (const std::string& address : addresses) {
    const auto known = known_.find(address);
    if (known != known_.end()) {
      known->second.seen_at = now;
      if (now < known->second.ask_at) continue;
    }
    asked.push_back(address);
    questions.push_back(ReverseName(address) + ".");
  }
  Forget(now);
  if (asked.empty()) return done(false);
  batch_ = std::make_unique<LookupBatch>(
      resolver_, std::move(questions), std::vector<DnsType>{DnsType::kPtr},
      [this, asked = std::move(asked), domain, now, done = std::move(done)](
          const std::vector<LookupResult>& results) { Take(asked, domain, now, results, done); });
}

void ReverseNames::Forget(absl::Duration now) {
  const absl::Duration memory = known_.size() > kMaxKnown ? absl::ZeroDuration() : kMemory;
  std::erase_if(known_, [&](const auto& entry) { return now - entry.second.seen_at > memory; });
}

void ReverseNames::Take(const std::vector<std::string>& asked, const std::string& domain,
                        absl::Duration now, const std::vector<LookupResult>& results,
                        const Callback& done) {
  bool failed = false;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const std::string name = ChooseName(results[i], domain);
    if (!name.empty()) {
      known_[asked[i]] = {name, now + std::max(results[i].ttl, kMinAge), now};
    } else if (known_.count(asked[i]) == 0 && results[i].error != DnsError::kNone &&
               results[i].error != DnsError::kNotFound) {
      failed = true;
    }
  }
  batch_.reset();
  done(failed);
}

const std::string& ReverseNames::NameOf(const std::string& address) const {
  static const std::string kNone;
  const auto found = known_.find(address);
  return found == known_.end() ? kNone : found->second.name;
}

}  // namespace ringcache::discovery
