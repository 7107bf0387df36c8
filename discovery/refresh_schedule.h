// When to ask again. After an answer: when its TTL is over, within bounds, and up to a tenth later,
// so that many clients of one name server spread. After trouble: soon, then ever later. Earlier if
// somebody is in a hurry, but never twice within a second.
//
// Times are durations since any fixed point. The random numbers follow from the seed.
//
// Thread safety: none.

#ifndef RINGCACHE_DISCOVERY_REFRESH_SCHEDULE_H_
#define RINGCACHE_DISCOVERY_REFRESH_SCHEDULE_H_

#include <cstdint>
#include <random>

#include "absl/time/time.h"

namespace ringcache::discovery {

class RefreshSchedule {
 public:
  struct Options {
    // Between an answer and the next question.
    absl::Duration min = absl::Seconds(1);
    absl::Duration max = absl::Seconds(30);
  };
  // Between two questions, whoever is in a hurry.
  static constexpr absl::Duration kHurryInterval = absl::Seconds(1);
  // After trouble, doubled each time. Before the first success programs wait for it, so it is
  // shorter and stays short: up to kMaxFirstRetry.
  static constexpr absl::Duration kFirstRetry = absl::Milliseconds(250);
  static constexpr absl::Duration kMaxFirstRetry = absl::Seconds(5);
  static constexpr absl::Duration kRetry = absl::Seconds(1);
  // Of the wait, at most: what is added to spread clients.
  static constexpr double kSpread = 0.1;

  RefreshSchedule(const Options& options, std::uint64_t seed);

  void Asked(absl::Duration now);
  // `no_later`: something else is due then, such as the end of a grace time.
  void Answered(absl::Duration now, absl::Duration ttl, absl::Duration no_later);
  void Failed(absl::Duration now);
  // At the next due() that Asked() allows.
  void Hurry() { hurried_ = true; }

  // When to ask next. The first question is due at once.
  absl::Duration due() const;

 private:
  absl::Duration Spread(absl::Duration wait);

  const Options options_;
  std::mt19937_64 random_;
  absl::Duration due_ = -absl::InfiniteDuration();
  absl::Duration asked_ = -absl::InfiniteDuration();
  absl::Duration retry_ = kFirstRetry;
  bool succeeded_ = false;
  bool hurried_ = false;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_REFRESH_SCHEDULE_H_
