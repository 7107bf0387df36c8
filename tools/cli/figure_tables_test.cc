#include "tools/cli/figure_tables.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::cli {
namespace {

Figures Member(std::string name) {
  Figures figures;
  figures.member = std::move(name);
  figures.known = true;
  figures.version = "1.6.45";
  figures.uptime_s = 93784;
  figures.items = 1234567;
  figures.bytes = 1610612736;
  figures.limit_bytes = 4294967296;
  figures.connections = 12;
  figures.gets = 2000;
  figures.hits = 1950;
  figures.sets = 100;
  figures.received_bytes = 4096;
  figures.sent_bytes = 20000;
  return figures;
}

Figures Unknown(std::string name) {
  Figures figures;
  figures.member = std::move(name);
  return figures;
}

TEST(StatsTableTest, HasARowForEachMemberAndATotal) {
  const std::vector<Figures> members = {Member("cache-0:11211"), Unknown("cache-1:11211"),
                                        Member("cache-2:11211")};
  EXPECT_EQ("\n" + StatsTable(members), R"(
member         version  uptime      items    bytes    limit    hits   gets  sets  evictions  conns
cache-0:11211  1.6.45   1d 02h  1,234,567  1.5 GiB  4.0 GiB  97.5 %  2,000   100          0     12
cache-1:11211  -             -          -        -        -       -      -     -          -      -
cache-2:11211  1.6.45   1d 02h  1,234,567  1.5 GiB  4.0 GiB  97.5 %  2,000   100          0     12
total                           2,469,134  3.0 GiB  8.0 GiB  97.5 %  4,000   200          0     24
)");
}

TEST(StatsTableTest, OneMemberHasNoTotal) {
  const std::vector<Figures> members = {Member("a:1")};
  EXPECT_EQ("\n" + StatsTable(members), R"(
member  version  uptime      items    bytes    limit    hits   gets  sets  evictions  conns
a:1     1.6.45   1d 02h  1,234,567  1.5 GiB  4.0 GiB  97.5 %  2,000   100          0     12
)");
}

TEST(RatesTableTest, DividesByTheTime) {
  const std::vector<Figures> since = {Member("a:1"), Unknown("b:1")};
  EXPECT_EQ("\n" + RatesTable(since, absl::Seconds(2)), R"(
member  gets/s    hits  sets/s  evictions/s     in/s    out/s      items    bytes  conns
a:1      1,000  97.5 %      50            0  2.0 KiB  9.8 KiB  1,234,567  1.5 GiB     12
b:1          -       -       -            -        -        -          -        -      -
total    1,000  97.5 %      50            0  2.0 KiB  9.8 KiB  1,234,567  1.5 GiB     12
)");
}

TEST(EveryStatTableTest, HasARowForWhatAnyMemberTells) {
  std::vector<client::MemberResult> results(3);
  results[0].stats = {{"pid", "1"}, {"uptime", "20"}};
  results[2].stats = {{"pid", "300"}, {"slabs", "7"}};
  results[0].name = "a:1";
  results[1].name = "b:1";
  results[2].name = "c:1";
  EXPECT_EQ("\n" + EveryStatTable(results), R"(
stat    a:1  b:1  c:1
pid     1    -    300
uptime  20   -    -
slabs   -    -    7
)");
  EXPECT_EQ(EveryStatTable({}), "");
}

}  // namespace
}  // namespace ringcache::cli
