// What a client is sent for one request: text, perhaps with a long value in its midst that lies
// elsewhere. Text that lies in a receive buffer has to be kept before that is used again.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_REPLY_TEXT_H_
#define RINGCACHE_ROUTER_REPLY_TEXT_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/outgoing_value.h"

namespace ringcache::router {

class ReplyText {
 public:
  ReplyText() = default;
  ReplyText(const ReplyText&) = delete;
  ReplyText& operator=(const ReplyText&) = delete;

  // `text` that lives long enough: a literal, or what Keep() sees to.
  void Set(absl::string_view text) {
    head_ = text;
    tail_ = {};
  }
  // What follows; of one piece with what was there if it lies behind it.
  void Append(absl::string_view text) {
    absl::string_view& end = value_.owner == nullptr ? head_ : tail_;
    if (end.empty()) {
      end = text;
    } else if (end.data() + end.size() == text.data()) {
      end = absl::string_view(end.data(), end.size() + text.size());
    } else {
      Keep();
      kept_.append(text.data(), text.size());
      Point(head_.size() + (value_.owner == nullptr ? text.size() : 0));
    }
  }
  // REQUIRES: `text` is all there is.
  void Own(std::string text) {
    kept_ = std::move(text);
    Point(kept_.size());
  }
  // The value between what was appended before and what is appended from now on. REQUIRES: owned,
  // and the only one.
  void AppendValue(client::OutgoingValue value) { value_ = std::move(value); }

  // From now on the text is this object's own.
  void Keep() {
    if (is_kept() || empty()) return;
    const std::size_t head_bytes = head_.size();
    kept_ = absl::StrCat(head_, tail_);
    Point(head_bytes);
  }

  bool empty() const { return head_.empty() && value_.owner == nullptr; }
  std::size_t bytes() const { return head_.size() + value_.bytes.size() + tail_.size(); }
  absl::string_view head() const { return head_; }
  const client::OutgoingValue& value() const { return value_; }
  absl::string_view tail() const { return tail_; }

  void Clear() {
    head_ = tail_ = {};
    kept_.clear();
    if (kept_.capacity() > kKeptCapacity) kept_ = std::string();
    value_ = client::OutgoingValue();
  }

 private:
  static constexpr std::size_t kKeptCapacity = 1024;

  // All of it, a tail that is a literal included.
  bool is_kept() const {
    return head_.data() == kept_.data() && head_.size() + tail_.size() == kept_.size();
  }
  void Point(std::size_t head_bytes) {
    const absl::string_view all(kept_);
    head_ = all.substr(0, head_bytes);
    tail_ = all.substr(head_bytes);
  }

  absl::string_view head_;
  absl::string_view tail_;  // after the value
  client::OutgoingValue value_;
  std::string kept_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_REPLY_TEXT_H_
