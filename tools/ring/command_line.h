// What `ring` is asked: a command, members, and how they place keys.
//
// Thread safety: a plain value, functions only.

#ifndef RINGCACHE_TOOLS_RING_COMMAND_LINE_H_
#define RINGCACHE_TOOLS_RING_COMMAND_LINE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hashring/placement/placement_factory.h"
#include "hashring/placement/placement_kind.h"
#include "hashring/ring.h"
#include "hashring/ring_options.h"
#include "hashring/sample_keys.h"

namespace ringcache::ring {

enum class Command : std::uint8_t { kShow, kLocate, kScale };

struct CommandLine {
  static constexpr std::uint64_t kMaxReplicas = hashring::kMaxMembers;
  static constexpr std::uint64_t kMaxSampleKeys = 1'000'000'000;  // minutes
  static constexpr std::uint64_t kMaxLines = 100'000;

  Command command = Command::kShow;
  std::vector<std::string> keys;  // of locate

  // Members: a list, or a set.
  std::vector<std::string> servers;
  std::string stateful_set;
  std::uint32_t replicas = 3;
  std::uint16_t port = hashring::kDefaultPort;
  std::vector<std::string> weights;
  // Of scale: the members afterwards.
  std::vector<std::string> to_servers;
  std::uint32_t to = 0;
  std::vector<std::string> to_weights;  // empty: as `weights`, as far as there are members

  // One, or all for a comparison.
  std::vector<hashring::PlacementKind> placements = {hashring::PlacementKind::kKetama};
  hashring::RingOptions ring;  // but for its placement
  std::uint32_t owners = 1;
  std::uint64_t sample_keys = hashring::kSampleKeys;
  std::uint32_t lines = 40;
  bool help = false;

  // The members of the command, and those after scale.
  absl::StatusOr<std::vector<hashring::Member>> Members() const;
  absl::StatusOr<std::vector<hashring::Member>> MembersAfter() const;
  // A ring of them; a key hash that the placement does not take is left out in a comparison.
  absl::StatusOr<std::shared_ptr<const hashring::Ring>> RingOf(
      hashring::PlacementKind placement, std::vector<hashring::Member> members) const;
};

// Fails with what is wrong and what would be right.
absl::StatusOr<CommandLine> ParseCommandLine(absl::Span<const absl::string_view> arguments);

// The text of --help.
std::string CommandLineHelp();

}  // namespace ringcache::ring

#endif  // RINGCACHE_TOOLS_RING_COMMAND_LINE_H_
