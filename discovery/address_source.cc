#include "discovery/address_source.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "discovery/dns_name.h"
#include "discovery/dns_records.h"

namespace ringcache::discovery {
namespace {

constexpr absl::string_view kAddressesAreIdentities =
    "members are known by their addresses: one that restarts with another address moves its keys; "
    "use k8s+ or dnssrv+ for a Service whose pods have hostnames, as those of a StatefulSet have";
constexpr absl::string_view kBothFamilies =
    "; servers with an IPv4 and an IPv6 address are two members each";

}  // namespace

AddressSource::AddressSource(net::EventLoop* loop, DnsResolver* resolver, std::string host,
                             std::uint16_t port)
    : loop_(loop), resolver_(resolver), host_(std::move(host)), port_(port), reverse_(resolver) {}

void AddressSource::Ask(Callback done) {
  done_ = std::move(done);
  lookup_ = std::make_unique<DnsLookup>(
      resolver_, host_, std::vector<DnsType>{DnsType::kA, DnsType::kAaaa},
      [this](LookupResult result) { TakeAddresses(std::move(result)); });
}

void AddressSource::Cancel() {
  lookup_.reset();
  reverse_.Cancel();
}

void AddressSource::TakeAddresses(LookupResult result) {
  lookup_.reset();
  if (result.error != DnsError::kNone) return Finish(TroubleOf(result));
  host_ = result.name + ".";
  result_ = std::move(result);
  addresses_.clear();
  for (const DnsRecord& record : result_.records) addresses_.push_back(record.address);
  std::sort(addresses_.begin(), addresses_.end());
  addresses_.erase(std::unique(addresses_.begin(), addresses_.end()), addresses_.end());
  if (naming_ == Naming::kAddresses) return TakeNames(false);
  // The owner of the records: where aliases end, if there are any.
  reverse_.Find(addresses_, result_.records[0].name, loop_->MonotonicNow(),
                [this](bool failed) { TakeNames(failed); });
}

void AddressSource::TakeNames(bool failed) {
  PoolAnswer answer;
  answer.problem = result_.problem;
  answer.incomplete = result_.incomplete;
  answer.ttl = result_.ttl;
  answer.truncated = result_.truncated;
  if (naming_ == Naming::kUnsettled) {
    const bool has_name = std::any_of(addresses_.begin(), addresses_.end(), [this](const auto& a) {
      return !reverse_.NameOf(a).empty();
    });
    if (!has_name && failed && ++unsettled_ <= kMaxUnsettled) {
      answer.outcome = PoolOutcome::kError;
      answer.problem =
          absl::StrCat("the reverse names of ", CanonicalName(host_), " could not be asked for");
      return Finish(std::move(answer));
    }
    naming_ = has_name ? Naming::kNames : Naming::kAddresses;
  }
  if (naming_ == Naming::kNames) {
    NameByReverse(&answer);
  } else {
    NameByAddress(&answer);
  }
  Finish(std::move(answer));
}

void AddressSource::NameByReverse(PoolAnswer* answer) const {
  for (const std::string& address : addresses_) {
    const std::string& name = reverse_.NameOf(address);
    if (name.empty()) {
      answer->problem = absl::StrCat(AddressName(address), " is left out: it has no name below ",
                                     result_.records[0].name, " yet");
    } else {
      answer->candidates.push_back({name, port_, 1, {MakeAddress(address, port_)}});
    }
  }
  if (answer->candidates.empty()) answer->outcome = PoolOutcome::kEmpty;
}

void AddressSource::NameByAddress(PoolAnswer* answer) const {
  for (const std::string& address : addresses_) {
    answer->candidates.push_back({AddressName(address), port_, 1, {MakeAddress(address, port_)}});
  }
  const bool both = std::any_of(addresses_.begin(), addresses_.end(), [this](const auto& address) {
    return address.size() != addresses_.front().size();
  });
  answer->warning = absl::StrCat(kAddressesAreIdentities, both ? kBothFamilies : "");
}

void AddressSource::Finish(PoolAnswer answer) {
  const Callback done = std::move(done_);
  done(std::move(answer));
}

}  // namespace ringcache::discovery
