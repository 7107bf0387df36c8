#include "hashring/placement/placement_kind.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace ringcache::hashring {
namespace {

struct KeyHashRow {
  KeyHash hash;
  absl::string_view name;
};

// In the order of the enum. But for "default", they are libmemcached's and twemproxy's names.
constexpr std::array<KeyHashRow, 13> kKeyHashes = {{
    {KeyHash::kDefault, "default"},
    {KeyHash::kMd5, "md5"},
    {KeyHash::kOneAtATime, "one_at_a_time"},
    {KeyHash::kCrc32, "crc32"},
    {KeyHash::kCrc32a, "crc32a"},
    {KeyHash::kCrc16, "crc16"},
    {KeyHash::kFnv1_64, "fnv1_64"},
    {KeyHash::kFnv1a_64, "fnv1a_64"},
    {KeyHash::kFnv1_32, "fnv1_32"},
    {KeyHash::kFnv1a_32, "fnv1a_32"},
    {KeyHash::kHsieh, "hsieh"},
    {KeyHash::kMurmur, "murmur"},
    {KeyHash::kJenkins, "jenkins"},
}};

constexpr bool TablesAreInOrder() {
  for (std::size_t i = 0; i < kPlacements.size(); ++i) {
    if (static_cast<std::size_t>(kPlacements[i].kind) != i) return false;
  }
  for (std::size_t i = 0; i < kKeyHashes.size(); ++i) {
    if (static_cast<std::size_t>(kKeyHashes[i].hash) != i) return false;
  }
  return true;
}
static_assert(TablesAreInOrder());

template <typename Rows>
absl::Status Unknown(absl::string_view what, absl::string_view name, const Rows& rows) {
  const auto append_name = [](std::string* out, const auto& row) {
    absl::StrAppend(out, row.name);
  };
  return absl::InvalidArgumentError(absl::StrCat("no ", what, " is named '", name, "'; there are ",
                                                 absl::StrJoin(rows, ", ", append_name)));
}

}  // namespace

absl::StatusOr<PlacementKind> PlacementOfName(absl::string_view name) {
  for (const PlacementRow& row : kPlacements) {
    if (row.name == name) return row.kind;
  }
  return Unknown("placement", name, kPlacements);
}

absl::StatusOr<KeyHash> KeyHashOfName(absl::string_view name) {
  for (const KeyHashRow& row : kKeyHashes) {
    if (row.name == name) return row.hash;
  }
  return Unknown("key hash", name, kKeyHashes);
}

absl::string_view NameOf(KeyHash hash) { return kKeyHashes[static_cast<std::size_t>(hash)].name; }

}  // namespace ringcache::hashring
