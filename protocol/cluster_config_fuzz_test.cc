// Any bytes as a cluster's configuration: nothing is read past them, what is accepted keeps its
// contract, and survives being written and read again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protocol/cluster_config.h"

namespace ringcache::protocol {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

std::vector<ClusterNode> NodesOf(const ClusterConfig& config) {
  std::vector<ClusterNode> nodes;
  ClusterNodeIterator iterator(config.nodes);
  for (ClusterNode node; iterator.Next(&node);) nodes.push_back(node);
  Require(nodes.size() == config.node_count && !nodes.empty());
  return nodes;
}

}  // namespace

void TestOneInput(const std::uint8_t* data, std::size_t size) {
  // A copy of exactly this size, so that AddressSanitizer sees a read past the end.
  const std::unique_ptr<char[]> copy(new char[size]);
  for (std::size_t i = 0; i < size; ++i) copy[i] = static_cast<char>(data[i]);
  ClusterConfig config;
  const ClusterConfigError error = ParseClusterConfig(absl::string_view(copy.get(), size), &config);
  Require((error == ClusterConfigError::kNone) == ClusterConfigErrorText(error).empty());
  if (error != ClusterConfigError::kNone) return;
  const std::vector<ClusterNode> nodes = NodesOf(config);
  for (const ClusterNode& node : nodes) Require(!node.host.empty() && node.port != 0);

  std::string written(ClusterConfigBytes(config.version, nodes), '\0');
  const char* end = WriteClusterConfig(written.data(), config.version, nodes);
  Require(end == written.data() + written.size() && written.size() <= size);
  ClusterConfig again;
  Require(ParseClusterConfig(written, &again) == ClusterConfigError::kNone);
  Require(again.version == config.version && NodesOf(again) == nodes);
}

}  // namespace ringcache::protocol

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ringcache::protocol::TestOneInput(data, size);
  return 0;
}
