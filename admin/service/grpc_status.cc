#include "admin/service/grpc_status.h"

#include <string>

#include "admin/service/utf8_text.h"

namespace ringcache::admin {

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const auto code = static_cast<grpc::StatusCode>(status.code());
  return grpc::Status(code, Utf8Text(status.message().substr(0, kMaxStatusBytes)));
}

}  // namespace ringcache::admin
