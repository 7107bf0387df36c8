#include "discovery/fallback_source.h"

#include <utility>

namespace ringcache::discovery {

FallbackSource::FallbackSource(std::vector<std::unique_ptr<PoolSource>> sources)
    : sources_(std::move(sources)), last_(sources_.size() - 1) {}

void FallbackSource::Ask(Callback done) {
  done_ = std::move(done);
  asking_ = 0;
  AskNext();
}

void FallbackSource::AskNext() {
  sources_[asking_]->Ask([this](PoolAnswer answer) { Take(std::move(answer)); });
}

void FallbackSource::Take(PoolAnswer answer) {
  if (answer.outcome == PoolOutcome::kNotFound && asking_ < last_) {
    ++asking_;
    return AskNext();
  }
  if (answer.outcome == PoolOutcome::kMembers) last_ = asking_;
  const Callback done = std::move(done_);
  done(std::move(answer));
}

void FallbackSource::Cancel() { sources_[asking_]->Cancel(); }

void FallbackSource::NotifyOfChanges(std::function<void()> changed) {
  for (const auto& source : sources_) source->NotifyOfChanges(changed);
}

}  // namespace ringcache::discovery
