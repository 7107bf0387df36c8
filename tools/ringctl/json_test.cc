#include "tools/ringctl/json.h"

#include "admin/proto/admin.pb.h"
#include "gtest/gtest.h"
#include "tools/ringctl/answers.pb.h"
#include "tools/ringctl/literal_message.h"

namespace ringcache::ringctl {
namespace {

TEST(JsonTest, FieldsAreCalledAsInTheContractAndWhatIsAbsentIsLeftOut) {
  EXPECT_EQ(ToJson(LiteralMessage<admin::v1::GeneralStats>("get_hits: 5 cmd_get: 0")),
            "{\"get_hits\":\"5\",\"cmd_get\":\"0\"}\n");
}

TEST(JsonTest, WhatIsNoOrNothingIsThere) {
  EXPECT_EQ(ToJson(HealthAnswer()), "{\"service\":\"\",\"serving\":false,\"reason\":\"\"}\n");
}

TEST(JsonTest, AnObjectIsOneLine) {
  EXPECT_EQ(ToJson(LiteralMessage<Pods>("pods { name: 'a' problem: 'two\\nlines' }")),
            "{\"pods\":[{\"name\":\"a\",\"address\":\"\",\"problem\":\"two\\nlines\"}]}\n");
}

}  // namespace
}  // namespace ringcache::ringctl
