#include "hashring/placement/ketama.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "hashring/hash/md5.h"
#include "hashring/placement/slot_set.h"

namespace ringcache::hashring {
namespace {

constexpr int kPointsPerMember = 160;
constexpr int kPointsPerDigest = 4;

// A point in the high half, its slot in the low one: as numbers they sort as the circle does.
using Point = std::uint64_t;
constexpr std::uint32_t ValueOf(Point point) { return static_cast<std::uint32_t>(point >> 32); }
constexpr std::uint16_t SlotOf(Point point) { return static_cast<std::uint16_t>(point); }

std::uint64_t HashDefault(absl::string_view key) { return Md5_32(key); }

// As libmemcached reckons it, each step in 32-bit floating point.
std::uint32_t DigestsOf(std::uint32_t weight, std::uint64_t total_weight, std::size_t members) {
  const float share = static_cast<float>(weight) / static_cast<float>(total_weight);
  const float digests =
      share * kPointsPerMember / kPointsPerDigest * static_cast<float>(members) + 0.0000000001f;
  return static_cast<std::uint32_t>(std::floor(digests));
}

std::string PointPrefix(const Member& member) {
  if (member.port == kDefaultPort) return absl::StrCat(member.host, "-");
  return absl::StrCat(member.host, ":", member.port, "-");
}

std::vector<Point> MakePoints(absl::Span<const Member> members) {
  std::uint64_t total_weight = 0;
  for (const Member& member : members) total_weight += member.weight;
  std::vector<Point> points;
  points.reserve(members.size() * kPointsPerMember);
  for (std::size_t slot = 0; slot < members.size(); ++slot) {
    std::string text = PointPrefix(members[slot]);
    const std::size_t prefix = text.size();
    const std::uint32_t digests = DigestsOf(members[slot].weight, total_weight, members.size());
    for (std::uint32_t i = 0; i < digests; ++i) {
      text.resize(prefix);
      absl::StrAppend(&text, i);
      for (const std::uint32_t word : Md5(text)) points.push_back(Point{word} << 32 | slot);
    }
  }
  return points;
}

}  // namespace

Ketama::Ketama(absl::Span<const Member> members, KeyHash key_hash)
    : HashPlacement(HasherOf(key_hash, HashDefault), static_cast<std::uint32_t>(members.size())) {
  std::vector<Point> points = MakePoints(members);

  // One or two points a bucket, which are next to each other. Twice or half the buckets are as fast
  // at a thousand members (23 ns); twice are 3 ns faster at a hundred, and twice the memory.
  const int bucket_bits = std::max(1, static_cast<int>(std::bit_width(points.size())) - 1);
  bucket_shift_ = 32 - bucket_bits;
  const auto bucket_of = [this](Point point) { return ValueOf(point) >> bucket_shift_; };

  // Sorted by counting, as the hashes are spread evenly: then only the few of a bucket are
  // compared.
  first_of_bucket_.assign((std::size_t{1} << bucket_bits) + 1, 0);
  for (const Point point : points) ++first_of_bucket_[bucket_of(point) + 1];
  for (std::size_t i = 1; i < first_of_bucket_.size(); ++i) {
    first_of_bucket_[i] += first_of_bucket_[i - 1];
  }
  std::vector<std::uint32_t> next = first_of_bucket_;
  std::vector<Point> sorted(points.size());
  for (const Point point : points) sorted[next[bucket_of(point)]++] = point;
  for (std::size_t i = 0; i + 1 < first_of_bucket_.size(); ++i) {
    std::sort(sorted.begin() + first_of_bucket_[i], sorted.begin() + first_of_bucket_[i + 1]);
  }

  points_.reserve(sorted.size() + 1);
  slots_.reserve(sorted.size() + 1);
  for (const Point point : sorted) {
    points_.push_back(ValueOf(point));
    slots_.push_back(SlotOf(point));
  }
  points_.push_back(std::numeric_limits<std::uint32_t>::max());
  slots_.push_back(slots_.front());
}

std::size_t Ketama::RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const {
  const std::size_t wanted = std::min<std::size_t>(ranked.size(), slots());
  const std::size_t start = FirstAt(static_cast<std::uint32_t>(hash));
  SlotSet met(slots());
  std::size_t count = 0;
  // The end mark is the first point again.
  for (std::size_t i = 0; i < points_.size() && count < wanted; ++i) {
    const std::uint32_t slot = slots_[(start + i) % points_.size()];
    if (met.Insert(slot)) ranked[count++] = slot;
  }
  return count;
}

KeySpace Ketama::Arcs() const {
  KeySpace space;
  space.size = std::uint64_t{1} << 32;
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const std::uint64_t end = std::uint64_t{points_[i]} + 1;
    if (!space.arcs.empty() && space.arcs.back().end == end) continue;
    if (!space.arcs.empty() && space.arcs.back().slot == slots_[i]) {
      space.arcs.back().end = end;
    } else {
      space.arcs.push_back({end, slots_[i]});
    }
  }
  return space;
}

}  // namespace ringcache::hashring
