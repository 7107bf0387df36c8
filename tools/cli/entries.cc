#include "tools/cli/entries.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ringcache::cli {
namespace {

bool TakesValue(Shape shape) { return shape == Shape::kValue || shape == Shape::kCasValue; }

ExitStatus StatusOfInput(const absl::Status& status) {
  return absl::IsInvalidArgument(status) ? ExitStatus::kUsage : ExitStatus::kStreams;
}

}  // namespace

Entries::Entries(const CommandLine& line, std::FILE* input)
    : line_(line),
      has_values_(TakesValue(RowOf(line.command).shape)),
      input_(input),
      lines_(input) {}

std::vector<Entry> Entries::NextBatch(Console* console) {
  if (!line_.from_input) return FromWords(console);
  std::vector<Entry> batch;
  std::size_t bytes = 0;
  while (batch.size() < kBatchEntries && bytes < kBatchBytes && NextLine(console)) {
    Entry entry;
    if (const absl::Status status = ReadEntry(&entry); !status.ok()) {
      console->Complain(ExitStatus::kUsage,
                        absl::StrCat("line ", lines_.number(), ": ", status.message()));
      continue;
    }
    bytes += text_.size();
    batch.push_back(std::move(entry));
  }
  return batch;
}

std::vector<Entry> Entries::FromWords(Console* console) {
  std::vector<Entry> batch;
  while (batch.size() < kBatchEntries && next_word_ < line_.keys.size()) {
    batch.push_back({line_.keys[next_word_++], line_.value.value_or("")});
  }
  // Such a command has one key.
  if (batch.empty() || !has_values_ || line_.value) return batch;
  absl::StatusOr<std::string> value = ReadAll(input_);
  if (!value.ok()) {
    console->Complain(StatusOfInput(value.status()), value.status().message());
    return {};
  }
  batch[0].value = *std::move(value);
  return batch;
}

bool Entries::NextLine(Console* console) {
  if (ended_) return false;
  const absl::StatusOr<bool> has_line = lines_.Next(&text_);
  if (!has_line.ok())
    console->Complain(StatusOfInput(has_line.status()), has_line.status().message());
  ended_ = !has_line.ok() || !*has_line;
  return !ended_;
}

absl::Status Entries::ReadEntry(Entry* entry) const {
  if (!has_values_) {
    entry->key = text_;
    return absl::OkStatus();
  }
  const std::size_t space = text_.find(' ');
  if (space == std::string::npos) {
    return absl::InvalidArgumentError("there is no value; a line is a key, a space, a value");
  }
  entry->key = text_.substr(0, space);
  absl::StatusOr<std::string> value = UnescapeValue(absl::string_view(text_).substr(space + 1));
  if (value.ok()) entry->value = *std::move(value);
  return value.status();
}

}  // namespace ringcache::cli
