// Many copies of one reply, so that all replies that a wake-up owes go out in one system call.
//
// Thread safety: immutable, except for the count in ReplyDebt, which belongs to one connection.

#ifndef RINGCACHE_TOOLS_FLOOR_CANNED_REPLIES_H_
#define RINGCACHE_TOOLS_FLOOR_CANNED_REPLIES_H_

#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "absl/types/span.h"

namespace ringcache::floor {

class CannedReplies {
 public:
  static constexpr std::size_t kMaxSpans = 64;
  using Spans = std::array<iovec, kMaxSpans>;

  // `receive_bytes` is the most that one wake-up receives.
  CannedReplies(const std::string& reply, std::size_t request_bytes, std::size_t receive_bytes)
      : reply_bytes_(reply.size()), request_bytes_(request_bytes) {
    const std::size_t most_replies = receive_bytes / request_bytes + 1;
    // 64 KiB stays in the cache; more only where the spans would not suffice.
    copies_ = std::max(
        {std::size_t{1}, std::size_t{64 * 1024} / reply.size(), most_replies / kMaxSpans + 1});
    for (std::size_t i = 0; i < copies_; ++i) copied_ += reply;
  }

  std::size_t request_bytes() const { return request_bytes_; }

  // The spans, put in `*spans`, of `count` replies. REQUIRES: one wake-up owes as many.
  absl::Span<const iovec> Take(std::size_t count, Spans* spans) const {
    std::size_t used = 0;
    while (count > 0) {
      const std::size_t copies = std::min(count, copies_);
      (*spans)[used++] = {const_cast<char*>(copied_.data()), copies * reply_bytes_};
      count -= copies;
    }
    return absl::MakeConstSpan(spans->data(), used);
  }

 private:
  const std::size_t reply_bytes_;
  const std::size_t request_bytes_;
  std::size_t copies_;
  std::string copied_;
};

// Counts a connection's requests.
class ReplyDebt {
 public:
  // Returns how many requests `bytes` complete.
  std::size_t Add(std::size_t bytes, std::size_t request_bytes) {
    unanswered_bytes_ += bytes;
    const std::size_t requests = unanswered_bytes_ / request_bytes;
    unanswered_bytes_ -= requests * request_bytes;
    return requests;
  }

 private:
  std::size_t unanswered_bytes_ = 0;
};

}  // namespace ringcache::floor

#endif  // RINGCACHE_TOOLS_FLOOR_CANNED_REPLIES_H_
