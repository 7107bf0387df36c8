#include "router/fuzz/request_stream.h"

#include <utility>

#include "absl/strings/strip.h"
#include "protocol/operation.h"
#include "protocol/parse_result.h"
#include "protocol/request_parser.h"
#include "protocol/standard_reply.h"

namespace ringcache::router {

using protocol::ParseStatus;

namespace {

constexpr absl::string_view kNewline = "\r\n";

}  // namespace

RequestStream::Event RequestStream::Take(char byte) {
  if (ended_) return Event::kNothing;
  if (std::exchange(done_, false)) {
    pending_.clear();
    in_block_ = false;
  }
  if (discard_ > 0) {
    --discard_;
    return Event::kNothing;
  }
  pending_.push_back(byte);
  const Event event = in_block_ ? TakeBlock() : TakeLine();
  done_ = event != Event::kNothing;
  ended_ = event == Event::kEnd;
  return event;
}

RequestStream::Event RequestStream::TakeLine() {
  const protocol::ParseResult parsed = protocol::ParseRequest(pending_, &request_);
  switch (parsed.status) {
    case ParseStatus::kNeedMore:
      return Event::kNothing;
    case ParseStatus::kClose:
      return Event::kEnd;
    case ParseStatus::kInvalid:
      discard_ = parsed.discard_bytes;
      return Refuse(protocol::ErrorText(parsed.error), parsed.quiet);
    case ParseStatus::kOk:
      break;
  }
  if (request_.operation == protocol::Operation::kQuit) return Event::kEnd;
  value_ = {};
  if (!protocol::HasDataBlock(request_.operation)) return Event::kRequest;
  in_block_ = true;
  line_.swap(pending_);
  pending_.clear();
  (void)protocol::ParseRequest(line_, &request_);
  return Event::kNothing;
}

RequestStream::Event RequestStream::TakeBlock() {
  if (pending_.size() < request_.value_bytes + kNewline.size()) return Event::kNothing;
  value_ = pending_;
  if (absl::ConsumeSuffix(&value_, kNewline)) return Event::kRequest;
  const bool hidden =
      request_.quiet && protocol::QuietHides(request_.operation, protocol::ReplyKind::kClientError);
  return Refuse(protocol::ReplyText(protocol::StandardReply::kBadDataChunk), hidden);
}

RequestStream::Event RequestStream::Refuse(absl::string_view error, bool quiet) {
  error_ = quiet ? absl::string_view() : error;
  return Event::kRefused;
}

}  // namespace ringcache::router
