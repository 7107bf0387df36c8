#include "router/exchange.h"

#include <utility>

#include "router/client_session.h"
#include "router/loud_request.h"
#include "router/worker_context.h"

namespace ringcache::router {

void Exchange::MoveTo(OutputBuffer* output) {
  AppendReply(output);
  session_->ReleaseKept(kept_bytes_);
  touched_ = false;
  Recycle();
}

bool Exchange::MoveParts(OutputBuffer* output) {
  std::size_t released = 0;
  while (flows_over_ < flows_.size()) {
    PartQueue& flow = *flows_[flows_over_];
    const std::size_t before = flow.kept_bytes();
    flow.MoveTo(output);
    released += before - flow.kept_bytes();
    if (!flow.over()) break;
    ++flows_over_;
  }
  ReleaseFlows(released);
  done_ = complete_ && flows_over_ == flows_.size();
  return done_;
}

void Exchange::Orphan() {
  session_ = nullptr;
  for (const auto& flow : flows_) flow->Clear();
  if (!complete_) return;
  touched_ = false;
  Recycle();
}

void Exchange::Use(TreeInUse* tree) {
  tree_ = tree;
  ++tree->users;
  began_ns_ = worker_.loop.MonotonicNowNs();
}

void Exchange::RecordTime(protocol::Operation operation) {
  worker_.latencies.Record(operation, worker_.loop.MonotonicNowNs() - began_ns_);
}

Exchange::BegunCall Exchange::BeginCall(const protocol::Request& request,
                                        const client::OutgoingValue& value) const {
  Call* const call = worker_.calls.Take(session_ == nullptr ? 0 : session_->id());
  call->KeepAlive(tree_->tree);
  const LoudRequest loud(request);
  return {call, &call->Copy(loud.request(), value)};
}

void Exchange::Recycle() {
  if (tree_ != nullptr) --std::exchange(tree_, nullptr)->users;
  reply_.Clear();
  GiveBack();
}

void Exchange::KeepReply() {
  if (!touched_) return;
  touched_ = false;
  const std::size_t before = std::exchange(kept_bytes_, Keep() + KeepFlows());
  if (session_ != nullptr) session_->AddKept(kept_bytes_ - before);
}

void Exchange::Touch() {
  if (touched_) return;
  touched_ = true;
  worker_.wake_up.AddTouched(this);
}

void Exchange::Finish() {
  complete_ = true;
  done_ = flows_.empty();
  if (session_ == nullptr) {
    Recycle();
  } else {
    worker_.wake_up.AddReady(session_);
  }
}

PartQueue* Exchange::AddFlow() { return flows_.emplace_back(std::make_unique<PartQueue>()).get(); }

void Exchange::AddPart(PartQueue* flow, absl::string_view bytes) {
  if (session_ == nullptr) return;
  flow->Append(bytes);
  Touch();
  worker_.wake_up.AddReady(session_);
}

bool Exchange::TakeBack(PartQueue* flow) {
  const std::size_t kept = flow->kept_bytes();
  flow->Clear();
  flow->Complete();
  if (session_ == nullptr) return true;
  ReleaseFlows(kept);
  if (!flow->begun()) return true;
  session_->Abort();
  return false;
}

void Exchange::ForgetFlows() {
  flows_.clear();
  flows_over_ = 0;
}

std::size_t Exchange::KeepFlows() {
  std::size_t bytes = 0;
  for (const auto& flow : flows_) {
    flow->Keep();
    bytes += flow->kept_bytes();
  }
  return bytes;
}

void Exchange::ReleaseFlows(std::size_t bytes) {
  kept_bytes_ -= bytes;
  session_->ReleaseKept(bytes);
}

}  // namespace ringcache::router
