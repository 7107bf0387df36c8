#include "client/key_check.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "protocol/base64_key.h"
#include "protocol/request.h"

namespace ringcache::client {

std::string KeyProblem(absl::string_view key) {
  if (protocol::IsPlainKey(key)) return "";
  if (key.empty()) return "the key is empty; it has at least one byte";
  if (key.size() > protocol::kMaxKeyBytes) {
    return absl::StrCat("the key has ", key.size(), " bytes; at most ", protocol::kMaxKeyBytes,
                        " are allowed");
  }
  return absl::StrCat("the key \"", absl::CHexEscape(key),
                      "\" has a space or a control character, which the protocol does not allow");
}

}  // namespace ringcache::client
