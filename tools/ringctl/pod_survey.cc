#include "tools/ringctl/pod_survey.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "admin/proto/admin.grpc.pb.h"

namespace ringcache::ringctl {
namespace {

// A call that is under way; its address is its tag.
struct OpenCall {
  std::shared_ptr<AdminConnection> connection;
  Pod* pod;
  grpc::ClientContext context;
  grpc::Status status;
  std::unique_ptr<grpc::ClientAsyncResponseReader<admin::v1::Stats>> reader;
};

}  // namespace

std::shared_ptr<AdminConnection> PodSurvey::ConnectionTo(const std::string& address) const {
  const auto known = connections_.find(address);
  return known != connections_.end() ? known->second
                                     : std::make_shared<AdminConnection>(address, timeout_);
}

PodSurvey::Result PodSurvey::AskStats(absl::Span<const PodAddress> pods) {
  Result result;
  Connections used;
  grpc::CompletionQueue queue;
  std::vector<std::unique_ptr<OpenCall>> calls;
  result.pods.mutable_pods()->Reserve(static_cast<int>(pods.size()));
  for (const PodAddress& pod : pods) {
    Pod* const entry = result.pods.add_pods();
    entry->set_name(pod.name);
    entry->set_address(pod.address);
    entry->set_problem(pod.problem);
    if (pod.address.empty()) {
      result.worst = std::max(result.worst, ExitStatus::kUnreachable);
      continue;
    }
    auto call = std::make_unique<OpenCall>();
    call->connection = ConnectionTo(pod.address);
    call->pod = entry;
    used[pod.address] = call->connection;
    call->context.set_deadline(call->connection->Deadline());
    call->reader = call->connection->stub()->AsyncGetStats(&call->context, {}, &queue);
    call->reader->Finish(entry->mutable_stats(), &call->status, call.get());
    calls.push_back(std::move(call));
  }
  void* tag = nullptr;
  bool ok = false;
  for (std::size_t open = calls.size(); open > 0 && queue.Next(&tag, &ok); --open) {
    auto* const call = static_cast<OpenCall*>(tag);
    if (call->status.ok()) continue;
    Problem problem = call->connection->Explain(call->status);
    call->pod->clear_stats();
    call->pod->set_problem(std::move(problem.text));
    result.worst = std::max(result.worst, problem.status);
  }
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) continue;
  connections_ = std::move(used);
  return result;
}

}  // namespace ringcache::ringctl
