// Proves that generated messages and gRPC code compile, link and talk to each other.

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "third_party/grpc/testing/echo.grpc.pb.h"
#include "third_party/grpc/testing/echo.pb.h"

namespace ringcache::grpc_testing {
namespace {

class EchoService final : public Echo::Service {
 public:
  grpc::Status Say(grpc::ServerContext* /*context*/, const EchoRequest* request,
                   EchoReply* reply) override {
    reply->set_text(absl::StrCat(request->text(), "!"));
    return grpc::Status::OK;
  }
};

TEST(EchoTest, AMessageSurvivesSerialisation) {
  EchoRequest request;
  request.set_text("hello");
  request.mutable_delay()->set_seconds(3);
  EchoRequest parsed;
  ASSERT_TRUE(parsed.ParseFromString(request.SerializeAsString()));
  EXPECT_EQ(parsed.text(), "hello");
  EXPECT_EQ(parsed.delay().seconds(), 3);
}

TEST(EchoTest, AServiceAnswersInProcess) {
  EchoService service;
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  ASSERT_NE(server, nullptr);
  const std::unique_ptr<Echo::Stub> stub =
      Echo::NewStub(server->InProcessChannel(grpc::ChannelArguments()));
  grpc::ClientContext context;
  EchoRequest request;
  request.set_text("hello");
  EchoReply reply;
  const grpc::Status status = stub->Say(&context, request, &reply);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(reply.text(), "hello!");
  server->Shutdown();
}

}  // namespace
}  // namespace ringcache::grpc_testing
