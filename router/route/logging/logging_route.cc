#include "router/route/logging/logging_route.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "protocol/command_table.h"
#include "router/route/children.h"

namespace ringcache::router {
namespace {

absl::string_view WordOf(protocol::Operation operation) {
  for (const protocol::CommandRow& row : protocol::kCommands) {
    if (row.operation == operation) return row.word;
  }
  return "";
}

std::string Shown(const Reply& reply) {
  switch (reply.verdict()) {
    case Verdict::kHit:
      return absl::StrCat("hit, ", reply.value.bytes.size(), " bytes");
    case Verdict::kDone:
      return "done";
    case Verdict::kMiss:
      return "miss";
    case Verdict::kNotStored:
      return "not stored";
    case Verdict::kExists:
      return "exists";
    case Verdict::kRefused:
    case Verdict::kError:
      return reply.text;
  }
  return reply.text;
}

class MemberVisitor final : public RouteVisitor {
 public:
  void OnRoute(const Route&, int) override {}
  void OnMember(const std::string& name, int) override {
    if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(name);
  }
  // "", ", by a", ", by some of a, b and 2 more".
  std::string text() const {
    if (names_.empty()) return "";
    const std::size_t named = std::min(names_.size(), LoggingRoute::kMaxMembers);
    const std::size_t more = names_.size() - named;
    return absl::StrCat(names_.size() == 1 ? ", by " : ", by some of ",
                        absl::StrJoin(names_.begin(), names_.begin() + named, ", "),
                        more > 0 ? absl::StrCat(" and ", more, " more") : "");
  }

 private:
  std::vector<std::string> names_;
};

}  // namespace

Task<Reply> LoggingRoute::Send(Call& call, const RouteRequest& request) {
  Reply reply = co_await target_.Send(call, request);
  if (log_ == nullptr) co_return reply;
  if (!lines_.Take(call.now())) {
    ++left_out_;
    co_return reply;
  }
  std::string line = Line(request, reply);
  if (left_out_ > 0) absl::StrAppend(&line, " (", std::exchange(left_out_, 0), " left out before)");
  log_->Write(process::LogLevel::kNotice, line);
  co_return reply;
}

std::string LoggingRoute::Line(const RouteRequest& request, const Reply& reply) const {
  MemberVisitor members;
  target_.Visit(request, &members, 0);
  return absl::StrCat(WordOf(request.operation()), " ", request.key(), ": ", Shown(reply),
                      members.text());
}

void LoggingRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  target_.Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeLoggingRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"target"}); !status.ok()) return status;
  const absl::StatusOr<Route*> target = ReadChild(node, "target", builder);
  if (!target.ok()) return target.status();
  return builder->Own(std::make_unique<LoggingRoute>(*target, builder->settings().log));
}

}  // namespace ringcache::router
