#include "protocol/cluster_config.h"

#include <algorithm>

#include "protocol/decimal.h"
#include "protocol/reply_writer.h"

namespace ringcache::protocol {
namespace {

constexpr char kDelimiter = '|';
// As ClusterConfigErrorText says it.
static_assert(kMaxClusterConfigBytes == std::size_t{4} * 1024 * 1024);

bool IsDigits(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// So that what comes from the network can stand in a message, and no tab hides in a name.
bool IsShortWord(absl::string_view text, std::size_t max_bytes) {
  return text.size() <= max_bytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

// Takes the first line off `*payload`, without its newline.
bool TakeLine(absl::string_view* payload, absl::string_view* line) {
  const std::size_t newline = payload->find('\n');
  if (newline == absl::string_view::npos) return false;
  *line = payload->substr(0, newline);
  payload->remove_prefix(newline + 1);
  if (!line->empty() && line->back() == '\r') line->remove_suffix(1);
  return true;
}

bool ParseNode(absl::string_view word, ClusterNode* node) {
  const std::size_t first = word.find(kDelimiter);
  const std::size_t last = word.rfind(kDelimiter);
  if (first == absl::string_view::npos || first == 0 || first == last) return false;
  node->host = word.substr(0, first);
  node->ip = word.substr(first + 1, last - first - 1);
  const absl::string_view port = word.substr(last + 1);
  std::uint32_t number = 0;
  if (!IsDigits(port) || !ParseUint32(port, &number) || number < 1 || number > 65535) return false;
  node->port = static_cast<std::uint16_t>(number);
  return node->ip.find(kDelimiter) == absl::string_view::npos &&
         IsShortWord(node->host, kMaxClusterHostBytes) && IsShortWord(node->ip, kMaxClusterIpBytes);
}

ClusterConfigError ParseNodes(absl::string_view line, ClusterConfig* config) {
  KeyIterator words(line);
  ClusterNode node;
  for (absl::string_view word; words.Next(&word);) {
    if (!ParseNode(word, &node)) {
      config->wrong = word;
      return ClusterConfigError::kBadNode;
    }
    ++config->node_count;
  }
  config->nodes = line;
  return config->node_count == 0 ? ClusterConfigError::kNoNodes : ClusterConfigError::kNone;
}

}  // namespace

ClusterConfigError ParseClusterConfig(absl::string_view payload, ClusterConfig* config) {
  *config = ClusterConfig();
  if (payload.size() > kMaxClusterConfigBytes) return ClusterConfigError::kTooLong;
  absl::string_view version;
  absl::string_view nodes;
  config->wrong = payload;
  if (!TakeLine(&payload, &version)) return ClusterConfigError::kCutOff;
  config->wrong = version;
  if (!IsDigits(version) || !ParseUint64(version, &config->version)) {
    return ClusterConfigError::kBadVersion;
  }
  config->wrong = payload;
  if (!TakeLine(&payload, &nodes)) return ClusterConfigError::kCutOff;
  if (payload.find_first_not_of("\r\n") != absl::string_view::npos) {
    config->wrong = payload;
    return ClusterConfigError::kFurtherLines;
  }
  config->wrong = absl::string_view();
  return ParseNodes(nodes, config);
}

absl::string_view ClusterConfigErrorText(ClusterConfigError error) {
  switch (error) {
    case ClusterConfigError::kNone:
      return "";
    case ClusterConfigError::kTooLong:
      return "longer than 4 MiB";
    case ClusterConfigError::kCutOff:
      return "a line does not end in a newline";
    case ClusterConfigError::kBadVersion:
      return "the first line is not the number of a version";
    case ClusterConfigError::kNoNodes:
      return "there is no node in it";
    case ClusterConfigError::kBadNode:
      return "a node is not host|ip|port";
    case ClusterConfigError::kFurtherLines:
      return "more than two lines";
  }
  return "";
}

bool ClusterNodeIterator::Next(ClusterNode* node) {
  absl::string_view word;
  return words_.Next(&word) && ParseNode(word, node);
}

std::size_t ClusterConfigBytes(std::uint64_t version, absl::Span<const ClusterNode> nodes) {
  char digits[kMaxDecimalBytes];
  const auto size_of = [&digits](std::uint64_t number) {
    return static_cast<std::size_t>(WriteUint64(digits, number) - digits);
  };
  std::size_t bytes = size_of(version) + 1;
  for (const ClusterNode& node : nodes) {
    bytes += node.host.size() + 1 + node.ip.size() + 1 + size_of(node.port) + 1;
  }
  return bytes;
}

char* WriteClusterConfig(char* out, std::uint64_t version, absl::Span<const ClusterNode> nodes) {
  out = WriteUint64(out, version);
  char before = '\n';
  for (const ClusterNode& node : nodes) {
    *out++ = before;
    out = WriteText(out, node.host);
    *out++ = kDelimiter;
    out = WriteText(out, node.ip);
    *out++ = kDelimiter;
    out = WriteUint64(out, node.port);
    before = ' ';
  }
  *out++ = '\n';
  return out;
}

}  // namespace ringcache::protocol
