#include "router/spool/spool.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "router/spool/record.h"
#include "router/spool/segment_reader.h"

namespace ringcache::router {

template <typename Change>
auto Spool::Account(MemberId id, Change change) {
  MemberLog& log = entries_[id]->log;
  stats_.bytes -= log.bytes();
  stats_.queued_bytes -= log.queued_bytes();
  struct Sums {
    ~Sums() {
      stats.bytes += log.bytes();
      stats.queued_bytes += log.queued_bytes();
    }
    SpoolStats& stats;
    const MemberLog& log;
  } const sums{stats_, log};
  return change(log);
}

absl::StatusOr<std::unique_ptr<Spool>> Spool::Open(const SpoolOptions& options) {
  if (const absl::Status status = options.Validate(); !status.ok()) return status;
  absl::StatusOr<SpoolFolder> folder = SpoolFolder::Open(options.folder);
  if (!folder.ok()) return folder.status();
  std::unique_ptr<Spool> spool(new Spool(options, *std::move(folder)));
  {
    const net::MutexLock lock(&spool->mutex_);
    if (const absl::Status status = spool->TakeUpFiles(); !status.ok()) return status;
  }
  return spool;
}

void Spool::Start() {
  writer_ = std::thread([this] { RunWriter(); });
}

Spool::~Spool() {
  {
    const net::MutexLock lock(&mutex_);
    stopping_ = true;
    work_.NotifyOne();
  }
  if (writer_.joinable()) writer_.join();
}

absl::Status Spool::TakeUpFiles() {
  const absl::StatusOr<std::vector<FileName>> names = folder_.List();
  if (!names.ok()) return names.status();
  // Marks first: the segments of a member that is to be flushed are of no use.
  for (const FileName& name : *names) {
    if (name.sequence) continue;
    Entry& entry = *entries_[IdOfLocked(name.member)];
    entry.must_flush = entry.is_marked = true;
    entry.keeps = false;
  }
  for (const FileName& name : *names) {
    if (!name.sequence) continue;
    if (const absl::Status status = TakeUpSegment(name); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Spool::TakeUpSegment(const FileName& name) {
  const MemberId id = IdOfLocked(name.member);
  const absl::StatusOr<std::uint64_t> size = folder_.Size(name);
  if (!size.ok()) return size.status();
  const absl::StatusOr<std::string> bytes = folder_.Read(name, 0, *size);
  if (!bytes.ok()) return bytes.status();
  SegmentReader reader(*bytes);
  std::uint64_t records = 0;
  for (Record record; reader.Next(&record);) ++records;
  if (reader.offset() < bytes->size()) {
    stats_.torn_bytes += bytes->size() - reader.offset();
    const absl::Status status = folder_.Truncate(name, reader.offset());
    if (!status.ok()) return status;
  }
  Account(id, [&](MemberLog& log) { log.AddFound(*name.sequence, records, reader.offset()); });
  if (reader.damages() > 0) NoteDamage(id, reader.damages(), *name.sequence);
  if (!entries_[id]->keeps) {
    RemoveLater(id, Account(id, [](MemberLog& log) { return log.Clear(); }));
  } else if (records == 0) {
    RemoveLater(id, Account(id, [](MemberLog& log) { return log.Acknowledge({}); }));
  }
  return absl::OkStatus();
}

Spool::MemberId Spool::IdOf(absl::string_view member) {
  const net::MutexLock lock(&mutex_);
  return IdOfLocked(member);
}

Spool::MemberId Spool::IdOfLocked(absl::string_view member) {
  const auto [at, is_new] = ids_.try_emplace(member, entries_.size());
  if (is_new) {
    entries_.push_back(std::make_unique<Entry>(std::string(member)));
    if (!CanNameFiles(member)) {
      entries_.back()->must_flush = true;
      entries_.back()->keeps = false;
    }
  }
  return at->second;
}

std::vector<std::string> Spool::Members() const {
  const net::MutexLock lock(&mutex_);
  std::vector<std::string> members;
  for (const auto& entry : entries_) {
    if (entry->must_flush || entry->log.pending() > 0) members.push_back(entry->log.member());
  }
  return members;
}

SpoolState Spool::StateOf(MemberId id) const {
  const net::MutexLock lock(&mutex_);
  const Entry& entry = *entries_[id];
  return {entry.log.pending(), entry.log.acknowledged(), entry.must_flush};
}

Spool::Kept Spool::Append(MemberId id, absl::string_view key, std::int64_t unix_s,
                          std::uint64_t* until) {
  const net::MutexLock lock(&mutex_);
  Entry& entry = *entries_[id];
  if (!entry.keeps) {
    ++stats_.dropped;
    return Kept::kOverflowed;
  }
  if (const auto known = entry.log.Find(key)) {
    if (until != nullptr) *until = *known + 1;
    ++stats_.duplicates;
    return Kept::kKnown;
  }
  const std::size_t bytes = RecordBytes(key);
  if (entry.log.bytes() + bytes > options_.max_member_bytes ||
      stats_.bytes + bytes > options_.max_total_bytes ||
      stats_.queued_bytes + bytes > options_.max_queue_bytes) {
    ++stats_.dropped;
    Lose(id);
    return Kept::kOverflowed;
  }
  const std::uint64_t record = Account(id, [&](MemberLog& log) {
    return log.Append({key, unix_s});
  });
  if (until != nullptr) *until = record + 1;
  ++stats_.appended;
  if (!entry.has_queue) {
    entry.has_queue = true;
    queued_.push_back(id);
    if (!working_) work_.NotifyOne();
  }
  return Kept::kKept;
}

absl::StatusOr<SpoolBatch> Spool::Read(MemberId id, const SpoolPosition& from,
                                       std::size_t max_deletes) {
  SpoolBatch batch;
  batch.end = from;
  // More than once only over damage at the end of a segment.
  for (std::size_t window = max_deletes * kMaxRecordBytes;;) {
    std::optional<MemberLog::Segment> segment;
    FileName name;
    {
      const net::MutexLock lock(&mutex_);
      segment = entries_[id]->log.Locate(&batch.end);
      name = {entries_[id]->log.member(), segment ? segment->sequence : 0};
    }
    if (!segment) return batch;
    const std::uint64_t left = segment->bytes - batch.end.offset;
    const std::size_t bytes = std::min<std::uint64_t>(window, left);
    const absl::StatusOr<std::string> text = folder_.Read(name, batch.end.offset, bytes);
    // Gone with an overflow meanwhile, or by somebody's hand.
    if (!text.ok() && !absl::IsNotFound(text.status())) return text.status();
    const std::string empty;
    SegmentReader reader(text.ok() ? *text : empty);
    for (Record record; batch.deletes.size() < max_deletes && reader.Next(&record);) {
      batch.deletes.push_back({std::string(record.key), record.unix_s});
    }
    const bool is_stuck = batch.deletes.empty();
    if (is_stuck && bytes < left && text.ok()) {
      window = left;
      continue;
    }
    batch.end.record += batch.deletes.size();
    batch.end.offset += is_stuck ? left : reader.offset();
    // A record that is damaged was counted when it was written.
    if (batch.end.offset == segment->bytes) batch.end.record = segment->first + segment->records;
    const net::MutexLock lock(&mutex_);
    const std::uint64_t damages = reader.damages() + is_stuck;
    if (damages > 0) NoteDamage(id, damages, segment->sequence);
    entries_[id]->log.NoteRead(batch.end);
    if (!is_stuck) return batch;
  }
}

void Spool::Acknowledge(MemberId id, const SpoolPosition& until) {
  const net::MutexLock lock(&mutex_);
  RemoveLater(id, Account(id, [&](MemberLog& log) { return log.Acknowledge(until); }));
}

std::uint64_t Spool::BeginFlush(MemberId id) {
  const net::MutexLock lock(&mutex_);
  Entry& entry = *entries_[id];
  entry.keeps = CanNameFiles(entry.log.member());
  return entry.losses;
}

void Spool::EndFlush(MemberId id, std::uint64_t begun) {
  const net::MutexLock lock(&mutex_);
  Entry& entry = *entries_[id];
  if (entry.losses != begun || !entry.keeps) return;
  entry.must_flush = false;
  UnmarkLater(id);
}

void Spool::Forget(MemberId id) {
  const net::MutexLock lock(&mutex_);
  Entry& entry = *entries_[id];
  ++entry.losses;
  RemoveLater(id, Account(id, [](MemberLog& log) { return log.Clear(); }));
  entry.keeps = CanNameFiles(entry.log.member());
  entry.must_flush = !entry.keeps;
  UnmarkLater(id);
}

void Spool::MarkToFlush(MemberId id) {
  Entry& entry = *entries_[id];
  entry.must_flush = true;
  if (std::exchange(entry.is_marked, true)) return;
  remarked_.push_back(id);
  work_.NotifyOne();
}

void Spool::UnmarkLater(MemberId id) {
  if (!std::exchange(entries_[id]->is_marked, false)) return;
  remarked_.push_back(id);
  work_.NotifyOne();
}

void Spool::Lose(MemberId id) {
  Entry& entry = *entries_[id];
  ++stats_.overflows;
  ++entry.losses;
  entry.keeps = false;
  MarkToFlush(id);
  RemoveLater(id, Account(id, [](MemberLog& log) { return log.Clear(); }));
}

void Spool::RemoveLater(MemberId id, const std::vector<std::uint64_t>& sequences) {
  for (const std::uint64_t sequence : sequences) {
    removals_.push_back({entries_[id]->log.member(), sequence});
  }
  if (!sequences.empty()) work_.NotifyOne();
}

// What could not be read was a delete.
void Spool::NoteDamage(MemberId id, std::uint64_t damages, std::uint64_t sequence) {
  Entry& entry = *entries_[id];
  // Known from an earlier read, or given up meanwhile.
  if (!entry.log.NoteDamage(sequence)) return;
  const std::string& member = entry.log.member();
  stats_.damages += damages;
  stats_.last_error = absl::StrCat("the spool's file ", SpellFileName({member, sequence}),
                                   " is damaged: deletes of ", absl::CHexEscape(member),
                                   " are lost, and it is to be flushed");
  ++entry.losses;
  MarkToFlush(id);
}

void Spool::NoteError(const absl::Status& status) {
  ++stats_.errors;
  stats_.last_error = std::string(status.message());
}

void Spool::Flush() {
  const net::MutexLock lock(&mutex_);
  while (HasWork() || working_) done_.Wait(&mutex_);
}

SpoolStats Spool::stats() const {
  const net::MutexLock lock(&mutex_);
  return stats_;
}

bool Spool::HasWork() const { return !queued_.empty() || !remarked_.empty() || !removals_.empty(); }

void Spool::RunWriter() {
  auto synced_at = std::chrono::steady_clock::now();
  const auto interval = absl::ToChronoNanoseconds(options_.sync_interval);
  mutex_.Lock();
  for (bool ends = false; !ends;) {
    while (!HasWork() && !stopping_) {
      if (unsynced_.empty()) {
        work_.Wait(&mutex_);
      } else if (!work_.WaitFor(&mutex_, options_.sync_interval)) {
        break;
      }
    }
    Work work = TakeWork();
    ends = stopping_ && work.empty();
    working_ = true;
    mutex_.Unlock();
    const std::vector<absl::Status> errors = Do(&work);
    if (ends || std::chrono::steady_clock::now() - synced_at >= interval) {
      SyncFiles();
      synced_at = std::chrono::steady_clock::now();
    }
    mutex_.Lock();
    working_ = false;
    Finish(work, errors);
    done_.NotifyAll();
  }
  mutex_.Unlock();
}

Spool::Work Spool::TakeWork() {
  Work work;
  work.removals = std::exchange(removals_, {});
  for (const MemberId id : std::exchange(remarked_, {})) {
    const FileName mark = {entries_[id]->log.member(), std::nullopt};
    // As it is to be now, however often that changed.
    if (entries_[id]->is_marked) {
      work.marks.emplace_back(id, mark);
    } else {
      work.removals.push_back(mark);
    }
  }
  for (const MemberId id : std::exchange(queued_, {})) {
    Entry& entry = *entries_[id];
    entry.has_queue = false;
    // Nothing if it was given up meanwhile.
    std::vector<MemberLog::Write> writes = entry.log.TakeQueue(options_.segment_bytes);
    if (writes.empty()) continue;
    work.writes.push_back({id, {entry.log.member(), 0}, std::move(writes), absl::OkStatus()});
  }
  return work;
}

std::vector<absl::Status> Spool::Do(Work* work) {
  std::vector<absl::Status> errors;
  const auto note = [&](absl::Status status) {
    if (!status.ok()) errors.push_back(std::move(status));
  };
  // A mark comes before the removal of what it stands for; on a full disk there may be room for it
  // only after.
  std::vector<FileName> unmarked;
  for (const auto& [id, mark] : work->marks) {
    if (!folder_.Append(mark, "").ok()) unmarked.push_back(mark);
    unsynced_[SpellFileName(mark)] = {id, mark};
  }
  for (MemberWrites& member : work->writes) {
    for (const MemberLog::Write& write : member.writes) {
      member.name.sequence = write.sequence;
      member.status = folder_.Append(member.name, write.bytes);
      unsynced_[SpellFileName(member.name)] = {member.id, member.name};
      if (!member.status.ok()) break;
    }
    note(member.status);
  }
  for (const FileName& name : work->removals) note(folder_.Remove(name));
  for (const FileName& mark : unmarked) note(folder_.Append(mark, ""));
  return errors;
}

void Spool::SyncFiles() {
  std::map<std::string, std::pair<MemberId, FileName>> files;
  files.swap(unsynced_);
  for (const auto& [text, file] : files) {
    const absl::Status status = folder_.Sync(file.second);
    if (status.ok()) continue;
    // What was written may be lost: a second sync would not tell.
    const net::MutexLock lock(&mutex_);
    NoteError(status);
    Lose(file.first);
  }
}

void Spool::Finish(const Work& work, const std::vector<absl::Status>& errors) {
  for (const absl::Status& error : errors) NoteError(error);
  for (const MemberWrites& member : work.writes) {
    const bool is_given_up = !entries_[member.id]->log.is_writing();
    if (is_given_up) continue;
    if (!member.status.ok()) {
      Lose(member.id);
      continue;
    }
    RemoveLater(member.id, Account(member.id, [&](MemberLog& log) {
                  log.Written(member.writes);
                  return log.Acknowledge({});
                }));
  }
}

}  // namespace ringcache::router
