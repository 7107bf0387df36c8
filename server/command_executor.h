// The one place that maps protocol to storage: each operation has a handler that reads or changes
// the store and writes the reply.
//
// A worker has one executor. Time is set once a wake-up. Nothing here knows connections or how
// bytes arrive; values come either whole (Execute) or in pieces, received into the item itself
// (BeginValue, then FinishValue).
//
// Thread safety: none; belongs to one worker.

#ifndef RINGCACHE_SERVER_COMMAND_EXECUTOR_H_
#define RINGCACHE_SERVER_COMMAND_EXECUTOR_H_

#include <cstdint>

#include "absl/base/optimization.h"
#include "absl/strings/string_view.h"
#include "protocol/request.h"
#include "protocol/standard_reply.h"
#include "server/clock.h"
#include "server/event_log.h"
#include "server/reply_buffer.h"
#include "server/server_control.h"
#include "server/server_options.h"
#include "server/worker_stats.h"
#include "storage/store.h"

namespace ringcache::server {

// One operation on at most one key. Retrieval by many keys is many commands.
struct Command {
  const protocol::Request& request;
  absl::string_view key;  // as stored: decoded if it was base64 on the wire
  std::uint64_t hash = 0;
  absl::string_view value;  // of storage operations, without "\r\n"
};

class CommandExecutor {
 public:
  // All arguments outlive the executor.
  CommandExecutor(storage::Store* store, WorkerStats* stats, Clock* clock,
                  const ServerOptions* options, ServerControl* control, EventWriter* events);

  storage::Store& store() { return store_; }
  WorkerStats& stats() { return stats_; }
  const ServerOptions& options() const { return options_; }
  EventWriter& events() { return events_; }

  // Unix time of the wake-up, by the kernel's clock.
  void SetWallTime(std::int64_t wall) {
    wall_ = wall;
    now_ = clock_.At(wall);
    events_.Refresh();
  }
  // Names the connection whose commands follow, for watchers.
  void SetClient(int id) { client_ = id; }
  storage::UnixSeconds now() const { return now_; }

  // Appends the reply. For a retrieval: the reply of this key, without the closing END.
  void Execute(const Command& command, ReplyBuffer* reply) {
    if (ABSL_PREDICT_FALSE(events_.Wants(kFetchers | kDeletions))) NotePresence(command);
    (this->*kHandlers[static_cast<int>(command.request.operation)].handler)(command, reply);
  }

  // What flush_all does; `delay` is an exptime.
  void Flush(std::int64_t delay);

  // For values that are not received whole. An item for the value to be received into, empty if
  // it cannot be had: then the caller discards the value and RefuseValue answers.
  storage::PendingItem BeginValue(const Command& command);
  void FinishValue(const Command& command, storage::PendingItem pending, ReplyBuffer* reply);
  // Counts a set whose data block ended wrongly; the others are counted when they are answered.
  void CountSet(const protocol::Request& request);
  // Answers why there is no item and removes the one that would go stale.
  void RefuseValue(const Command& command, storage::StoreOutcome failure, ReplyBuffer* reply);

 private:
  using Handler = void (CommandExecutor::*)(const Command&, ReplyBuffer*);
  struct HandlerRow {
    protocol::Operation operation;
    Handler handler;
  };
  // In the order of protocol::Operation.
  static const HandlerRow kHandlers[protocol::kOperationCount];

  // The handlers. command_executor.cc:
  void Retrieve(const Command& command, ReplyBuffer* reply);
  void Store(const Command& command, ReplyBuffer* reply);
  // classic_commands.cc:
  void Delete(const Command& command, ReplyBuffer* reply);
  void Arithmetic(const Command& command, ReplyBuffer* reply);
  void Touch(const Command& command, ReplyBuffer* reply);
  // meta_commands.cc:
  void MetaGet(const Command& command, ReplyBuffer* reply);
  void MetaDelete(const Command& command, ReplyBuffer* reply);
  void MetaArithmetic(const Command& command, ReplyBuffer* reply);
  void MetaDebug(const Command& command, ReplyBuffer* reply);
  void MetaNoOp(const Command& command, ReplyBuffer* reply);
  // admin_commands.cc:
  void FlushAll(const Command& command, ReplyBuffer* reply);
  void Version(const Command& command, ReplyBuffer* reply);
  void Verbosity(const Command& command, ReplyBuffer* reply);
  void Quit(const Command& command, ReplyBuffer* reply);
  void Stats(const Command& command, ReplyBuffer* reply);
  void Shutdown(const Command& command, ReplyBuffer* reply);
  void CacheMemlimit(const Command& command, ReplyBuffer* reply);
  void Slabs(const Command& command, ReplyBuffer* reply);
  protocol::StandardReply Reassign(absl::string_view from, absl::string_view to);
  void Lru(const Command& command, ReplyBuffer* reply);
  void LruCrawler(const Command& command, ReplyBuffer* reply);
  protocol::StandardReply Crawl(absl::string_view class_ids);
  void Watch(const Command& command, ReplyBuffer* reply);
  void DebugTime(const Command& command, ReplyBuffer* reply);
  void Config(const Command& command, ReplyBuffer* reply);

  bool AppendMetaHit(const Command& command, storage::ItemEditor& editor, bool created,
                     ReplyBuffer* reply);
  bool CreatePlaceholder(const Command& command);
  storage::StoreResult CreateNumber(const Command& command);
  // `ttl_s` is what was left before the flags N (if the number was `created`) and T.
  void AppendMetaNumber(const Command& command, const storage::StoreResult& result, bool created,
                        std::int64_t ttl_s, ReplyBuffer* reply);
  void AnswerStore(const Command& command, const storage::StoreCondition& condition,
                   const storage::StoreResult& result, ReplyBuffer* reply);
  void AnswerMetaStore(const Command& command, const storage::StoreCondition& condition,
                       const storage::StoreResult& result, ReplyBuffer* reply);
  void CountMiss(storage::Lookup lookup);
  void CountArithmetic(bool decrement, const storage::StoreResult& result);

  // Room for the command's value.
  storage::PendingItem Allocate(const Command& command);

  // For watchers (command_events.cc). Before a command that changes a key: what is there.
  void NotePresence(const Command& command);
  // After a retrieval of the key; `lookup` is no hit.
  void NoteMiss(const Command& command, storage::Lookup lookup) {
    if (ABSL_PREDICT_FALSE(events_.Wants(kFetchers))) LogFetch(command, lookup, Present());
  }
  void NoteHit(const Command& command, const storage::ItemEditor& editor) {
    if (ABSL_PREDICT_FALSE(events_.Wants(kFetchers))) {
      LogFetch(command, storage::Lookup::kHit, PresentAs(editor));
    }
  }
  void NoteStore(const Command& command, const storage::StoreResult& result) {
    if (ABSL_PREDICT_FALSE(events_.Wants(kMutations))) LogStore(command, result);
  }
  void NoteDeletion(const Command& command) {
    if (ABSL_PREDICT_FALSE(events_.Wants(kDeletions))) LogDeletion(command);
  }
  // What a watcher is told of an item.
  struct Present {
    std::uint32_t size_class = Event::kNoSizeClass;
    std::uint64_t value_bytes = 0;
  };
  static Present PresentAs(const storage::ItemEditor& editor);
  void LogFetch(const Command& command, storage::Lookup lookup, const Present& present);
  void LogStore(const Command& command, const storage::StoreResult& result);
  void LogDeletion(const Command& command);

  // The reply, unless the request is quiet and hides it.
  void Answer(const Command& command, protocol::StandardReply answer, ReplyBuffer* reply);
  storage::UnixSeconds Expiry(std::int64_t exptime) const {
    return ExpiresAt(exptime, now_, clock_.start());
  }

  storage::Store& store_;
  WorkerStats& stats_;
  Clock& clock_;
  const ServerOptions& options_;
  ServerControl& control_;
  EventWriter& events_;
  int client_ = 0;
  // What NotePresence found.
  Present present_;
  std::int64_t wall_ = 0;
  storage::UnixSeconds now_ = 0;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_COMMAND_EXECUTOR_H_
