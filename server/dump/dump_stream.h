// The replies to `lru_crawler metadump` and `mgdump`: a line for each item, made a few at a time
// while the cache serves. Who asks for the next lines only when the last ones are taken needs no
// more memory than these.
//
// Thread safety: none; belongs to one session.

#ifndef RINGCACHE_SERVER_DUMP_DUMP_STREAM_H_
#define RINGCACHE_SERVER_DUMP_DUMP_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/standard_reply.h"
#include "storage/item_export.h"
#include "storage/store.h"

namespace ringcache::server {

// What a dump may depend on besides its arguments.
struct DumpConditions {
  bool allowed = true;     // ServerOptions::allow_dump
  bool pipelined = false;  // earlier requests of the same packet are still to be answered
};

class DumpStream {
 public:
  // Items of one call of Next, about; four times as many chunks are looked at.
  static constexpr std::uint32_t kItemsPerStep = 64;

  // Whether `lru_crawler <arguments>` asks for a dump.
  static bool IsAskedFor(absl::string_view arguments);
  // Null, and `*refusal` says why, if there is to be none. REQUIRES: IsAskedFor(arguments). The
  // store outlives the stream.
  static std::unique_ptr<DumpStream> Open(storage::Store* store, absl::string_view arguments,
                                          const DumpConditions& conditions,
                                          protocol::StandardReply* refusal);

  // Appends the next lines, perhaps none. False: those were the last.
  bool Next(storage::UnixSeconds now, std::string* text);

 private:
  enum class Format : std::uint8_t { kMetadump, kMgdump };
  DumpStream(storage::Store* store, Format format, storage::ExportCursor cursor)
      : store_(*store), format_(format), cursor_(std::move(cursor)) {}

  storage::Store& store_;
  const Format format_;
  storage::ExportCursor cursor_;
  bool begun_ = false;
};

// The classes of `lru_crawler`: ids from 1 with commas between them, or "all". kOk, or what is
// wrong with them. memcached's ids below 64 are known, though there be no such class.
protocol::StandardReply ParseClassIds(absl::string_view text, const storage::Store& store,
                                      std::vector<int>* classes);

// The reply to `stats cachedump <class id> <limit>`: items of the class, cold ones first, at most
// `limit` if that is not 0, at most 2 MiB, and what is found within a bounded time.
std::string CacheDump(storage::Store* store, std::uint64_t class_id, std::uint64_t limit,
                      storage::UnixSeconds now);

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_DUMP_DUMP_STREAM_H_
