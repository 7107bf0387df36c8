#include "tools/loadgen/request_renderer.h"

#include <algorithm>
#include <string>
#include <vector>

#include "protocol/request.h"
#include "protocol/request_writer.h"

namespace ringcache::loadgen {
namespace {

// The command line with a template key and, in storage, kAnySize or the fixed size.
std::string SpellLine(const Workload& workload, RequestKind kind) {
  std::string keys = workload.keys.key_template();
  protocol::Request request;
  request.operation = OperationOf(kind, workload.dialect);
  request.value_bytes =
      workload.values.fixed() ? workload.values.max_bytes() : LineTemplate::kAnySize;
  if (kind == RequestKind::kGet && workload.dialect == Dialect::kMeta) {
    request.meta.text = workload.meta_return_key ? "k v" : "v";
  }
  if (kind == RequestKind::kAdd && workload.dialect == Dialect::kMeta) request.meta.text = "ME";
  if (kind == RequestKind::kGet && workload.dialect == Dialect::kClassic) {
    for (std::uint32_t i = 1; i < workload.multiget; ++i) {
      keys += " " + workload.keys.key_template();
    }
    request.keys = keys;
  } else {
    request.key = keys;
  }
  std::string line(protocol::MaxRequestBytes(request), '\0');
  line.resize(protocol::WriteRequest(line.data(), request) - line.data());
  return line;
}

}  // namespace

RequestRenderer::RequestRenderer(const Workload* workload) : workload_(workload) {
  for (int kind = 0; kind < kRequestKindCount; ++kind) {
    lines_[kind] = LineTemplate(SpellLine(*workload, static_cast<RequestKind>(kind)),
                                workload->keys.key_template());
    max_bytes_ = std::max(max_bytes_, lines_[kind].MaxBytes());
  }
  max_bytes_ += std::min(workload->values.max_bytes(), kCopyLimitBytes) + 2;
}

}  // namespace ringcache::loadgen
