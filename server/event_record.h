// What the server tells its watchers (`watch`): events of seven streams, as they lie in memory and
// as the line that a watcher reads.
//
// The lines are memcached's; docs/protocol.md, "Watchers", lists them. An event is a plain struct
// and a text (a key, a command, an address), so that a worker only copies and the logging thread
// does the writing of numbers.
//
// Thread safety: plain values and pure functions.

#ifndef RINGCACHE_SERVER_EVENT_RECORD_H_
#define RINGCACHE_SERVER_EVENT_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace ringcache::server {

// One bit for each stream.
using EventStreams = std::uint32_t;
inline constexpr EventStreams kNoStreams = 0;
inline constexpr EventStreams kFetchers = 1 << 0;
inline constexpr EventStreams kMutations = 1 << 1;
inline constexpr EventStreams kEvictions = 1 << 2;
inline constexpr EventStreams kConnectionEvents = 1 << 3;
inline constexpr EventStreams kDeletions = 1 << 4;
inline constexpr EventStreams kSystemEvents = 1 << 5;
inline constexpr EventStreams kRawCommands = 1 << 6;

struct EventStreamRow {
  EventStreams stream;
  absl::string_view name;
};
inline constexpr EventStreamRow kEventStreams[] = {
    {kFetchers, "fetchers"},           {kMutations, "mutations"}, {kEvictions, "evictions"},
    {kConnectionEvents, "connevents"}, {kDeletions, "deletions"}, {kSystemEvents, "sysevents"},
    {kRawCommands, "rawcmds"},
};

// The streams that the words behind `watch` name: fetchers if there is none, kNoStreams if a word
// is no stream.
EventStreams ParseEventStreams(absl::string_view words);

enum class EventKind : std::uint8_t {
  kItemGet,
  kItemStore,
  kEviction,
  kDeleted,
  kConnectionNew,
  kConnectionClose,
  kSystem,
  kRawCommand,
};

// The stream that an event of this kind belongs to.
constexpr EventStreams StreamOf(EventKind kind) {
  switch (kind) {
    case EventKind::kItemGet:
      return kFetchers;
    case EventKind::kItemStore:
      return kMutations;
    case EventKind::kEviction:
      return kEvictions;
    case EventKind::kDeleted:
      return kDeletions;
    case EventKind::kConnectionNew:
    case EventKind::kConnectionClose:
      return kConnectionEvents;
    case EventKind::kSystem:
      return kSystemEvents;
    case EventKind::kRawCommand:
      return kRawCommands;
  }
  return kNoStreams;
}

// How a fetch or a store ended, and why a connection did. The words are in event_record.cc.
enum class EventStatus : std::uint8_t {
  kNone,
  // Fetches.
  kFound,
  kNotFound,  // stores, too
  kFlushed,
  kExpired,
  // Stores.
  kStored,
  kNotStored,
  kExists,
  kTooLarge,
  kNoMemory,
  // Connections.
  kError,
  kNormal,
  kIdleTimeout,
  kShutdown,
};

enum class EventCommand : std::uint8_t {
  kNone,
  kSet,
  kAdd,
  kReplace,
  kAppend,
  kPrepend,
  kCas,
  kDelete,
  kMetaDelete,
};

struct Event {
  // A longer text is cut. No key, address or event of the server's own is longer.
  static constexpr std::size_t kMaxTextBytes = 512;
  static constexpr std::uint32_t kNoSizeClass = 0;

  EventKind kind = EventKind::kItemGet;
  EventStatus status = EventStatus::kNone;
  EventCommand command = EventCommand::kNone;
  bool fetched = false;                     // eviction: it was read since it was stored
  std::int32_t client = 0;                  // the connection's descriptor
  std::uint32_t size_class = kNoSizeClass;  // counted from 1
  std::uint32_t port = 0;                   // connection: the peer's; 0 for a unix socket
  std::int64_t ttl_s = 0;                   // store: 0 without expiry; eviction: -1 without expiry
  std::int64_t last_access_s = 0;           // eviction: how long ago
  std::uint64_t value_bytes = 0;
  // Set when it is written: its place in the order of all events, and the time.
  std::uint64_t gid = 0;
  std::int64_t unix_us = 0;
};

// What follows the time and the gid: "type=item_get key=... ".
void AppendEventText(const Event& event, absl::string_view text, std::string* out);
// The whole line, ended by "\n".
void AppendEventLine(const Event& event, absl::string_view text, std::string* out);

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_EVENT_RECORD_H_
