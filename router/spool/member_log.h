// What is pending for one member of a spool: segments on disk, and behind them what is queued for
// the disk. Does no I/O: it says what is to be written and removed.
//
//   acknowledged | given out by reads | not yet given out         | queued
//   ... first segment ...             ... last segment .........  |
//
// Thread safety: none; the spool guards it.

#ifndef RINGCACHE_ROUTER_SPOOL_MEMBER_LOG_H_
#define RINGCACHE_ROUTER_SPOOL_MEMBER_LOG_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "router/spool/record.h"

namespace ringcache::router {

// A place between two records of a member. Positions are those of a process: not to be kept longer.
struct SpoolPosition {
  std::uint64_t record = 0;  // records before it, since the spool was opened
  std::uint64_t sequence = 0;
  std::uint64_t offset = 0;  // in that segment
};

class MemberLog {
 public:
  // What a segment may have above its bound: the bytes that are queued in one piece.
  static constexpr std::size_t kChunkBytes = 64 * 1024;
  // Pending keys that are known, so that their doubles need not be kept.
  static constexpr std::size_t kMaxKnownKeys = 16384;

  struct Segment {
    std::uint64_t sequence = 0;
    std::uint64_t first = 0;  // the number of its first record
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    bool is_damaged = false;
  };
  // Bytes that are to be added to a segment.
  struct Write {
    std::uint64_t sequence = 0;
    std::uint64_t records = 0;
    std::string bytes;
  };

  explicit MemberLog(std::string member) : member_(std::move(member)) {}

  const std::string& member() const { return member_; }
  std::uint64_t pending() const { return next_record_ - acknowledged_.record; }
  std::uint64_t acknowledged() const { return acknowledged_.record; }
  // On disk and queued.
  std::uint64_t bytes() const { return file_bytes_ + queued_bytes_; }
  std::uint64_t queued_bytes() const { return queued_bytes_; }
  bool is_writing() const { return writing_; }

  // A segment of an earlier process, in their order.
  void AddFound(std::uint64_t sequence, std::uint64_t records, std::uint64_t bytes);

  // The number of a delete of that key that is pending and that no read has given out yet.
  std::optional<std::uint64_t> Find(absl::string_view key) const;
  // Returns its number: that of the records before it, since the spool was opened.
  std::uint64_t Append(const Record& record);

  // What is queued, for segments that end once they have `segment_bytes`. REQUIRES: !is_writing().
  std::vector<Write> TakeQueue(std::uint64_t segment_bytes);
  // The above is done; it can be read now.
  void Written(const std::vector<Write>& writes);

  // The segment to read from `*position`, which is moved to the oldest record if it lies before it,
  // and over the end of a segment. Nothing if there is nothing behind it.
  std::optional<Segment> Locate(SpoolPosition* position) const;
  // Reads gave out what lies before.
  void NoteRead(const SpoolPosition& until);
  // What lies before `until` needs no replay. Returns the sequences of the segments that are done.
  std::vector<std::uint64_t> Acknowledge(const SpoolPosition& until);

  // Whether it was not known that this segment has bytes that are no records.
  bool NoteDamage(std::uint64_t sequence);

  // Forgets everything; writes under way are not to be told. Returns the sequences of all segments.
  std::vector<std::uint64_t> Clear();

 private:
  struct Chunk {
    std::string bytes;
    std::uint64_t records = 0;
  };

  const std::string member_;
  std::deque<Segment> segments_;
  std::deque<Chunk> queue_;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t queued_bytes_ = 0;  // or being written
  std::uint64_t next_record_ = 0;
  std::uint64_t next_sequence_ = 1;
  // The last segment is one of this process, and may grow.
  bool last_grows_ = false;
  std::uint64_t last_bytes_ = 0;  // of the one that grows, with what is being written
  bool writing_ = false;
  SpoolPosition acknowledged_;
  std::uint64_t read_ = 0;
  absl::flat_hash_map<std::string, std::uint64_t> known_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_SPOOL_MEMBER_LOG_H_
