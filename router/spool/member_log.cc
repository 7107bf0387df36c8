#include "router/spool/member_log.h"

#include <algorithm>
#include <cassert>

namespace ringcache::router {

void MemberLog::AddFound(std::uint64_t sequence, std::uint64_t records, std::uint64_t bytes) {
  segments_.push_back({sequence, next_record_, records, bytes, false});
  next_record_ += records;
  next_sequence_ = sequence + 1;
  file_bytes_ += bytes;
}

std::optional<std::uint64_t> MemberLog::Find(absl::string_view key) const {
  const auto found = known_.find(key);
  if (found == known_.end() || found->second < read_) return std::nullopt;
  return found->second;
}

std::uint64_t MemberLog::Append(const Record& record) {
  // What is forgotten here costs a double at most.
  if (known_.size() >= kMaxKnownKeys) known_.clear();
  known_[record.key] = next_record_;
  if (queue_.empty() || queue_.back().bytes.size() >= kChunkBytes) queue_.emplace_back();
  AppendRecord(record, &queue_.back().bytes);
  ++queue_.back().records;
  queued_bytes_ += RecordBytes(record.key);
  return next_record_++;
}

std::vector<MemberLog::Write> MemberLog::TakeQueue(std::uint64_t segment_bytes) {
  assert(!writing_);
  std::vector<Write> writes;
  std::uint64_t first = next_record_;
  for (const Chunk& chunk : queue_) first -= chunk.records;
  for (Chunk& chunk : queue_) {
    if (!last_grows_ || last_bytes_ >= segment_bytes) {
      segments_.push_back({next_sequence_++, first, 0, 0, false});
      last_grows_ = true;
      last_bytes_ = 0;
    }
    last_bytes_ += chunk.bytes.size();
    first += chunk.records;
    writes.push_back({segments_.back().sequence, chunk.records, std::move(chunk.bytes)});
  }
  queue_.clear();
  writing_ = !writes.empty();
  return writes;
}

void MemberLog::Written(const std::vector<Write>& writes) {
  writing_ = false;
  for (const Write& write : writes) {
    const auto segment =
        std::find_if(segments_.begin(), segments_.end(),
                     [&](const Segment& segment) { return segment.sequence == write.sequence; });
    assert(segment != segments_.end());
    segment->records += write.records;
    segment->bytes += write.bytes.size();
    file_bytes_ += write.bytes.size();
    queued_bytes_ -= write.bytes.size();
  }
}

std::optional<MemberLog::Segment> MemberLog::Locate(SpoolPosition* position) const {
  if (position->record < acknowledged_.record) *position = acknowledged_;
  for (const Segment& segment : segments_) {
    if (segment.sequence == position->sequence) {
      if (position->offset < segment.bytes) return segment;
    } else if (segment.sequence > position->sequence && segment.bytes > 0) {
      *position = {segment.first, segment.sequence, 0};
      return segment;
    }
  }
  return std::nullopt;
}

void MemberLog::NoteRead(const SpoolPosition& until) { read_ = std::max(read_, until.record); }

std::vector<std::uint64_t> MemberLog::Acknowledge(const SpoolPosition& until) {
  std::vector<std::uint64_t> done;
  if (until.record > acknowledged_.record) acknowledged_ = until;
  while (!segments_.empty() && !writing_) {
    const Segment& front = segments_.front();
    if (front.first + front.records > acknowledged_.record) break;
    if (segments_.size() == 1) last_grows_ = false;
    file_bytes_ -= front.bytes;
    done.push_back(front.sequence);
    segments_.pop_front();
  }
  return done;
}

bool MemberLog::NoteDamage(std::uint64_t sequence) {
  for (Segment& segment : segments_) {
    if (segment.sequence == sequence) return !std::exchange(segment.is_damaged, true);
  }
  return false;
}

std::vector<std::uint64_t> MemberLog::Clear() {
  std::vector<std::uint64_t> done;
  for (const Segment& segment : segments_) done.push_back(segment.sequence);
  segments_.clear();
  queue_.clear();
  known_.clear();
  file_bytes_ = queued_bytes_ = 0;
  last_grows_ = writing_ = false;
  acknowledged_ = {next_record_, next_sequence_, 0};
  read_ = next_record_;
  return done;
}

}  // namespace ringcache::router
