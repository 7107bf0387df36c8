#include "router/route/failover/failover_errors.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/call_failure.h"
#include "router/route/route_request.h"

namespace ringcache::router {
namespace {

using client::CallFailure;

constexpr absl::string_view kServerError = "SERVER_ERROR ";

// How lines of mcrouter, and of this router, begin after "SERVER_ERROR ".
struct Line {
  absl::string_view begin;
  ErrorName name;
};
constexpr std::array<Line, 11> kLines = {{
    {"307 busy", ErrorName::kBusy},
    {"301 shutdown", ErrorName::kShutdown},
    {"302 try again", ErrorName::kTryAgain},
    {"unavailable", ErrorName::kTko},
    {"local error", ErrorName::kLocalError},
    {"connection error", ErrorName::kConnectError},
    {"connection timeout", ErrorName::kConnectTimeout},
    {"timeout", ErrorName::kTimeout},
    {"deadline exceeded", ErrorName::kDeadlineExceeded},
    {"request deadline exceeded", ErrorName::kDeadlineExceeded},
    {"remote error", ErrorName::kRemoteError},
}};

std::optional<ErrorName> NameOfFailure(CallFailure failure) {
  switch (failure) {
    case CallFailure::kNotConnected:
      return ErrorName::kConnectError;
    case CallFailure::kTimedOut:
      return ErrorName::kTimeout;
    case CallFailure::kConnectionLost:
    case CallFailure::kProtocolError:
      return ErrorName::kRemoteError;
    case CallFailure::kQueueFull:
      return ErrorName::kBusy;
    case CallFailure::kMemberDown:
    case CallFailure::kNoMembers:
      return ErrorName::kTko;
    case CallFailure::kClosed:
      return std::nullopt;
  }
  return std::nullopt;
}

absl::StatusOr<ErrorSet> ReadSet(const ConfigNode& node) {
  const absl::StatusOr<std::vector<ConfigNode>> names = node.AsArray();
  if (!names.ok()) return names.status();
  ErrorSet set;
  for (const ConfigNode& item : *names) {
    const absl::StatusOr<std::string> name = item.AsString();
    if (!name.ok()) return name.status();
    std::size_t index = 0;
    while (index < kErrorNames.size() && kErrorNames[index] != *name) ++index;
    if (index == kErrorNames.size()) {
      return item.Error(absl::StrCat("there is no error named \"", *name, "\"; there are ",
                                     absl::StrJoin(kErrorNames, ", ")));
    }
    set.Add(static_cast<ErrorName>(index));
  }
  return set;
}

}  // namespace

std::optional<ErrorName> NameOfError(const Reply& reply) {
  if (reply.failure) return NameOfFailure(*reply.failure);
  if (!reply.is_error()) return std::nullopt;
  absl::string_view line = reply.text;
  if (absl::StartsWith(line, kServerError)) line.remove_prefix(kServerError.size());
  for (const Line& known : kLines) {
    if (absl::StartsWith(line, known.begin)) return known.name;
  }
  return ErrorName::kRemoteError;
}

bool FailoverErrors::Cover(protocol::Operation operation, const Reply& reply) const {
  if (!reply.is_error()) return false;
  const std::optional<ErrorName> name = NameOfError(reply);
  if (!name) return false;
  if (Retrieves(operation)) return gets.Has(*name);
  switch (ClassOf(operation)) {
    case OperationClass::kUpdate:
      return updates.Has(*name);
    case OperationClass::kDelete:
      return deletes.Has(*name);
    case OperationClass::kGet:
    case OperationClass::kArithmetic:
    case OperationClass::kTouch:
    case OperationClass::kOther:
      return others.Has(*name);
  }
  return false;
}

absl::StatusOr<FailoverErrors> ReadFailoverErrors(const ConfigNode& node) {
  FailoverErrors errors;
  if (!node.Has("failover_errors")) return errors;
  const absl::StatusOr<ConfigNode> value = node.Get("failover_errors");
  if (!value.ok()) return value.status();
  if (!value->is_object()) {
    const absl::StatusOr<ErrorSet> set = ReadSet(*value);
    if (!set.ok()) return set.status();
    return FailoverErrors{*set, *set, *set, *set};
  }
  if (absl::Status status = value->AllowOnly({"gets", "updates", "deletes"}); !status.ok()) {
    return status;
  }
  for (const auto& [key, into] :
       {std::pair("gets", &errors.gets), std::pair("updates", &errors.updates),
        std::pair("deletes", &errors.deletes)}) {
    if (!value->Has(key)) continue;
    const absl::StatusOr<ConfigNode> list = value->Get(key);
    if (!list.ok()) return list.status();
    const absl::StatusOr<ErrorSet> set = ReadSet(*list);
    if (!set.ok()) return set.status();
    *into = *set;
  }
  return errors;
}

}  // namespace ringcache::router
