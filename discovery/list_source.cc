#include "discovery/list_source.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "discovery/dns_name.h"
#include "discovery/dns_records.h"

namespace ringcache::discovery {

ListSource::ListSource(net::EventLoop* loop, DnsResolver* resolver,
                       std::vector<WrittenMember> members)
    : loop_(loop), resolver_(resolver), members_(std::move(members)) {
  for (const WrittenMember& member : members_) {
    Candidate candidate{CanonicalName(member.host), member.port, member.weight};
    const absl::StatusOr<net::SocketAddress> numeric = net::SocketAddress::Parse(
        member.is_path() ? member.host : absl::StrCat("[", member.host, "]"), member.port);
    if (member.is_path()) candidate.name = member.host;
    if (numeric.ok()) {
      candidate.addresses.push_back(*numeric);
    } else {
      places_.push_back(written_.size());
      names_.push_back(member.host);
    }
    written_.push_back(std::move(candidate));
  }
}

ListSource::~ListSource() { Cancel(); }

void ListSource::Ask(Callback done) {
  done_ = std::move(done);
  if (names_.empty()) {
    timer_ = loop_->RunAfter(absl::ZeroDuration(), [this] {
      timer_ = 0;
      Take({});
    });
    return;
  }
  batch_ = std::make_unique<LookupBatch>(
      resolver_, names_, std::vector<DnsType>{DnsType::kA, DnsType::kAaaa},
      [this](std::vector<LookupResult> results) { Take(std::move(results)); });
}

void ListSource::Cancel() {
  batch_.reset();
  if (timer_ != 0) loop_->CancelTimer(timer_);
  timer_ = 0;
}

void ListSource::Take(std::vector<LookupResult> results) {
  batch_.reset();
  PoolAnswer answer;
  answer.candidates = written_;
  std::size_t failed = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const LookupResult& result = results[i];
    Candidate& candidate = answer.candidates[places_[i]];
    answer.truncated += result.truncated;
    if (!result.problem.empty()) answer.problem = result.problem;
    if (result.error != DnsError::kNone) {
      ++failed;
      if (answer.outcome != PoolOutcome::kError) answer.outcome = TroubleOf(result).outcome;
      continue;
    }
    answer.ttl = std::min(answer.ttl, result.ttl);
    for (const DnsRecord& record : result.records) {
      candidate.addresses.push_back(MakeAddress(record.address, candidate.port));
    }
  }
  // One that can be used is enough for an answer; the others keep what they had.
  if (failed < written_.size()) answer.outcome = PoolOutcome::kMembers;
  const Callback done = std::move(done_);
  done(std::move(answer));
}

}  // namespace ringcache::discovery
