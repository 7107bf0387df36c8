#include "tools/ringctl/admin_connection.h"

#include <grpcpp/grpcpp.h>

#include <string>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::ringctl {
namespace {

using ::testing::HasSubstr;

Problem Explained(grpc::StatusCode code, const std::string& message) {
  return AdminConnection("cache-0:11210", absl::Seconds(1)).Explain(grpc::Status(code, message));
}

TEST(AdminConnectionTest, WhyThereIsNoConnectionIsSaidWithoutWhatItIsWrappedIn) {
  const Problem problem = Explained(
      grpc::StatusCode::UNAVAILABLE,
      "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:1: Failed to connect"
      " to remote host: Connection refused");
  EXPECT_EQ(problem.status, ExitStatus::kUnreachable);
  EXPECT_EQ(problem.text,
            "cannot connect to cache-0:11210 (does it run, and is this its admin port?): Connection"
            " refused");
  EXPECT_THAT(Explained(grpc::StatusCode::UNAVAILABLE, "").text, HasSubstr("gave no reason"));
}

TEST(AdminConnectionTest, ALateAnswerIsNone) {
  const Problem problem = Explained(grpc::StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded");
  EXPECT_EQ(problem.status, ExitStatus::kUnreachable);
  EXPECT_THAT(problem.text, HasSubstr("cache-0:11210 did not answer within 1s"));
}

TEST(AdminConnectionTest, ARefusalIsSaidInTheWordsOfTheProcessOnOneLine) {
  const Problem problem =
      Explained(grpc::StatusCode::PERMISSION_DENIED, "only from loopback:\nask there");
  EXPECT_EQ(problem.status, ExitStatus::kRefused);
  EXPECT_EQ(problem.text, "cache-0:11210: only from loopback: ask there");
}

TEST(AdminConnectionTest, AnotherServiceIsToldFromAnOldOne) {
  EXPECT_THAT(Explained(grpc::StatusCode::UNIMPLEMENTED, "").text,
              HasSubstr("is it a Ringcache, and as new as this program?"));
}

TEST(AdminConnectionTest, NobodyBehindAnAddressIsUnreachable) {
  AdminConnection connection("unix:/no/such/socket", absl::Seconds(60));
  admin::v1::Program program;
  const grpc::Status status = connection.Call(&AdminConnection::Stub::GetProgram, {}, &program);
  EXPECT_EQ(connection.Explain(status).status, ExitStatus::kUnreachable);
  EXPECT_THAT(connection.Explain(status).text, HasSubstr("No such file"));
}

}  // namespace
}  // namespace ringcache::ringctl
