#include "tools/proof/load_client.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tools/proof/versioned_value.h"

namespace ringcache::proof {
namespace {

// How long a client waits that cannot connect.
constexpr absl::Duration kReconnectPause = absl::Milliseconds(20);

bool IsError(absl::string_view line) {
  return absl::StartsWith(line, "SERVER_ERROR") || absl::StartsWith(line, "CLIENT_ERROR") ||
         line == "ERROR";
}

}  // namespace

LoadClient::LoadClient(const LoadOptions& options, std::size_t number, KeyLedger* ledger)
    : options_(options),
      number_(number),
      ledger_(*ledger),
      random_(loadgen::RandomSource::SeedFor(options.seed, number)) {}

std::string LoadClient::KeyText(std::size_t key) { return absl::StrCat("proof:", key); }

PhaseFigures LoadClient::TakeFigures() {
  net::MutexLock lock(&mutex_);
  return std::exchange(figures_, PhaseFigures());
}

void LoadClient::Run() {
  while (!stopped_.load(std::memory_order_relaxed)) {
    if (socket_ == nullptr || !socket_->ok()) {
      socket_ = std::make_unique<LineSocket>(options_.port, options_.patience);
      if (!socket_->ok()) {
        absl::SleepFor(kReconnectPause);
        continue;
      }
    }
    if (rewrites_.load(std::memory_order_relaxed) > rewritten_.load(std::memory_order_relaxed)) {
      AskRewrites();
    } else {
      AskBatch();
    }
    Exchange();
    {
      net::MutexLock lock(&mutex_);
      figures_.Add(batch_);
    }
    if (rewrite_next_ >= ledger_.size()) {
      rewrite_next_ = 0;
      rewritten_.fetch_add(1, std::memory_order_release);
    }
    absl::SleepFor(options_.pause);
  }
}

std::size_t LoadClient::OwnKey() {
  const std::size_t own = (ledger_.size() - number_ + options_.clients - 1) / options_.clients;
  return number_ + random_.NextBelow(own) * options_.clients;
}

void LoadClient::AskBatch() {
  while (asked_.size() + 1 < options_.batch) {
    const std::uint64_t choice = random_.NextBelow(100);
    if (choice < 30) AskRead(Kind::kGet, 1);
    if (choice >= 30 && choice < 50) AskRead(Kind::kGet, options_.keys_per_get);
    if (choice >= 50 && choice < 70) AskRead(Kind::kMetaGet, 1);
    if (choice >= 70 && choice < 83) AskWrite(Kind::kSet, OwnKey());
    if (choice >= 83 && choice < 96) AskWrite(Kind::kMetaSet, OwnKey());
    if (choice >= 96 && choice < 98) AskWrite(Kind::kDelete, OwnKey());
    if (choice >= 98) AskWrite(Kind::kMetaDelete, OwnKey());
  }
}

void LoadClient::AskRewrites() {
  if (rewrite_next_ == 0) rewrite_next_ = number_;
  while (asked_.size() + 1 < options_.batch && rewrite_next_ < ledger_.size()) {
    AskWrite(Kind::kSet, rewrite_next_);
    rewrite_next_ += options_.clients;
  }
}

void LoadClient::AskRead(Kind kind, std::size_t keys) {
  Asked asked{kind, {}, {}, 0, {}};
  while (asked.keys.size() < keys) {
    const std::size_t key = AnyKey();
    if (std::count(asked.keys.begin(), asked.keys.end(), key) == 0) asked.keys.push_back(key);
  }
  for (const std::size_t key : asked.keys) asked.marks.push_back(ledger_.Now(key));
  if (kind == Kind::kMetaGet) {
    const std::string key = KeyText(asked.keys[0]);
    const std::uint64_t opaque = ++next_opaque_;
    asked.identity = absl::StrCat(" k", key, " O", opaque);
    absl::StrAppend(&text_, "mg ", key, " v k O", opaque, "\r\n");
  } else {
    absl::StrAppend(&text_, "get");
    for (const std::size_t key : asked.keys) absl::StrAppend(&text_, " ", KeyText(key));
    absl::StrAppend(&text_, "\r\n");
  }
  asked_.push_back(std::move(asked));
}

void LoadClient::AskWrite(Kind kind, std::size_t key) {
  Asked asked{kind, {key}, {}, ledger_.BeginWrite(key), {}};
  const std::string name = KeyText(key);
  const std::uint64_t opaque = ++next_opaque_;
  asked.identity = absl::StrCat(" k", name, " O", opaque);
  const std::string value = SpellValue(name, asked.version);
  switch (kind) {
    case Kind::kSet:
      absl::StrAppend(&text_, "set ", name, " 0 0 ", value.size(), "\r\n", value, "\r\n");
      break;
    case Kind::kMetaSet:
      absl::StrAppend(&text_, "ms ", name, " ", value.size(), " k O", opaque, "\r\n", value,
                      "\r\n");
      break;
    case Kind::kDelete:
      absl::StrAppend(&text_, "delete ", name, "\r\n");
      break;
    case Kind::kMetaDelete:
      absl::StrAppend(&text_, "md ", name, " k O", opaque, "\r\n");
      break;
    case Kind::kGet:
    case Kind::kMetaGet:
    case Kind::kEnd:
      break;
  }
  asked_.push_back(std::move(asked));
}

void LoadClient::Exchange() {
  batch_ = PhaseFigures();
  asked_.push_back({Kind::kEnd, {}, {}, 0, {}});
  absl::StrAppend(&text_, "mn\r\n");
  const absl::Time start = absl::Now();
  socket_->Send(text_);
  std::size_t replied = 0;
  while (replied < asked_.size() && ReadReply(asked_[replied]) && socket_->ok()) {
    const absl::Duration took = absl::Now() - start;
    batch_.latency.Record(took);
    if (took > options_.limit) ++batch_.overdue;
    ++replied;
  }
  batch_.requests += replied;
  if (replied < asked_.size()) {
    GiveUp(replied);
  } else if (socket_->HasMore() && !socket_->ReadLine().empty()) {
    ++batch_.doubled;
    socket_.reset();
  }
  asked_.clear();
  text_.clear();
}

void LoadClient::GiveUp(std::size_t first) {
  if (batch_.out_of_step == 0) ++batch_.never_replied;
  for (std::size_t i = first; i < asked_.size(); ++i) {
    if (asked_[i].version > 0) ledger_.Fail(asked_[i].keys[0], asked_[i].version);
    batch_.affected.insert(asked_[i].keys.begin(), asked_[i].keys.end());
  }
  socket_.reset();
}

bool LoadClient::ReadReply(const Asked& asked) {
  const std::string line(socket_->ReadLine());
  if (!socket_->ok()) return false;
  if (asked.kind == Kind::kEnd) return line == "MN" || OutOfStep(asked, line);
  if (IsError(line)) {
    CountError(asked, line);
    return true;
  }
  if (asked.kind == Kind::kGet) return ReadValues(asked, line);
  return asked.kind == Kind::kMetaGet ? ReadMetaValue(asked, line) : ReadWritten(asked, line);
}

bool LoadClient::ReadValues(const Asked& asked, absl::string_view first) {
  std::vector<bool> found(asked.keys.size());
  for (std::string line(first); line != "END"; line = std::string(socket_->ReadLine())) {
    if (!socket_->ok()) return false;
    if (IsError(line)) {
      CountError(asked, line);
      return true;
    }
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    std::size_t bytes = 0;
    if (words.size() != 4 || words[0] != "VALUE" || !absl::SimpleAtoi(words[3], &bytes)) {
      return OutOfStep(asked, line);
    }
    std::size_t index = 0;
    while (index < found.size() && KeyText(asked.keys[index]) != words[1]) ++index;
    if (index == found.size() || found[index]) return OutOfStep(asked, line);
    found[index] = true;
    const absl::string_view block = socket_->ReadBytes(bytes + 2);
    if (!socket_->ok()) return false;
    JudgeRead(asked, index, block.substr(0, bytes));
    if (!absl::EndsWith(block, "\r\n")) return OutOfStep(asked, line);
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) JudgeRead(asked, i, std::nullopt);
  }
  return true;
}

bool LoadClient::ReadMetaValue(const Asked& asked, absl::string_view line) {
  if (line == absl::StrCat("EN", asked.identity)) {
    JudgeRead(asked, 0, std::nullopt);
    return true;
  }
  const std::vector<std::string> words = absl::StrSplit(line, absl::MaxSplits(' ', 2));
  std::size_t bytes = 0;
  if (words.size() != 3 || words[0] != "VA" || !absl::SimpleAtoi(words[1], &bytes) ||
      absl::StrCat(" ", words[2]) != asked.identity) {
    return OutOfStep(asked, line);
  }
  const absl::string_view block = socket_->ReadBytes(bytes + 2);
  if (!socket_->ok()) return false;
  JudgeRead(asked, 0, block.substr(0, bytes));
  return absl::EndsWith(block, "\r\n") || OutOfStep(asked, line);
}

bool LoadClient::ReadWritten(const Asked& asked, absl::string_view line) {
  const bool is_delete = asked.kind == Kind::kDelete || asked.kind == Kind::kMetaDelete;
  const bool is_meta = asked.kind == Kind::kMetaSet || asked.kind == Kind::kMetaDelete;
  const std::string identity = is_meta ? asked.identity : "";
  const absl::string_view done = is_meta ? "HD" : is_delete ? "DELETED" : "STORED";
  const absl::string_view was_not_there = is_meta ? "NF" : "NOT_FOUND";
  if (line != absl::StrCat(done, identity) &&
      !(is_delete && line == absl::StrCat(was_not_there, identity))) {
    return OutOfStep(asked, line);
  }
  ledger_.Acknowledge(asked.keys[0], asked.version, is_delete);
  return true;
}

bool LoadClient::OutOfStep(const Asked& asked, absl::string_view line) {
  ++batch_.out_of_step;
  if (batch_.example.empty()) {
    batch_.example = absl::StrCat("request ", asked.identity, " of kind ",
                                  static_cast<int>(asked.kind), " had the reply '", line, "'");
  }
  return false;
}

void LoadClient::CountError(const Asked& asked, absl::string_view line) {
  ++batch_.errors[std::string(line)];
  batch_.affected.insert(asked.keys.begin(), asked.keys.end());
  if (asked.version > 0) ledger_.Fail(asked.keys[0], asked.version);
}

void LoadClient::JudgeRead(const Asked& asked, std::size_t index,
                           std::optional<absl::string_view> value) {
  const std::size_t key = asked.keys[index];
  std::optional<std::uint64_t> version;
  if (value.has_value()) {
    ++batch_.hits;
    // A torn value has no version at all.
    version = ReadVersion(KeyText(key), *value).value_or(0);
  }
  switch (ledger_.Judge(key, asked.marks[index], version)) {
    case Verdict::kFresh:
      return;
    case Verdict::kMiss:
      ++batch_.misses;
      return;
    case Verdict::kLost:
      ++batch_.lost;
      batch_.affected.insert(key);
      return;
    case Verdict::kStale:
      ++batch_.stale;
      batch_.stale_keys.insert(key);
      return;
    case Verdict::kLate:
      ++batch_.late;
      return;
    case Verdict::kNeverWritten:
      ++batch_.wrong;
      if (batch_.example.empty()) {
        batch_.example = absl::StrCat(KeyText(key), " had the value '", value->substr(0, 80), "'");
      }
      return;
  }
}

}  // namespace ringcache::proof
