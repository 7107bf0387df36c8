#include "client/config/config_source.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/config/config_members.h"

namespace ringcache::client {

using discovery::Candidate;
using discovery::PoolAnswer;
using discovery::PoolOutcome;
using discovery::WrittenMember;

ConfigSource::ConfigSource(net::EventLoop* loop, discovery::DnsResolver* resolver,
                           const discovery::DiscoveryAddress& address)
    : loop_(loop),
      resolver_(resolver),
      resources_(loop),
      server_(loop, resolver, {WrittenMember{address.name, address.port, 1}}) {}

ConfigSource::~ConfigSource() { Cancel(); }

void ConfigSource::Ask(Callback done) {
  done_ = std::move(done);
  answer_ = PoolAnswer();
  server_.Ask([this](PoolAnswer answer) { TakeAddresses(std::move(answer)); });
}

void ConfigSource::Cancel() {
  server_.Cancel();
  call_.reset();
  names_.reset();
}

void ConfigSource::TakeAddresses(PoolAnswer answer) {
  answer_.truncated = answer.truncated;
  if (answer.outcome != PoolOutcome::kMembers) {
    return FinishWith(answer.outcome, std::move(answer.problem));
  }
  addresses_ = std::move(answer.candidates[0].addresses);
  if (answering_.has_value()) {
    const auto found = std::find(addresses_.begin(), addresses_.end(), *answering_);
    if (found != addresses_.end()) std::iter_swap(addresses_.begin(), found);
  }
  next_address_ = 0;
  Call();
}

void ConfigSource::Call() {
  call_ = std::make_unique<ConfigCall>(
      &resources_, addresses_[next_address_],
      [this](ConfigCall::Answer answer) { TakeConfig(std::move(answer)); });
}

void ConfigSource::TakeConfig(ConfigCall::Answer answer) {
  call_.reset();
  if (answer.outcome == ConfigCall::Outcome::kTrouble) {
    ++next_address_;
    if (next_address_ < std::min(addresses_.size(), kMaxTries)) return Call();
    return FinishWith(PoolOutcome::kError, std::move(answer.problem));
  }
  answering_ = addresses_[next_address_];
  if (answer.outcome == ConfigCall::Outcome::kNone) {
    return FinishWith(PoolOutcome::kNotFound, std::move(answer.problem));
  }
  std::uint64_t version = 0;
  PoolAnswer members = ReadConfigMembers(answer.payload, &version);
  if (members.outcome != PoolOutcome::kMembers) {
    return FinishWith(members.outcome, absl::StrCat("the configuration of ", answering_->ToString(),
                                                    ": ", members.problem));
  }
  UseVersion(version, std::move(members));
}

void ConfigSource::UseVersion(std::uint64_t version, PoolAnswer answer) {
  if (version < version_ && ++older_answers_ < kMaxOlderAnswers) {
    answer_.problem = absl::StrCat("the configuration of ", answering_->ToString(),
                                   " is ignored: its version is ", version, ", and ", version_,
                                   " was seen before");
  } else {
    version_ = version;
    older_answers_ = 0;
    members_ = std::move(answer.candidates);
  }
  answer_.candidates = members_;
  LookUpNames();
}

void ConfigSource::LookUpNames() {
  places_.clear();
  std::vector<WrittenMember> names;
  for (std::size_t i = 0; i < answer_.candidates.size(); ++i) {
    const Candidate& candidate = answer_.candidates[i];
    if (!candidate.addresses.empty()) continue;
    places_.push_back(i);
    names.push_back({candidate.name, candidate.port, candidate.weight});
  }
  if (names.empty()) return Finish();
  names_ = std::make_unique<discovery::ListSource>(loop_, resolver_, std::move(names));
  names_->Ask([this](const PoolAnswer& found) { TakeNames(found); });
}

void ConfigSource::TakeNames(const PoolAnswer& found) {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    answer_.candidates[places_[i]].addresses = found.candidates[i].addresses;
  }
  answer_.ttl = found.ttl;
  answer_.truncated += found.truncated;
  if (!found.problem.empty()) answer_.problem = found.problem;
  // One that can be used is enough for an answer, as in a list.
  if (places_.size() == answer_.candidates.size()) answer_.outcome = found.outcome;
  Finish();
}

void ConfigSource::Finish() {
  names_.reset();
  const Callback done = std::move(done_);
  PoolAnswer answer = std::move(answer_);
  done(std::move(answer));
}

void ConfigSource::FinishWith(PoolOutcome outcome, std::string problem) {
  answer_.outcome = outcome;
  answer_.problem = std::move(problem);
  Finish();
}

}  // namespace ringcache::client
