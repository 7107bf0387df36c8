#include "hashring/placement/key_hasher.h"

#include "hashring/hash/crc.h"
#include "hashring/hash/fnv.h"
#include "hashring/hash/hsieh.h"
#include "hashring/hash/jenkins.h"
#include "hashring/hash/md5.h"
#include "hashring/hash/murmur.h"
#include "hashring/hash/one_at_a_time.h"

namespace ringcache::hashring {
namespace {

template <std::uint32_t (*kHash)(absl::string_view)>
std::uint64_t Widened(absl::string_view key) {
  return kHash(key);
}

}  // namespace

KeyHasher HasherOf(KeyHash hash, KeyHasher own) {
  switch (hash) {
    case KeyHash::kDefault:
      return own;
    case KeyHash::kMd5:
      return Widened<Md5_32>;
    case KeyHash::kOneAtATime:
      return Widened<OneAtATime>;
    case KeyHash::kCrc32:
      return Widened<Crc32Fifteen>;
    case KeyHash::kCrc32a:
      return Widened<Crc32>;
    case KeyHash::kCrc16:
      return Widened<Crc16>;
    case KeyHash::kFnv1_64:
      return Widened<Fnv1_64>;
    case KeyHash::kFnv1a_64:
      return Widened<Fnv1a_64>;
    case KeyHash::kFnv1_32:
      return Widened<Fnv1_32>;
    case KeyHash::kFnv1a_32:
      return Widened<Fnv1a_32>;
    case KeyHash::kHsieh:
      return Widened<Hsieh>;
    case KeyHash::kMurmur:
      return Widened<Murmur2>;
    case KeyHash::kJenkins:
      return Widened<Jenkins>;
  }
  return own;
}

std::uint64_t HashWide(absl::string_view key) { return Murmur64A(key, /*seed=*/0); }

}  // namespace ringcache::hashring
