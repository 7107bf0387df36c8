#include "discovery/service_source.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "discovery/discovery_address.h"
#include "discovery/dns_name.h"
#include "discovery/dns_records.h"

namespace ringcache::discovery {
namespace {

constexpr absl::string_view kNamedByAddress =
    "members are known by names that are made of their addresses: one that restarts with another "
    "address moves its keys; give the pods hostnames, as a StatefulSet does";

// Those of the least priority that name a host and a port.
std::vector<DnsRecord> Usable(const std::vector<DnsRecord>& records) {
  std::vector<DnsRecord> usable;
  int priority = 65536;
  for (const DnsRecord& record : records) {
    if (!IsHostName(record.target) || record.port == 0 || record.priority > priority) continue;
    if (record.priority < priority) usable.clear();
    priority = record.priority;
    usable.push_back(record);
  }
  return usable;
}

bool HasEqualWeights(const std::vector<DnsRecord>& records) {
  return std::all_of(records.begin(), records.end(), [&records](const DnsRecord& record) {
    return record.weight == records[0].weight;
  });
}

}  // namespace

ServiceSource::ServiceSource(DnsResolver* resolver, std::string service)
    : resolver_(resolver), service_(std::move(service)) {}

void ServiceSource::Ask(Callback done) {
  done_ = std::move(done);
  answer_ = PoolAnswer();
  records_.clear();
  addresses_.clear();
  lookup_ =
      std::make_unique<DnsLookup>(resolver_, service_, std::vector<DnsType>{DnsType::kSrv},
                                  [this](LookupResult result) { TakeRecords(std::move(result)); });
}

void ServiceSource::Cancel() {
  lookup_.reset();
  batch_.reset();
}

void ServiceSource::TakeRecords(LookupResult result) {
  lookup_.reset();
  if (result.error != DnsError::kNone) {
    answer_ = TroubleOf(result);
    return Finish();
  }
  service_ = result.name + ".";
  answer_.ttl = result.ttl;
  answer_.incomplete = result.incomplete;
  answer_.problem = result.problem;
  answer_.truncated = result.truncated;
  records_ = Usable(result.records);
  if (records_.empty() || records_.size() > kMaxMembers) {
    answer_.outcome = records_.empty() ? PoolOutcome::kEmpty : PoolOutcome::kError;
    answer_.problem =
        records_.empty()
            ? absl::StrCat("no SRV record of ", result.name, " names a host and a port")
            : absl::StrCat(result.name, " has ", records_.size(),
                           " SRV records; a pool has at most ", kMaxMembers, " members");
    return Finish();
  }
  for (const DnsRecord& record : result.additional) {
    if (record.type != DnsType::kA && record.type != DnsType::kAaaa) continue;
    addresses_[record.name].push_back(record.address);
    answer_.ttl = std::min(answer_.ttl, record.ttl);
  }
  AskForAddresses();
}

void ServiceSource::AskForAddresses() {
  std::set<std::string> missing;
  for (const DnsRecord& record : records_) {
    if (addresses_.count(record.target) == 0) missing.insert(record.target);
  }
  if (missing.empty()) return Finish();
  const std::vector<std::string> targets(missing.begin(), missing.end());
  std::vector<std::string> names;
  for (const std::string& target : targets) names.push_back(target + ".");
  batch_ = std::make_unique<LookupBatch>(resolver_, std::move(names),
                                         std::vector<DnsType>{DnsType::kA, DnsType::kAaaa},
                                         [this, targets](const std::vector<LookupResult>& results) {
                                           TakeAddresses(targets, results);
                                         });
}

void ServiceSource::TakeAddresses(const std::vector<std::string>& targets,
                                  const std::vector<LookupResult>& results) {
  batch_.reset();
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const LookupResult& result = results[i];
    answer_.truncated += result.truncated;
    if (!result.problem.empty()) answer_.problem = result.problem;
    if (result.error != DnsError::kNone) continue;
    answer_.ttl = std::min(answer_.ttl, result.ttl);
    for (const DnsRecord& record : result.records) {
      addresses_[targets[i]].push_back(record.address);
    }
  }
  Finish();
}

void ServiceSource::Finish() {
  const bool equal_weights = records_.empty() || HasEqualWeights(records_);
  bool any_address = false;
  for (const DnsRecord& record : records_) {
    Candidate candidate{record.target, record.port};
    if (!equal_weights) candidate.weight = std::max<std::uint32_t>(record.weight, 1);
    for (const std::string& bytes : addresses_[record.target]) {
      candidate.addresses.push_back(MakeAddress(bytes, record.port));
      any_address = true;
    }
    if (IsNamedByAddress(record.target)) answer_.warning = std::string(kNamedByAddress);
    answer_.candidates.push_back(std::move(candidate));
  }
  if (answer_.outcome == PoolOutcome::kMembers && !any_address) {
    answer_.outcome = PoolOutcome::kEmpty;
  }
  const Callback done = std::move(done_);
  PoolAnswer answer = std::move(answer_);
  done(std::move(answer));
}

}  // namespace ringcache::discovery
