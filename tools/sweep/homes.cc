#include "tools/sweep/homes.h"

#include <algorithm>
#include <array>

#include "absl/types/span.h"
#include "protocol/base64_key.h"

namespace ringcache::sweep {

bool Homes::IsHome(absl::string_view key, std::uint32_t member) const {
  if (IsPlacedOn(key, member)) return true;
  if (protocol::IsPlainKey(key)) return false;
  char spelling[protocol::kMaxBase64KeyBytes];
  const char* const end = protocol::WriteBase64(spelling, key);
  return IsPlacedOn({spelling, static_cast<std::size_t>(end - spelling)}, member);
}

bool Homes::IsPlacedOn(absl::string_view text, std::uint32_t member) const {
  if (replicas_ == 1) return ring_->MemberOf(text) == member;
  std::array<std::uint32_t, kMaxReplicas> found;
  const std::size_t count = ring_->Replicas(text, absl::MakeSpan(found).first(replicas_));
  return std::find(found.begin(), found.begin() + count, member) != found.begin() + count;
}

}  // namespace ringcache::sweep
