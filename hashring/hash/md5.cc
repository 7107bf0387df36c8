// The one-shot function is deprecated for security's sake, which is not asked of it here. Its
// successor looks the algorithm up anew for every text, which takes as long again, and refuses it
// where a machine is set to FIPS rules: such a machine would be left without a ring.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "hashring/hash/md5.h"

#include "hashring/hash/little_endian.h"  // the digest is taken as words where it lies
#include "openssl/md5.h"

namespace ringcache::hashring {

Md5Words Md5(absl::string_view text) {
  Md5Words words;
  static_assert(sizeof(words) == MD5_DIGEST_LENGTH);
  MD5(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
      reinterpret_cast<unsigned char*>(words.data()));
  return words;
}

}  // namespace ringcache::hashring
