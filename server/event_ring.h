// A bounded queue of events from one thread to another: the writer never waits, and what finds no
// room is refused.
//
//   ┌────────┬───────┬──────┬────────┬───────┬──────┬──────────────┬───
//   │ length │ event │ text │ length │ event │ text │ 0: go to the │
//   │        │       │      │        │       │      │ beginning    │
//   └────────┴───────┴──────┴────────┴───────┴──────┴──────────────┴───
//
// Each part begins at a multiple of 8 bytes; an entry lies in one piece.
//
// Thread safety: Write from one thread at a time, Front and Pop from one other.

#ifndef RINGCACHE_SERVER_EVENT_RING_H_
#define RINGCACHE_SERVER_EVENT_RING_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "server/event_record.h"

namespace ringcache::server {

class EventRing {
 public:
  // REQUIRES: bytes >= kMinBytes. Memory that was never written to costs nothing.
  explicit EventRing(std::size_t bytes);
  static constexpr std::size_t kMinBytes = 2048;

  // False if there is no room. A text beyond Event::kMaxTextBytes is cut.
  bool Write(const Event& event, absl::string_view text);

  // The oldest entry, or false if there is none. The text is valid until Pop.
  bool Front(Event* event, absl::string_view* text);
  // REQUIRES: Front returned true.
  void Pop();

 private:
  using Length = std::uint64_t;
  static constexpr std::size_t kHeadBytes = sizeof(Length) + sizeof(Event);

  const std::size_t capacity_;  // a multiple of 8
  const std::unique_ptr<char[]> bytes_;
  // Positions count all bytes ever passed, so full and empty differ. Each is stored with release by
  // its owner, after the bytes were written or read, and loaded with acquire by the other side.
  alignas(64) std::atomic<std::uint64_t> written_{0};
  alignas(64) std::atomic<std::uint64_t> read_{0};
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_EVENT_RING_H_
