// Bytes of one long value that have come from a member and were not sent to the client yet.
//
// Thread safety: none; belongs to one exchange.

#ifndef RINGCACHE_ROUTER_PART_QUEUE_H_
#define RINGCACHE_ROUTER_PART_QUEUE_H_

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "router/output_buffer.h"

namespace ringcache::router {

class PartQueue {
 public:
  // What is kept is in blocks of about this size, however small the parts are.
  static constexpr std::size_t kBlockBytes = std::size_t{64} << 10;

  PartQueue() = default;
  PartQueue(const PartQueue&) = delete;
  PartQueue& operator=(const PartQueue&) = delete;

  // `bytes` stay where they are until Keep(), MoveTo() or Clear().
  void Append(absl::string_view bytes) {
    if (!bytes.empty()) lent_.push_back(bytes);
  }
  // Nothing more comes.
  void Complete() { complete_ = true; }

  // From now on all bytes are this object's own.
  void Keep();
  std::size_t kept_bytes() const { return kept_bytes_; }

  // Moves as much as `output` takes.
  void MoveTo(OutputBuffer* output);
  // Some has been moved.
  bool begun() const { return begun_; }
  // All has been moved.
  bool over() const { return complete_ && kept_.empty() && lent_.empty(); }

  // Forgets what was not moved.
  void Clear();

 private:
  std::deque<std::string> kept_;  // before what is lent
  std::vector<absl::string_view> lent_;
  std::size_t kept_bytes_ = 0;
  bool begun_ = false;
  bool complete_ = false;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_PART_QUEUE_H_
