// Handlers of the commands that concern the server and not a key.
//
// Commands whose function is not built answer what memcached answers when it is switched off.

#include <limits>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "process/version.h"
#include "protocol/reply_writer.h"
#include "server/command_executor.h"
#include "server/dump/dump_stream.h"

namespace ringcache::server {

using protocol::StandardReply;

namespace {

// memcached's least limit, in megabytes.
constexpr std::uint64_t kMinMemlimit = 8;
// More would not fit a number of bytes.
constexpr std::uint64_t kMaxMemlimit = std::uint64_t{1} << 40;
constexpr std::uint64_t kMaxCrawlerSleepUs = 1'000'000;

}  // namespace

void CommandExecutor::FlushAll(const Command& command, ReplyBuffer* reply) {
  if (!options_.allow_flush_all) return Answer(command, StandardReply::kFlushNotAllowed, reply);
  Flush(command.request.exptime_s);
  Answer(command, StandardReply::kOk, reply);
}

void CommandExecutor::Flush(std::int64_t delay) {
  store_.FlushAll(delay == 0 ? now_ : Expiry(delay), now_);
  stats_[ServerCounter::kFlushes].Add();
}

void CommandExecutor::Version(const Command&, ReplyBuffer* reply) {
  reply->Append("VERSION ");
  reply->Append(process::kProtocolVersion);
  reply->Append("\r\n");
}

void CommandExecutor::Verbosity(const Command& command, ReplyBuffer* reply) {
  constexpr std::uint64_t kMax = std::numeric_limits<int>::max();
  control_.SetVerbosity(static_cast<int>(std::min(command.request.delta, kMax)));
  Answer(command, StandardReply::kOk, reply);
}

// The session closes the connection.
void CommandExecutor::Quit(const Command&, ReplyBuffer*) {}

void CommandExecutor::Stats(const Command& command, ReplyBuffer* reply) {
  std::string text = control_.Stats(command.request.arguments);
  if (text.size() <= ReplyBuffer::kPinBytes) {
    reply->Append(text);
  } else {
    reply->AppendOwned(std::move(text));
  }
}

void CommandExecutor::Shutdown(const Command& command, ReplyBuffer* reply) {
  if (!options_.allow_shutdown) return Answer(command, StandardReply::kShutdownNotEnabled, reply);
  if (command.request.arguments.empty()) return control_.Shutdown(/*graceful=*/false);
  if (command.request.arguments == "graceful") return control_.Shutdown(/*graceful=*/true);
  Answer(command, StandardReply::kInvalidShutdownMode, reply);
}

void CommandExecutor::CacheMemlimit(const Command& command, ReplyBuffer* reply) {
  const std::uint64_t megabytes = command.request.delta;
  StandardReply answer = StandardReply::kOk;
  if (megabytes < kMinMemlimit) {
    answer = StandardReply::kMemlimitTooSmall;
  } else if (megabytes > kMaxMemlimit || !store_.SetLimit(megabytes << 20)) {
    answer = StandardReply::kMemlimitAdjustFailed;
  }
  Answer(command, answer, reply);
}

void CommandExecutor::Slabs(const Command& command, ReplyBuffer* reply) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(command.request.arguments, ' ', absl::SkipEmpty());
  StandardReply answer = StandardReply::kError;
  if (words.size() == 3 && words[0] == "reassign") {
    answer = Reassign(words[1], words[2]);
  } else if (words.size() == 2 && words[0] == "automove") {
    std::uint32_t mode = 0;
    answer = StandardReply::kBadCommandLine;
    if (absl::SimpleAtoi(words[1], &mode) && mode <= 2) {
      store_.set_moves_pages(mode != 0);
      answer = StandardReply::kOk;
    }
  }
  Answer(command, answer, reply);
}

// Class ids count from 1, as in stats; a source of -1 stands for whichever class can spare a page.
StandardReply CommandExecutor::Reassign(absl::string_view from, absl::string_view to) {
  int source = 0;
  int target = 0;
  if (!absl::SimpleAtoi(from, &source) || !absl::SimpleAtoi(to, &target)) {
    return StandardReply::kBadCommandLine;
  }
  constexpr int kAny = -1;
  const auto is_class = [this](int id) { return id >= 1 && id <= store_.size_classes().count(); };
  if (!is_class(target) || (source != kAny && !is_class(source))) {
    return StandardReply::kReassignBadClass;
  }
  switch (store_.MovePage(source == kAny ? kAny : source - 1, target - 1, now_)) {
    case storage::Store::PageMove::kStarted:
      return StandardReply::kOk;
    case storage::Store::PageMove::kBusy:
      return StandardReply::kReassignBusy;
    case storage::Store::PageMove::kNoSuchClass:
      return StandardReply::kReassignBadClass;
    case storage::Store::PageMove::kSameClass:
      return StandardReply::kReassignSameClass;
    case storage::Store::PageMove::kNothingToMove:
      return StandardReply::kReassignNoSpare;
  }
  return StandardReply::kError;
}

// No way of eviction can be tuned or changed while the server runs: memcached's answer where it
// cannot either. Who asks for the segmented LRU that there is has it.
void CommandExecutor::Lru(const Command& command, ReplyBuffer* reply) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(command.request.arguments, ' ', absl::SkipEmpty());
  const bool is_segmented = store_.options().eviction == storage::EvictionKind::kSegmentedLru;
  const bool asks_for_it = words.size() >= 2 && words[0] == "mode" && words[1] == "segmented";
  Answer(command, is_segmented && asks_for_it ? StandardReply::kOk : StandardReply::kError, reply);
}

// The crawler is what Store::Maintain does about expired items. Dumps are the session's: they take
// their time.
void CommandExecutor::LruCrawler(const Command& command, ReplyBuffer* reply) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(command.request.arguments, ' ', absl::SkipEmpty());
  StandardReply answer = StandardReply::kError;
  std::uint64_t number = 0;
  if (words.size() == 1 && words[0] == "enable") {
    answer = store_.crawls() ? StandardReply::kCrawlerFailedToStart : StandardReply::kOk;
    store_.set_crawls(true);
  } else if (words.size() == 1 && words[0] == "disable") {
    answer = StandardReply::kOk;
    store_.set_crawls(false);
  } else if (words.size() == 2 && words[0] == "crawl") {
    answer = Crawl(words[1]);
  } else if (words.size() == 2 && (words[0] == "tocrawl" || words[0] == "sleep")) {
    // Laps have a pace and a bound of their own: the numbers are checked and change nothing.
    answer =
        absl::SimpleAtoi(words[1], &number) ? StandardReply::kOk : StandardReply::kBadCommandLine;
    if (words[0] == "sleep" && number > kMaxCrawlerSleepUs) {
      answer = StandardReply::kCrawlerSleepTooLong;
    }
  }
  Answer(command, answer, reply);
}

// A lap goes over the whole table, whichever classes are asked for.
StandardReply CommandExecutor::Crawl(absl::string_view class_ids) {
  if (!store_.crawls()) return StandardReply::kCrawlerDisabled;
  std::vector<int> classes;
  const StandardReply answer = ParseClassIds(class_ids, store_, &classes);
  if (answer != StandardReply::kOk) return answer;
  return store_.RequestCrawl() ? StandardReply::kOk : StandardReply::kCrawlerBusy;
}

// The session watches: it is a matter of its connection.
void CommandExecutor::Watch(const Command&, ReplyBuffer*) {}

// debugtime p | r | +n | -n: stops, restarts and moves the clock. For tests of expiry.
void CommandExecutor::DebugTime(const Command& command, ReplyBuffer* reply) {
  const absl::string_view argument = command.request.arguments;
  std::int64_t seconds = 0;
  if (!options_.allow_debug_time) return Answer(command, StandardReply::kError, reply);
  if (argument == "p") {
    clock_.Pause(wall_);
  } else if (argument == "r") {
    clock_.Resume();
  } else if (argument.size() > 1 && (argument[0] == '+' || argument[0] == '-') &&
             absl::SimpleAtoi(argument, &seconds)) {
    clock_.Move(seconds);
  } else {
    return Answer(command, StandardReply::kError, reply);
  }
  now_ = clock_.At(wall_);
  Answer(command, StandardReply::kOk, reply);
}

// Which servers there are is not a cache's to know, here as in memcached: clouds' servers are told,
// and tell their clients, who take this answer for "ask otherwise".
void CommandExecutor::Config(const Command& command, ReplyBuffer* reply) {
  Answer(command, StandardReply::kError, reply);
}

}  // namespace ringcache::server
