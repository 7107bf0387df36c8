// A receiver of tests that writes down what it is told, one line each.
//
// Thread safety: none.

#ifndef RINGCACHE_CLIENT_REPLY_RECORDER_H_
#define RINGCACHE_CLIENT_REPLY_RECORDER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/reply_receiver.h"

namespace ringcache::client {

class ReplyRecorder final : public ReplyReceiver {
 public:
  void OnReply(std::uint64_t tag, const protocol::Reply& reply, const ReceivedValue& value,
               bool last) override {
    std::string line = absl::StrCat(tag, " ", Describe(reply));
    if (protocol::HasValue(reply.kind)) {
      absl::StrAppend(&line, "=", Shorten(value.bytes));
      values_.push_back(value.Take());
    }
    lines_.push_back(line);
    if (last) ++completed_;
    if (last && on_completed_) on_completed_(tag);
  }
  void OnFailure(std::uint64_t tag, CallFailure failure) override {
    lines_.push_back(absl::StrCat(tag, " ", FailureText(failure)));
    ++completed_;
    if (on_completed_) on_completed_(tag);
  }

  void set_on_completed(std::function<void(std::uint64_t tag)> function) {
    on_completed_ = std::move(function);
  }
  // "<tag> <reply>", or "<tag> <why not>", in the order they came.
  const std::vector<std::string>& lines() const { return lines_; }
  const std::vector<std::string>& values() const { return values_; }
  std::size_t completed() const { return completed_; }

 private:
  static std::string Describe(const protocol::Reply& reply) {
    switch (reply.kind) {
      case protocol::ReplyKind::kValue:
        return std::string(reply.key);
      case protocol::ReplyKind::kMetaValue:
        return "VA";
      case protocol::ReplyKind::kEnd:
        return "END";
      case protocol::ReplyKind::kStored:
        return "STORED";
      case protocol::ReplyKind::kMetaDone:
        return "HD";
      case protocol::ReplyKind::kMetaMiss:
        return "EN";
      case protocol::ReplyKind::kNumber:
        return absl::StrCat(reply.number);
      case protocol::ReplyKind::kStat:
        return absl::StrCat(reply.key, ":", reply.text);
      default:
        return std::string(reply.text);
    }
  }
  static std::string Shorten(absl::string_view value) {
    return value.size() <= 20 ? std::string(value) : absl::StrCat(value.size(), " bytes");
  }

  std::vector<std::string> lines_;
  std::vector<std::string> values_;
  std::size_t completed_ = 0;
  std::function<void(std::uint64_t tag)> on_completed_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_REPLY_RECORDER_H_
