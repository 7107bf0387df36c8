// The commands, one row each: the word, how its line is laid out and how many words it takes. The
// parser, the request writer and docs/protocol.md follow this table; a test holds them to it.
//
// A new command is an Operation, a row here, a form (or an existing one) in request_parser.cc and
// request_writer.cc, and a transcript.
//
// Thread safety: constants and pure functions.

#ifndef RINGCACHE_PROTOCOL_COMMAND_TABLE_H_
#define RINGCACHE_PROTOCOL_COMMAND_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "protocol/operation.h"

namespace ringcache::protocol {

// How a command line is laid out after its word.
enum class CommandForm : std::uint8_t {
  kRetrieval,          // <key>+
  kRetrievalAndTouch,  // <exptime> <key>+
  kStorage,            // <key> <flags> <exptime> <bytes> [noreply]
  kCas,                // <key> <flags> <exptime> <bytes> <cas> [noreply]
  kDelete,             // <key> [<ignored number>] [noreply]
  kArithmetic,         // <key> <delta> [noreply]
  kTouch,              // <key> <exptime> [noreply]
  kMeta,               // <key> <flag>*
  kMetaSet,            // <key> <bytes> <flag>*
  kMetaDebug,          // <key> [b]
  kFlush,              // [<delay>] [noreply]
  kLevel,              // <number> [noreply]
  kBare,               // nothing; further words are ignored
  kArguments,          // free words, left to the server
  kQuietArguments,     // free words, then [noreply]
};

// Whether a line of this form may end in `noreply`.
constexpr bool TakesNoreply(CommandForm form) {
  switch (form) {
    case CommandForm::kStorage:
    case CommandForm::kCas:
    case CommandForm::kDelete:
    case CommandForm::kArithmetic:
    case CommandForm::kTouch:
    case CommandForm::kFlush:
    case CommandForm::kLevel:
    case CommandForm::kQuietArguments:
      return true;
    case CommandForm::kRetrieval:
    case CommandForm::kRetrievalAndTouch:
    case CommandForm::kMeta:
    case CommandForm::kMetaSet:
    case CommandForm::kMetaDebug:
    case CommandForm::kBare:
    case CommandForm::kArguments:
      return false;
  }
  return false;
}

inline constexpr std::uint8_t kAnyNumber = 255;

struct CommandRow {
  absl::string_view word;
  Operation operation;
  CommandForm form;
  // Words after the command, `noreply` and ignored ones included. Fewer or more are an ERROR.
  std::uint8_t min_arguments;
  std::uint8_t max_arguments;
};

inline constexpr std::array<CommandRow, kOperationCount> kCommands = {{
    {"get", Operation::kGet, CommandForm::kRetrieval, 1, kAnyNumber},
    {"gets", Operation::kGets, CommandForm::kRetrieval, 1, kAnyNumber},
    {"gat", Operation::kGat, CommandForm::kRetrievalAndTouch, 2, kAnyNumber},
    {"gats", Operation::kGats, CommandForm::kRetrievalAndTouch, 2, kAnyNumber},
    {"set", Operation::kSet, CommandForm::kStorage, 4, 5},
    {"add", Operation::kAdd, CommandForm::kStorage, 4, 5},
    {"replace", Operation::kReplace, CommandForm::kStorage, 4, 5},
    {"append", Operation::kAppend, CommandForm::kStorage, 4, 5},
    {"prepend", Operation::kPrepend, CommandForm::kStorage, 4, 5},
    {"cas", Operation::kCas, CommandForm::kCas, 5, 6},
    {"delete", Operation::kDelete, CommandForm::kDelete, 1, 3},
    {"incr", Operation::kIncrement, CommandForm::kArithmetic, 2, 3},
    {"decr", Operation::kDecrement, CommandForm::kArithmetic, 2, 3},
    {"touch", Operation::kTouch, CommandForm::kTouch, 2, 3},
    {"mg", Operation::kMetaGet, CommandForm::kMeta, 1, kAnyNumber},
    {"ms", Operation::kMetaSet, CommandForm::kMetaSet, 1, kAnyNumber},
    {"md", Operation::kMetaDelete, CommandForm::kMeta, 1, kAnyNumber},
    {"ma", Operation::kMetaArithmetic, CommandForm::kMeta, 1, kAnyNumber},
    {"me", Operation::kMetaDebug, CommandForm::kMetaDebug, 0, kAnyNumber},
    {"mn", Operation::kMetaNoOp, CommandForm::kBare, 0, kAnyNumber},
    {"flush_all", Operation::kFlushAll, CommandForm::kFlush, 0, 2},
    {"version", Operation::kVersion, CommandForm::kBare, 0, kAnyNumber},
    {"verbosity", Operation::kVerbosity, CommandForm::kLevel, 1, 2},
    {"quit", Operation::kQuit, CommandForm::kBare, 0, kAnyNumber},
    {"stats", Operation::kStats, CommandForm::kArguments, 0, kAnyNumber},
    {"shutdown", Operation::kShutdown, CommandForm::kArguments, 0, kAnyNumber},
    {"cache_memlimit", Operation::kCacheMemlimit, CommandForm::kLevel, 1, 2},
    {"slabs", Operation::kSlabs, CommandForm::kQuietArguments, 1, kAnyNumber},
    {"lru", Operation::kLru, CommandForm::kQuietArguments, 1, kAnyNumber},
    {"lru_crawler", Operation::kLruCrawler, CommandForm::kArguments, 1, kAnyNumber},
    {"watch", Operation::kWatch, CommandForm::kArguments, 0, kAnyNumber},
    {"debugtime", Operation::kDebugTime, CommandForm::kArguments, 1, kAnyNumber},
    {"config", Operation::kConfig, CommandForm::kArguments, 1, kAnyNumber},
}};

constexpr bool CommandsAreInOrder() {
  for (std::size_t i = 0; i < kCommands.size(); ++i) {
    if (static_cast<std::size_t>(kCommands[i].operation) != i) return false;
    if (kCommands[i].word.size() < 2) return false;
    if (kCommands[i].min_arguments > kCommands[i].max_arguments) return false;
  }
  return true;
}
static_assert(CommandsAreInOrder(), "kCommands has one row per Operation, in its order");

constexpr const CommandRow& RowOf(Operation operation) {
  return kCommands[static_cast<std::size_t>(operation)];
}

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_COMMAND_TABLE_H_
