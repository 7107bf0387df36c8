#include "hashring/hash/jenkins.h"

#include <bit>
#include <cstddef>

#include "hashring/hash/little_endian.h"

namespace ringcache::hashring {
namespace {

constexpr std::uint32_t kStart = 13;  // libmemcached's JENKINS_INITVAL

struct State {
  std::uint32_t a, b, c;

  void Mix() {
    Turn(a, c, b, 4);
    Turn(b, a, c, 6);
    Turn(c, b, a, 8);
    Turn(a, c, b, 16);
    Turn(b, a, c, 19);
    Turn(c, b, a, 4);
  }

  void Finish() {
    Fold(c, b, 14);
    Fold(a, c, 11);
    Fold(b, a, 25);
    Fold(c, b, 16);
    Fold(a, c, 4);
    Fold(b, a, 14);
    Fold(c, b, 24);
  }

 private:
  static void Turn(std::uint32_t& x, std::uint32_t& y, std::uint32_t& z, int bits) {
    x = (x - y) ^ std::rotl(y, bits);
    y += z;
  }
  static void Fold(std::uint32_t& x, std::uint32_t y, int bits) {
    x = (x ^ y) - std::rotl(y, bits);
  }
};

// Bytes past the end count as zero.
std::uint32_t WordAt(const char* at, std::size_t left, std::size_t offset) {
  if (left >= offset + 4) return LoadWord32(at + offset);
  if (left <= offset) return 0;
  return static_cast<std::uint32_t>(LoadPartialWord(at + offset, left - offset));
}

}  // namespace

std::uint32_t Jenkins(absl::string_view key) {
  const std::uint32_t start = 0xdeadbeef + static_cast<std::uint32_t>(key.size()) + kStart;
  State state = {start, start, start};
  const char* at = key.data();
  std::size_t left = key.size();
  const auto add = [&] {
    state.a += WordAt(at, left, 0);
    state.b += WordAt(at, left, 4);
    state.c += WordAt(at, left, 8);
  };
  // The last block, be it whole, is finished instead of mixed; of an empty key there is none.
  for (; left > 12; left -= 12, at += 12) {
    add();
    state.Mix();
  }
  if (left == 0) return state.c;
  add();
  state.Finish();
  return state.c;
}

}  // namespace ringcache::hashring
