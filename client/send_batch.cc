#include "client/send_batch.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace ringcache::client {
namespace {

constexpr std::size_t kLeastCapacity = 1024;
// A buffer up to this size is worth keeping between wake-ups.
constexpr std::size_t kKeptCapacity = 64 * 1024;

char* AppendNewline(char* out) {
  *out++ = '\r';
  *out++ = '\n';
  return out;
}

}  // namespace

char* SendBatch::Extend(std::size_t bytes) {
  if (capacity_ - text_bytes_ < bytes) {
    const std::size_t capacity = std::max({kLeastCapacity, 2 * capacity_, text_bytes_ + bytes});
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (text_bytes_ > 0) std::memcpy(larger.get(), text_.get(), text_bytes_);
    text_ = std::move(larger);
    capacity_ = capacity;
  }
  return text_.get() + text_bytes_;
}

void SendBatch::AppendValue(const OutgoingValue& value) {
  const std::size_t bytes = value.bytes.size();
  if (value.owner != nullptr && bytes > OutgoingValue::kCopyBytes) {
    long_values_.push_back({text_bytes_, value});
    long_value_bytes_ += bytes;
    Commit(AppendNewline(Extend(2)));
    return;
  }
  char* const out = Extend(bytes + 2);
  if (bytes > 0) std::memcpy(out, value.bytes.data(), bytes);
  Commit(AppendNewline(out + bytes));
}

absl::Span<const iovec> SendBatch::Fill(Spans* spans) const {
  std::size_t count = 0;
  std::size_t from = 0;
  const auto add_text = [&](std::size_t to) {
    if (to > from) (*spans)[count++] = {text_.get() + from, to - from};
    from = to;
  };
  for (const LongValue& long_value : long_values_) {
    add_text(long_value.text_before);
    const absl::string_view bytes = long_value.value.bytes;
    (*spans)[count++] = {const_cast<char*>(bytes.data()), bytes.size()};
  }
  add_text(text_bytes_);
  return absl::MakeConstSpan(spans->data(), count);
}

const OutgoingValue* SendBatch::LongValueFrom(std::size_t offset) const {
  const absl::string_view text = TextFrom(offset);
  const std::size_t line_end = offset + text.find('\n') + 1;
  for (const LongValue& long_value : long_values_) {
    if (long_value.text_before == line_end) return &long_value.value;
  }
  return nullptr;
}

void SendBatch::Clear() {
  text_bytes_ = end_call_ = 0;
  long_values_.clear();
  long_value_bytes_ = 0;
  if (capacity_ > kKeptCapacity) {
    text_.reset();
    capacity_ = 0;
  }
}

}  // namespace ringcache::client
