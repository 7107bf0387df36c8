#include "router/broadcast_exchange.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/member_client.h"
#include "protocol/reply.h"
#include "protocol/standard_reply.h"
#include "router/client_session.h"
#include "router/worker_context.h"

namespace ringcache::router {

using protocol::Operation;
using protocol::ReplyKind;
using protocol::StandardReply;

namespace {

constexpr absl::string_view kReset = "reset";
constexpr std::array<absl::string_view, 5> kMemberGroups = {"items", "slabs", "sizes", "settings",
                                                            kReset};

}  // namespace

bool BroadcastExchange::Takes(const protocol::Request& request, const RouterOptions& options) {
  if (request.operation == Operation::kFlushAll) return options.enable_flush;
  return request.operation == Operation::kStats &&
         std::find(kMemberGroups.begin(), kMemberGroups.end(), request.arguments) !=
             kMemberGroups.end();
}

void BroadcastExchange::Send(ClientSession* session, TreeInUse* tree,
                             const protocol::Request& request) {
  Begin(session);
  Use(tree);
  operation_ = request.operation;
  quiet_ = request.quiet;
  done_text_ = {};
  if (operation_ == Operation::kFlushAll) {
    done_text_ = protocol::ReplyText(StandardReply::kOk);
  } else if (request.arguments == kReset) {
    done_text_ = protocol::ReplyText(StandardReply::kReset);
  }
  if (done_text_.empty()) stats_.emplace(request.arguments);
  open_ = 1;
  DropCopies();
  if (worker_.broadcasts.in_use() > kMaxRunning) {
    problems_.push_back("too many such requests are under way; try again");
    stats_.reset();
  } else {
    worker_.counters[RouterCounter::kBroadcasts].Add();
    Ask(request);
  }
  OneLess();
}

void BroadcastExchange::Ask(const protocol::Request& request) {
  protocol::Request loud = request;
  loud.quiet = false;
  absl::flat_hash_set<std::string> asked;
  for (BackendPool* const pool : tree_->tree->backend_pools()) {
    for (std::uint32_t i = 0; i < pool->size(); ++i) {
      client::MemberClient& member = pool->member(i);
      if (!asked.insert(member.name()).second) continue;
      const std::uint64_t tag = members_.size();
      members_.push_back(member.name());
      if (stats_) stats_->AddMember(member.name());
      ++open_;
      client::ReplyReceiver* const receiver = this;
      const auto refused = member.Call(loud, {}, pool->timeout(), receiver, tag);
      if (refused) OnFailure(tag, *refused);
    }
  }
  if (members_.empty()) problems_.emplace_back("there are no members");
}

void BroadcastExchange::OnReply(std::uint64_t tag, const protocol::Reply& reply,
                                const client::ReceivedValue&, bool last) {
  Note(tag, reply);
  if (last) OneLess();
}

void BroadcastExchange::Note(std::uint64_t tag, const protocol::Reply& reply) {
  if (protocol::IsError(reply.kind)) return NoteProblem(tag, reply.text);
  if (stats_ && reply.kind == ReplyKind::kStat && !stats_->Add(tag, reply.key, reply.text)) {
    NoteProblem(tag, "too many figures");
  }
}

void BroadcastExchange::OnFailure(std::uint64_t tag, client::CallFailure failure) {
  worker_.failures[failure].Add();
  NoteProblem(tag, client::FailureText(failure));
  OneLess();
}

void BroadcastExchange::NoteProblem(std::uint64_t tag, absl::string_view problem) {
  if (stats_) return stats_->Fail(tag, problem);
  problems_.push_back(absl::StrCat(members_[tag], ": ", problem));
}

void BroadcastExchange::OneLess() {
  if (--open_ > 0) return;
  // What was asked for meanwhile may be from before.
  DropCopies();
  std::string text = stats_ ? stats_->Reply() : OkOrProblems();
  stats_.reset();
  const bool hidden = quiet_ && protocol::QuietHides(operation_, ReplyKind::kOk);
  if (!hidden) reply_.Own(std::move(text));
  RecordTime(operation_);
  Finish();
}

void BroadcastExchange::DropCopies() {
  const bool flushes = operation_ == Operation::kFlushAll;
  if (flushes && worker_.hot_keys.caches()) worker_.hot_keys.cache().DropAll();
}

std::string BroadcastExchange::OkOrProblems() const {
  if (problems_.empty()) return std::string(done_text_);
  const std::size_t named = std::min(problems_.size(), kMaxNamed);
  const std::string more =
      problems_.size() > named ? absl::StrCat("; and ", problems_.size() - named, " more") : "";
  const std::string of = members_.empty() ? ""
                                          : absl::StrCat(problems_.size(), " of ", members_.size(),
                                                         " members failed: ");
  return absl::StrCat("SERVER_ERROR ", of,
                      absl::StrJoin(problems_.begin(), problems_.begin() + named, "; "), more,
                      "\r\n");
}

void BroadcastExchange::GiveBack() {
  members_.clear();
  problems_.clear();
  stats_.reset();
  worker_.broadcasts.GiveBack(this);
}

}  // namespace ringcache::router
