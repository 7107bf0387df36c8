#include "discovery/dns_lookup.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "discovery/dns_name.h"

namespace ringcache::discovery {

DnsLookup::DnsLookup(DnsResolver* resolver, const std::string& name, std::vector<DnsType> types,
                     Callback done)
    : resolver_(resolver), types_(std::move(types)), done_(std::move(done)) {
  const std::string canonical = CanonicalName(name);
  if (resolver_->IsLocalName(canonical)) {
    names_ = {canonical};
  } else {
    names_ = SearchNames(name, resolver_->search_path());
  }
  trouble_text_ = absl::StrCat(canonical, " is not found");
  AskNextName();
}

DnsLookup::~DnsLookup() {
  for (const DnsResolver::QueryId query : queries_) {
    if (query != 0) resolver_->Cancel(query);
  }
}

void DnsLookup::AskNextName() {
  const std::string& name = names_[next_name_++];
  result_.name = name;
  queries_.assign(types_.size(), 0);
  waiting_ = types_.size();
  for (std::size_t i = 0; i < types_.size(); ++i) {
    queries_[i] =
        resolver_->Query(name, types_[i], [this, i](const DnsReply& reply) { Take(i, reply); });
  }
}

void DnsLookup::Take(std::size_t type, const DnsReply& reply) {
  queries_[type] = 0;
  if (reply.asked_over_tcp) ++result_.truncated;
  if (reply.error == DnsError::kNone) {
    TakeRecords(reply);
  } else if (reply.error != DnsError::kNotFound) {
    TakeTrouble(reply.error, reply.problem);
  }
  if (--waiting_ == 0) EndName();
}

void DnsLookup::TakeTrouble(DnsError error, const std::string& problem) {
  result_.incomplete = true;
  result_.problem = problem;
  trouble_ = error;
  trouble_text_ = problem;
}

void DnsLookup::TakeRecords(const DnsReply& reply) {
  absl::StatusOr<ResolvedRecords> resolved = FollowAliases(reply.answer);
  if (!resolved.ok()) {
    return TakeTrouble(DnsError::kMalformed, std::string(resolved.status().message()));
  }
  if (reply.answer.truncated) {
    result_.incomplete = true;
    result_.problem =
        absl::StrCat("the answer for ", result_.name, " is truncated, and TCP gave no other");
  }
  if (resolved->records.empty()) {
    if (resolved->name != reply.answer.question && trouble_ == DnsError::kNotFound) {
      trouble_text_ = absl::StrCat(reply.answer.question, " is an alias of ", resolved->name,
                                   ", which has no record");
    }
    return;
  }
  result_.ttl = std::min(result_.ttl, resolved->ttl);
  std::move(resolved->records.begin(), resolved->records.end(),
            std::back_inserter(result_.records));
  result_.additional.insert(result_.additional.end(), reply.answer.additional.begin(),
                            reply.answer.additional.end());
}

void DnsLookup::EndName() {
  const bool found = !result_.records.empty();
  const bool gives_up = trouble_ == DnsError::kTimeout || trouble_ == DnsError::kUnreachable;
  if (!found && !gives_up && next_name_ < names_.size()) {
    result_.incomplete = false;
    result_.problem.clear();
    return AskNextName();
  }
  if (!found) {
    result_.error = trouble_;
    result_.problem = trouble_text_;
  }
  // Moved out, as `done` may destroy this.
  const Callback done = std::move(done_);
  LookupResult result = std::move(result_);
  done(std::move(result));
}

}  // namespace ringcache::discovery
