// Places keys for tests in other languages. Reads lines
//
//   placement <name>
//   key_hash <name>
//   member <host> <port> <weight>
//   key <hexadecimal>
//
// and writes for each key, once the input has ended, the first three slots of its rank.

#include <array>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "hashring/placement/placement_factory.h"

namespace ringcache::hashring {
namespace {

struct Job {
  PlacementKind kind = PlacementKind::kKetama;
  KeyHash key_hash = KeyHash::kDefault;
  std::vector<Member> members;
  std::vector<std::string> keys;
};

absl::StatusOr<Member> MemberOf(absl::Span<const absl::string_view> words) {
  Member member;
  std::uint32_t port = 0;
  if (words.size() != 4 || !absl::SimpleAtoi(words[2], &port) || port > 65535 ||
      !absl::SimpleAtoi(words[3], &member.weight)) {
    return absl::InvalidArgumentError("expected: member <host> <port> <weight>");
  }
  member.host = std::string(words[1]);
  member.port = static_cast<std::uint16_t>(port);
  return member;
}

absl::Status Read(const std::string& line, Job& job) {
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  if (words[0] == "member") {
    absl::StatusOr<Member> member = MemberOf(words);
    if (!member.ok()) return member.status();
    job.members.push_back(*std::move(member));
    return absl::OkStatus();
  }
  if (words.size() != 2) return absl::InvalidArgumentError("expected a word and its value");
  if (words[0] == "placement") {
    const absl::StatusOr<PlacementKind> kind = PlacementOfName(words[1]);
    if (!kind.ok()) return kind.status();
    job.kind = *kind;
  } else if (words[0] == "key_hash") {
    const absl::StatusOr<KeyHash> key_hash = KeyHashOfName(words[1]);
    if (!key_hash.ok()) return key_hash.status();
    job.key_hash = *key_hash;
  } else if (words[0] == "key") {
    job.keys.push_back(absl::HexStringToBytes(words[1]));
  } else {
    return absl::InvalidArgumentError("expected placement, key_hash, member or key");
  }
  return absl::OkStatus();
}

absl::Status Run() {
  Job job;
  std::string line;
  while (std::getline(std::cin, line)) {
    if (const absl::Status read = Read(line, job); !read.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("'", line, "': ", read.message()));
    }
  }
  const auto placement = MakePlacement(job.kind, job.key_hash, job.members);
  if (!placement.ok()) return placement.status();
  for (const std::string& key : job.keys) {
    std::array<std::uint32_t, 3> ranked;
    const std::size_t count = (*placement)->Rank(key, absl::MakeSpan(ranked));
    std::cout << absl::StrJoin(absl::MakeSpan(ranked).subspan(0, count), " ") << "\n";
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace ringcache::hashring

int main() {
  const absl::Status status = ringcache::hashring::Run();
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? 0 : 1;
}
