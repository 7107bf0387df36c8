#include "router/route/constant/error_route.h"

#include <cstddef>
#include <memory>

#include "absl/strings/str_cat.h"

namespace ringcache::router {
namespace {

constexpr std::size_t kMaxResponseBytes = 1024;

}  // namespace

Task<Reply> ErrorRoute::Send(Call& call, const RouteRequest&) {
  (void)call;
  co_return ErrorReply(line_);
}

void ErrorRoute::Visit(const RouteRequest&, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
}

absl::StatusOr<Route*> MakeErrorRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"response"}); !status.ok()) return status;
  const absl::StatusOr<std::string> response = node.GetString("response", "local error");
  if (!response.ok()) return response.status();
  // It is a line for the client.
  for (const char byte : *response) {
    if (static_cast<unsigned char>(byte) < ' ') {
      return node.Error("\"response\" has to be one line of text");
    }
  }
  if (response->size() > kMaxResponseBytes) {
    return node.Error(absl::StrCat("\"response\" is longer than ", kMaxResponseBytes, " bytes"));
  }
  return builder->Own(std::make_unique<ErrorRoute>(absl::StrCat("SERVER_ERROR ", *response)));
}

}  // namespace ringcache::router
