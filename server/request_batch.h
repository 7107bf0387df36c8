// The requests of one wake-up that are worked on together: parsed, hashed, prefetched, then
// executed in order. A worker has one batch; nothing in it outlives a wake-up.
//
// Each key of a retrieval is a command of its own, so a batch bounds work and not lines.
//
// Thread safety: none; belongs to one worker.

#ifndef RINGCACHE_SERVER_REQUEST_BATCH_H_
#define RINGCACHE_SERVER_REQUEST_BATCH_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "protocol/base64_key.h"
#include "protocol/request.h"
#include "storage/store.h"

namespace ringcache::server {

class RequestBatch {
 public:
  // Twice the ten to twelve cache misses that a core has under way keeps it busy; more only pushes
  // prefetched lines out again, since each command touches about four.
  static constexpr std::size_t kMaxCommands = 32;

  struct Line {
    protocol::Request request;
    const char* end = nullptr;  // behind the line's newline
  };
  struct Entry {
    const Line* line = nullptr;
    absl::string_view key;  // as stored
    std::uint64_t hash = 0;
    absl::string_view value;
    // Where to parse again if this command is not executed: its line, or its key within the line.
    const char* begin = nullptr;
    bool continues_retrieval = false;  // not the first key of its line
    bool ends_retrieval = false;       // the last key of its line
  };

  void Clear() { commands_ = lines_ = 0; }
  std::size_t size() const { return commands_; }
  const Entry& operator[](std::size_t i) const { return entries_[i]; }

  // A line to be filled; it counts once a command of it was added. REQUIRES: size() < kMaxCommands.
  Line& NextLine() { return storage_[lines_]; }

  // Adds a command of the line that NextLine() gave, and starts fetching its key's bucket.
  Entry& Add(const storage::Store& store, const Line& line, absl::string_view wire_key,
             const char* begin) {
    Entry& entry = entries_[commands_];
    entry.line = &line;
    entry.begin = begin;
    entry.value = absl::string_view();
    entry.continues_retrieval = entry.ends_retrieval = false;
    if (line.request.key_is_base64) {
      entry.key = protocol::DecodeKey(wire_key, decoded_[commands_]);
    } else {
      entry.key = wire_key;
    }
    ++commands_;
    if (!entry.key.empty()) {
      entry.hash = store.Hash(entry.key);
      store.PrefetchBucket(entry.hash);
    }
    return entry;
  }
  void KeepLine() { ++lines_; }

  // The second step of fetching. Even a lone command gains: its value's lines come together with
  // its header, not after it.
  void PrefetchItems(const storage::Store& store) const {
    for (std::size_t i = 0; i < commands_; ++i) {
      if (!entries_[i].key.empty()) store.PrefetchItem(entries_[i].hash);
    }
  }

 private:
  std::size_t commands_ = 0;
  std::size_t lines_ = 0;
  std::array<Entry, kMaxCommands> entries_;
  std::array<Line, kMaxCommands> storage_;
  char decoded_[kMaxCommands][protocol::kMaxKeyBytes];
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_REQUEST_BATCH_H_
