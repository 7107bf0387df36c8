// Messages as JSON, for programs that read what this one prints.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_RINGCTL_JSON_H_
#define RINGCACHE_TOOLS_RINGCTL_JSON_H_

#include <string>

#include "google/protobuf/message.h"

namespace ringcache::ringctl {

// One line, with fields called as in the .proto file. What is zero is there, what is absent is not.
std::string ToJson(const google::protobuf::Message& message);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_JSON_H_
