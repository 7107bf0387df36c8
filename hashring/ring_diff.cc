#include "hashring/ring_diff.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "hashring/ownership.h"
#include "hashring/placement/placement.h"

namespace ringcache::hashring {
namespace {

constexpr std::uint32_t kAbsent = std::numeric_limits<std::uint32_t>::max();

// Collects what goes from whom to whom, in keys or positions of the key space.
class Moves {
 public:
  Moves(const Ring& from, const Ring& to) : stays_(to.members().size(), false) {
    for (const Member& member : from.members()) {
      same_in_to_.push_back(to.Find(member.host, member.port).value_or(kAbsent));
      if (same_in_to_.back() != kAbsent) stays_[same_in_to_.back()] = true;
    }
  }

  void Add(std::uint32_t from, std::uint32_t to, std::uint64_t amount) {
    if (amount > 0 && same_in_to_[from] != to) amounts_[(std::uint64_t{from} << 32) | to] += amount;
  }

  // As parts of `total`.
  void Write(std::uint64_t total, RingDiff* diff) const {
    for (const auto& [pair, amount] : amounts_) {
      const RingDiff::Move move{static_cast<std::uint32_t>(pair >> 32),
                                static_cast<std::uint32_t>(pair),
                                static_cast<double>(amount) / static_cast<double>(total)};
      diff->moves.push_back(move);
    }
    // A total order, so that equal rings give equal lists; the sums below then are equal too.
    std::sort(diff->moves.begin(), diff->moves.end(),
              [](const RingDiff::Move& a, const RingDiff::Move& b) {
                return std::tuple(b.share, a.from, a.to) < std::tuple(a.share, b.from, b.to);
              });
    for (const RingDiff::Move& move : diff->moves) {
      diff->moved += move.share;
      const bool both_stay = same_in_to_[move.from] != kAbsent && stays_[move.to];
      if (both_stay) diff->moved_between_stayers += move.share;
    }
  }

 private:
  std::vector<std::uint32_t> same_in_to_;  // of each member of the old ring
  std::vector<bool> stays_;                // of each member of the new ring
  absl::flat_hash_map<std::uint64_t, std::uint64_t> amounts_;
};

// What the members of the new ring should own more than they should before.
double Optimum(const Ring& from, const Ring& to) {
  const std::vector<double> before = FairShares(from), after = FairShares(to);
  double gained = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const Member& member = to.members()[i];
    const std::optional<std::uint32_t> old = from.Find(member.host, member.port);
    gained += std::max(0.0, after[i] - (old.has_value() ? before[*old] : 0));
  }
  return gained;
}

// Whether a key has the same position in the key spaces of both.
bool ShareKeySpace(const Ring& from, const Ring& to) {
  const RingOptions &a = from.options(), &b = to.options();
  return a.placement == b.placement && a.key_hash == b.key_hash && a.hash_stop == b.hash_stop &&
         a.hash_tag == b.hash_tag;
}

// REQUIRES: both have arcs, and the same size.
void LayOver(const KeySpace& from, const KeySpace& to, Moves* moves) {
  std::size_t i = 0, j = 0;
  for (std::uint64_t begin = 0; begin < from.size;) {
    const std::uint64_t end = std::min(from.arcs[i].end, to.arcs[j].end);
    moves->Add(from.arcs[i].slot, to.arcs[j].slot, end - begin);
    if (from.arcs[i].end == end) ++i;
    if (to.arcs[j].end == end) ++j;
    begin = end;
  }
}

}  // namespace

RingDiff Diff(const Ring& from, const Ring& to, std::uint64_t keys) {
  RingDiff diff;
  diff.optimum = Optimum(from, to);
  Moves moves(from, to);
  if (ShareKeySpace(from, to)) {
    const KeySpace before = from.Arcs(), after = to.Arcs();
    if (!before.arcs.empty() && !after.arcs.empty() && before.size == after.size) {
      LayOver(before, after, &moves);
      moves.Write(before.size, &diff);
      return diff;
    }
  }
  SampleKey key;
  for (std::uint64_t i = 0; i < keys; ++i) {
    const absl::string_view text = key.Text(i);
    moves.Add(from.MemberOf(text), to.MemberOf(text), 1);
  }
  moves.Write(keys, &diff);
  diff.measured_keys = keys;
  return diff;
}

}  // namespace ringcache::hashring
