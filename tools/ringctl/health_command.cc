#include "tools/ringctl/health_command.h"

#include <grpcpp/grpcpp.h>

#include <array>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "admin/proto/admin.grpc.pb.h"
#include "flags/nearest_name.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "tools/ringctl/answers.pb.h"
#include "tools/ringctl/json.h"
#include "tools/ringctl/process_text.h"

namespace ringcache::ringctl {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

constexpr std::array<absl::string_view, 3> kServices = {"readiness", "liveness", "startup"};

const admin::v1::Health::Verdict& VerdictOf(const admin::v1::Health& health,
                                            absl::string_view service) {
  if (service == "liveness") return health.liveness();
  return service == "startup" ? health.startup() : health.readiness();
}

std::string UnknownService(const std::string& service) {
  const absl::string_view nearest = flags::NearestName(service, kServices);
  return absl::StrCat("the process has no health of '", service, "'; ",
                      nearest.empty() ? absl::StrCat("there are ", absl::StrJoin(kServices, ", "))
                                      : absl::StrCat("do you mean ", nearest, "?"));
}

}  // namespace

void RunHealth(const CommandLine& line, AdminConnection* connection, Console* console) {
  // Of both calls, as a probe waits no longer.
  const auto deadline = connection->Deadline();
  HealthAnswer answer;
  answer.set_service(line.service);
  {
    grpc::ClientContext context;
    context.set_deadline(deadline);
    HealthCheckRequest request;
    request.set_service(line.service);
    HealthCheckResponse response;
    const grpc::Status status = grpc::health::v1::Health::NewStub(connection->channel())
                                    ->Check(&context, request, &response);
    if (status.error_code() == grpc::StatusCode::NOT_FOUND) {
      return console->Complain(ExitStatus::kRefused, UnknownService(line.service));
    }
    if (!status.ok()) return console->Complain(connection->Explain(status));
    answer.set_serving(response.status() == HealthCheckResponse::SERVING);
  }
  if (!answer.serving()) {
    grpc::ClientContext context;
    context.set_deadline(deadline);
    admin::v1::Health health;
    // Without an answer there is no reason.
    if (connection->stub()->GetHealth(&context, {}, &health).ok()) {
      answer.set_reason(VerdictOf(health, line.service).reason());
    }
    console->Note(ExitStatus::kNotServing);
  }
  console->Write(line.json ? ToJson(answer) : HealthText(answer));
}

}  // namespace ringcache::ringctl
