// Messages of tests, as text: LiteralMessage<Pods>("pods { name: 'a' }").
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_RINGCTL_LITERAL_MESSAGE_H_
#define RINGCACHE_TOOLS_RINGCTL_LITERAL_MESSAGE_H_

#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace ringcache::ringctl {

template <typename Message>
Message LiteralMessage(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_LITERAL_MESSAGE_H_
