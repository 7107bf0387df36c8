#include "hashring/placement/maglev.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <string>
#include <utility>

#include "hashring/hash/murmur.h"
#include "hashring/placement/node_name.h"
#include "hashring/placement/slot_set.h"

namespace ringcache::hashring {
namespace {

constexpr std::size_t kEntriesPerMember = 100;

// The first primes above 2^16, 2^17, ... A prime, so that every skip visits all entries.
constexpr std::uint32_t kTableSizes[] = {65537, 131101, 262147, 524309, 1048583, 2097169};

constexpr bool IsPrime(std::uint32_t number) {
  for (std::uint32_t factor = 2; factor * factor <= number; ++factor) {
    if (number % factor == 0) return false;
  }
  return number > 1;
}
constexpr bool SizesArePrimes() {
  return std::all_of(std::begin(kTableSizes), std::end(kTableSizes), IsPrime);
}
static_assert(SizesArePrimes());

// Any two that differ.
constexpr std::uint64_t kOffsetSeed = 0;
constexpr std::uint64_t kSkipSeed = 1;

constexpr std::uint16_t kFree = std::numeric_limits<std::uint16_t>::max();

// A member's order of preference: all entries, each once.
class Permutation {
 public:
  Permutation(const std::string& name, std::uint32_t size)
      : size_(size),
        at_(static_cast<std::uint32_t>(Murmur64A(name, kOffsetSeed) % size)),
        skip_(static_cast<std::uint32_t>(Murmur64A(name, kSkipSeed) % (size - 1)) + 1) {}

  // The next entry that is free.
  std::uint32_t NextFree(const std::vector<std::uint16_t>& table) {
    while (table[at_] != kFree) {
      at_ += skip_;
      if (at_ >= size_) at_ -= size_;
    }
    return at_;
  }

 private:
  std::uint32_t size_;
  std::uint32_t at_;
  std::uint32_t skip_;
};

// In which order the members take their turns: by rounds, in a round by slot. A member's n-th turn
// is in the first round r where r * weight / greatest weight reaches n. A queue of what comes next
// costs the same for any weights, where going through all members in each round would not.
class Turns {
 public:
  explicit Turns(absl::Span<const Member> members) {
    for (const Member& member : members) greatest_ = std::max(greatest_, member.weight);
    for (std::uint32_t slot = 0; slot < members.size(); ++slot) {
      taken_.push_back(0);
      weights_.push_back(members[slot].weight);
      if (members[slot].weight > 0) Enqueue(slot);
    }
  }

  std::uint32_t Next() {
    const std::uint32_t slot = next_.top().second;
    next_.pop();
    Enqueue(slot);
    return slot;
  }

 private:
  using Turn = std::pair<std::uint64_t, std::uint32_t>;  // round, slot

  void Enqueue(std::uint32_t slot) {
    const std::uint64_t turn = ++taken_[slot];
    next_.push({(turn * greatest_ + weights_[slot] - 1) / weights_[slot], slot});
  }

  std::uint32_t greatest_ = 0;
  std::vector<std::uint32_t> weights_;
  std::vector<std::uint64_t> taken_;
  std::priority_queue<Turn, std::vector<Turn>, std::greater<Turn>> next_;
};

}  // namespace

std::uint32_t MaglevTableSize(std::size_t members) {
  for (const std::uint32_t size : kTableSizes) {
    if (size >= members * kEntriesPerMember) return size;
  }
  return *std::rbegin(kTableSizes);
}

Maglev::Maglev(absl::Span<const Member> members, KeyHash key_hash)
    : HashPlacement(HasherOf(key_hash, HashWide), static_cast<std::uint32_t>(members.size())) {
  const std::uint32_t size = MaglevTableSize(members.size());
  std::vector<Permutation> preferences;
  preferences.reserve(members.size());
  for (const Member& member : members) preferences.emplace_back(NodeName(member), size);

  table_.assign(size, kFree);
  Turns turns(members);
  for (std::uint32_t filled = 0; filled < size; ++filled) {
    const std::uint32_t slot = turns.Next();
    table_[preferences[slot].NextFree(table_)] = static_cast<std::uint16_t>(slot);
  }
}

std::size_t Maglev::RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const {
  const std::size_t wanted = std::min<std::size_t>(ranked.size(), slots());
  const std::size_t start = EntryOf(hash);
  SlotSet met(slots());
  std::size_t count = 0;
  for (std::size_t i = 0; i < table_.size() && count < wanted; ++i) {
    const std::uint32_t slot = table_[(start + i) % table_.size()];
    if (met.Insert(slot)) ranked[count++] = slot;
  }
  return count;
}

KeySpace Maglev::Arcs() const {
  KeySpace space;
  space.size = table_.size();
  for (std::size_t i = 0; i < table_.size(); ++i) {
    if (!space.arcs.empty() && space.arcs.back().slot == table_[i]) {
      space.arcs.back().end = i + 1;
    } else {
      space.arcs.push_back({i + 1, table_[i]});
    }
  }
  return space;
}

}  // namespace ringcache::hashring
