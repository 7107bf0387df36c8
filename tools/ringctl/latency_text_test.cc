#include "tools/ringctl/latency_text.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/ringctl/literal_message.h"

namespace ringcache::ringctl {
namespace {

using admin::v1::Latencies;
using ::testing::HasSubstr;

TEST(LatencyTextTest, ShowsNumbersAndWhereTheyLie) {
  EXPECT_EQ(
      LatenciesText(LiteralMessage<Latencies>(R"(
        series {
          kind: COMMAND name: 'get' count: 1234567 mean_seconds: 0.0000125
          percentiles { percent: 50 seconds: 0.00001 }
          percentiles { percent: 90 seconds: 0.0000999 }
          percentiles { percent: 99 seconds: 0.0003 }
          percentiles { percent: 99.9 seconds: 0.0009996 }
          percentiles { percent: 100 seconds: 0.0012 }
        }
        series {
          kind: MEMBER pool: 'main' name: 'a:11211' count: 1 mean_seconds: 2
          percentiles { percent: 50 seconds: 0.1 }
          percentiles { percent: 90 seconds: 0.1 }
          percentiles { percent: 99 seconds: 0.1 }
          percentiles { percent: 99.9 seconds: 0.1 }
          percentiles { percent: 100 seconds: 0.1 }
        }
        series { kind: COMMAND name: 'set' })")),
      "                  count     mean     50 %     90 %    99 %   99.9 %     most"
      "  |10 us   |100 us  |1 ms    |10 ms   |100 ms\n"
      "get           1,234,567  12.5 us  10.0 us  99.9 us  300 us  1.00 ms  1.20 ms"
      "  ████████▓▓▓▓▓▒▒▒▒░░\n"
      "main/a:11211          1   2.00 s   100 ms   100 ms  100 ms   100 ms   100 ms"
      "                                     ░\n"
      "set                   0        -        -        -       -        -        -\n"
      "\n"
      "█ 50 to 90 %   ▓ 90 to 99 %   ▒ 99 to 99.9 %   ░ 99.9 to 100 %, on a logarithmic scale\n");
}

TEST(LatencyTextTest, NothingTimedIsSaid) {
  EXPECT_EQ(LatenciesText(Latencies()), "nothing was timed yet\n");
}

TEST(LatencyTextTest, FiguresThatCannotBeAreDrawnAtTheEnds) {
  const std::string text = LatenciesText(LiteralMessage<Latencies>(R"(
    series {
      name: 'get' count: 1
      percentiles { percent: 50 seconds: -1 }
      percentiles { percent: 90 seconds: nan }
      percentiles { percent: 100 seconds: inf }
    })"));
  EXPECT_THAT(text, HasSubstr("|1 ns"));
  EXPECT_THAT(text, HasSubstr("|100000 s"));
}

}  // namespace
}  // namespace ringcache::ringctl
