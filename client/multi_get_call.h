// A retrieval of many keys: split by owner, one or more lines to each, the values merged in the
// order of the keys. Keys whose member fails are asked of their next members.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_CLIENT_MULTI_GET_CALL_H_
#define RINGCACHE_CLIENT_MULTI_GET_CALL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/call_context.h"
#include "client/reply_receiver.h"
#include "client/result.h"
#include "protocol/operation.h"

namespace ringcache::client {

class MultiGetCall final : private ReplyReceiver, private Unsent {
 public:
  // A result for each key, in their order.
  using Callback = absl::AnyInvocable<void(std::vector<Result>)>;
  // Keys of one line; a server works on no more at once, so that others have their turn.
  static constexpr std::size_t kMaxLineKeys = 1000;
  static constexpr std::size_t kMaxLineBytes = 32 * 1024;

  MultiGetCall(CallContext* context, CallPool<MultiGetCall>* home)
      : context_(*context), home_(*home) {}

  // `operation` is kGet, kGets, kGat or kGats. `callback` is called once, later.
  void Start(protocol::Operation operation, absl::Span<const absl::string_view> keys,
             std::int64_t exptime_s, absl::Duration timeout, Callback callback);

 private:
  // A part of order_ that went to one member in one line.
  struct Line {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t next;  // replies come in the order asked for: the first key that may come
    std::uint32_t failovers;
  };

  // The tag is the line's number.
  void OnReply(std::uint64_t tag, const protocol::Reply& reply, const ReceivedValue& value,
               bool last) override;
  void OnFailure(std::uint64_t tag, CallFailure failure) override;
  void Report() override { Finish(); }

  absl::string_view Key(std::uint32_t index) const {
    return absl::string_view(text_).substr(key_ends_[index],
                                           key_ends_[index + 1] - key_ends_[index]);
  }
  void CopyKeys(absl::Span<const absl::string_view> keys);
  void Send(std::size_t failovers);
  std::size_t EndOfLine(std::size_t begin) const;
  void SendLine(std::uint32_t member, std::size_t begin, std::size_t end, std::size_t failovers);
  char* WriteLine(char* out, const Line& line) const;
  void EndLine(const Line& line, const protocol::Reply& reply, const ReceivedValue& value);
  void FailLine(const Line& line, CallFailure failure);
  void Finish();

  CallContext& context_;
  CallPool<MultiGetCall>& home_;
  protocol::Operation operation_ = protocol::Operation::kGet;
  std::int64_t exptime_s_ = 0;
  absl::Duration deadline_;
  Callback callback_;
  std::vector<Result> results_;

  std::string text_;                     // all keys, one after the other
  std::vector<std::uint32_t> key_ends_;  // where each begins, and where the last one ends
  // Keys to be sent, by member: (member << 32) | key.
  std::vector<std::uint64_t> unsent_;
  std::vector<std::uint32_t> order_;  // keys as sent
  std::vector<Line> lines_;
  std::size_t open_lines_ = 0;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_MULTI_GET_CALL_H_
