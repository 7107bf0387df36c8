#include "tools/cli/key_commands.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/key_requests.h"
#include "client/outgoing_value.h"
#include "client/result.h"
#include "protocol/operation.h"
#include "protocol/request.h"
#include "tools/cli/entries.h"
#include "tools/cli/input.h"

namespace ringcache::cli {
namespace {

using client::OutgoingValue;
using client::Result;
using protocol::Operation;

// The protocol takes more seconds than these for a Unix time.
constexpr std::uint64_t kMaxRelativeSeconds = 30 * 24 * 60 * 60;

std::int64_t ExpiryOf(std::uint64_t ttl_s) {
  const auto seconds = static_cast<std::int64_t>(ttl_s);
  return ttl_s <= kMaxRelativeSeconds ? seconds : absl::ToUnixSeconds(absl::Now()) + seconds;
}

class KeyCommand {
 public:
  KeyCommand(const CommandLine& line, PoolSession* session, Console* console)
      : line_(line), row_(RowOf(line.command)), session_(*session), console_(*console) {}

  void Run(std::vector<Entry> batch) {
    if (row_.operation == Operation::kGet || row_.operation == Operation::kGets) {
      Retrieve(batch);
    } else {
      Change(std::move(batch));
    }
  }

 private:
  void Retrieve(const std::vector<Entry>& batch);
  void Change(std::vector<Entry> batch);
  protocol::Request RequestFor(const Entry& entry) const;
  void PrintValue(const std::string& key, const Result& result);

  const CommandLine& line_;
  const CommandRow& row_;
  PoolSession& session_;
  Console& console_;
};

void KeyCommand::Retrieve(const std::vector<Entry>& batch) {
  std::vector<absl::string_view> keys;
  for (const Entry& entry : batch) keys.emplace_back(entry.key);
  const std::vector<Result> results = session_.MultiGet(row_.operation, keys);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (results[i].ok()) {
      PrintValue(batch[i].key, results[i]);
    } else {
      console_.Complain(StatusOf(results[i].outcome), session_.Explain(keys[i], results[i]));
    }
  }
}

void KeyCommand::PrintValue(const std::string& key, const Result& result) {
  if (row_.operation == Operation::kGets) {
    console_.Write(
        absl::StrCat(key, " ", result.cas, " ", result.flags, " ", EscapeValue(result.text), "\n"));
  } else if (line_.from_input) {
    console_.Write(absl::StrCat(key, " ", EscapeValue(result.text), "\n"));
  } else {
    console_.Write(result.text);
    if (console_.is_terminal()) console_.Write("\n");
  }
}

protocol::Request KeyCommand::RequestFor(const Entry& entry) const {
  switch (row_.shape) {
    case Shape::kValue:
    case Shape::kCasValue:
      return client::StoreRequest(row_.operation, entry.key, entry.value,
                                  {line_.flags, ExpiryOf(line_.ttl_s)}, line_.cas);
    case Shape::kNumber:
      return client::ArithmeticRequest(row_.operation, entry.key, line_.delta);
    case Shape::kTtl:
      return client::TouchRequest(row_.operation, entry.key, ExpiryOf(line_.seconds));
    case Shape::kKeys:
    case Shape::kPlainKeys:
    case Shape::kWords:
    case Shape::kSeconds:
    case Shape::kNothing:
      break;
  }
  return client::KeyRequest(row_.operation, entry.key);
}

void KeyCommand::Change(std::vector<Entry> batch) {
  std::vector<PoolSession::Call> calls;
  for (Entry& entry : batch) {
    const protocol::Request request = RequestFor(entry);
    calls.push_back({request, OutgoingValue::Owned(std::move(entry.value))});
  }
  const std::vector<Result> results = session_.Execute(calls);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::string& key = batch[i].key;
    if (!results[i].ok()) {
      console_.Complain(StatusOf(results[i].outcome), session_.Explain(key, results[i]));
    } else if (row_.shape == Shape::kNumber) {
      console_.Write(
          absl::StrCat(line_.from_input ? absl::StrCat(key, " ") : "", results[i].number, "\n"));
    }
  }
}

}  // namespace

void RunKeyCommand(const CommandLine& line, std::FILE* input, PoolSession* session,
                   Console* console) {
  KeyCommand command(line, session, console);
  Entries entries(line, input);
  while (true) {
    std::vector<Entry> batch = entries.NextBatch(console);
    if (batch.empty()) return;
    command.Run(std::move(batch));
    // Nobody reads what else would come.
    if (!console->Flush()) return;
  }
}

}  // namespace ringcache::cli
