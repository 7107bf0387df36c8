#include "router/route/meta_flags.h"

#include "absl/strings/ascii.h"

namespace ringcache::router {

void SpellFlagsAnew(protocol::Request* request) {
  protocol::MetaFlagSet has;
  for (char letter = 'A'; letter <= 'z'; ++letter) {
    // The writer adds q and b where they are meant.
    if (!absl::ascii_isalpha(static_cast<unsigned char>(letter)) || letter == 'q') continue;
    if (request->meta.has.Has(letter)) has.Add(letter);
  }
  request->meta.has = has;
  request->meta.text = {};
}

}  // namespace ringcache::router
