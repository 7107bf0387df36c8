#include "tools/ringctl/stats_text.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "tools/ringctl/literal_message.h"

namespace ringcache::ringctl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kTwoPods[] = R"(
  pods {
    name: 'cache-0.cache' address: '10.0.0.1:11210'
    stats {
      general {
        uptime: 90000 curr_items: 1000 bytes: 2048 limit_maxbytes: 67108864 get_hits: 50
        cmd_get: 200 cmd_set: 7 evictions: 0 bytes_read: 1024 bytes_written: 4096
        curr_connections: 12 cpu_user_us: 2000000 cpu_system_us: 500000
      }
      slabs { size_class: 3 chunk_size: 96 total_pages: 1 used_chunks: 10 get_hits: 50 }
      workers { index: 0 connections: 12 requests: 207 silent_us: 1500 }
    }
  }
  pods { name: 'cache-1.cache' address: '10.0.0.2:11210' problem: 'cannot connect' })";

Pods TwoPods() { return LiteralMessage<Pods>(kTwoPods); }

// A pool member's figures are of routers.
Pods OneRouter() {
  return LiteralMessage<Pods>(R"(
    pods {
      name: 'localhost:5010'
      stats {
        general { uptime: 5 curr_connections: 2 }
        router { requests: 1000 errors: 1 failed_first: 2 no_routes: 3 hot_key_hits: 4 }
        members {
          pool: 'main' name: 'a:11211' up: 1 calls: 900 timeouts: 1 queued_bytes: 0
        }
        members {
          pool: 'main' name: 'b:11211' up: 0 calls: 100 last_problem: 'connection refused'
        }
      }
    })");
}

void SetAllFigures(google::protobuf::Message* message) {
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const auto* const field = message->GetDescriptor()->field(i);
    if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_UINT64) {
      message->GetReflection()->SetUInt64(message, field, 1);
    }
  }
}

TEST(StatsTextTest, APodThatDoesNotAnswerIsARowThatSaysSo) {
  EXPECT_EQ(
      StatsText(TwoPods(), StatsGroup::kGeneral),
      "pod      uptime  items    bytes     limit    hits  gets  sets  evictions       in      out"
      "  conns    cpu  memory\n"
      "cache-0  1d 01h  1,000  2.0 KiB  64.0 MiB  25.0 %   200     7          0  1.0 KiB  4.0 KiB"
      "     12  2.5 s       -\n"
      "cache-1       -      -        -         -       -     -     -          -        -        -"
      "      -      -       -  cannot connect\n"
      "total         -  1,000  2.0 KiB  64.0 MiB  25.0 %   200     7          0  1.0 KiB  4.0 KiB"
      "     12  2.5 s       -\n");
}

TEST(StatsTextTest, RatesAreOfWhatCameSince) {
  const Pods before = TwoPods();
  Pods now = TwoPods();
  auto* const general = now.mutable_pods(0)->mutable_stats()->mutable_general();
  general->set_cmd_get(400);
  general->set_get_hits(200);
  general->set_cpu_user_us(3'000'000);
  now.mutable_pods()->RemoveLast();
  EXPECT_EQ(StatsRatesText(before, now, 2, StatsGroup::kGeneral),
            "pod            uptime  items    bytes     limit    hits  gets/s  sets/s  evictions/s"
            "  in/s  out/s  conns   cpu  memory\n"
            "cache-0.cache  1d 01h  1,000  2.0 KiB  64.0 MiB  75.0 %     100       0            0"
            "   0 B    0 B     12  50 %       -\n");
}

TEST(StatsTextTest, APodThatIsNewHasNoRates) {
  const std::string text = StatsRatesText(Pods(), OneRouter(), 1, StatsGroup::kGeneral);
  EXPECT_THAT(text, Not(HasSubstr("1,000")));
}

TEST(StatsTextTest, RoutersHaveFiguresOfTheirOwn) {
  EXPECT_EQ(StatsText(OneRouter(), StatsGroup::kGeneral),
            "pod             uptime  requests  errors  failed first  no route  hot key hits  in"
            "  out  conns  cpu  memory\n"
            "localhost:5010      5s     1,000       1             2         3             4   -"
            "    -      2    -       -\n");
}

TEST(StatsTextTest, UnknownPodsStandWithRoutersIfThereAreNoServers) {
  Pods pods = OneRouter();
  Pod* const unknown = pods.add_pods();
  unknown->set_name("router-1:5010");
  unknown->set_problem("cannot connect");
  const std::string text = StatsText(pods, StatsGroup::kGeneral);
  EXPECT_THAT(text, HasSubstr("requests"));
  EXPECT_THAT(text, HasSubstr("cannot connect"));
  EXPECT_THAT(text, Not(HasSubstr("evictions")));
}

TEST(StatsTextTest, SlabClassesHaveARowEach) {
  EXPECT_EQ(StatsText(TwoPods(), StatsGroup::kSlabs),
            "pod      class  chunk  pages  used  free  items  age  hits  sets  evicted  reclaimed"
            "  no memory\n"
            "cache-0  3       96 B      1    10     -      -    -    50     -        -          -"
            "          -\n"
            "cache-1  -          -      -     -     -      -    -     -     -        -          -"
            "          -  cannot connect\n");
}

TEST(StatsTextTest, WorkersHaveARowEach) {
  EXPECT_EQ(StatsText(TwoPods(), StatsGroup::kWorkers),
            "pod      worker  conns  requests  running  in  out  yields  pauses  silent\n"
            "cache-0  0          12       207        -   -    -       -       -  1.5 ms\n"
            "cache-1  -           -         -        -   -    -       -       -       -"
            "  cannot connect\n");
}

TEST(StatsTextTest, MembersHaveARowEachWithTheirState) {
  EXPECT_EQ(StatsText(OneRouter(), StatsGroup::kMembers),
            "pod             pool  member   calls  refused  timeouts  lost  times down  pending"
            "  queued\n"
            "localhost:5010  main  a:11211    900        -         1     -           -        -"
            "     0 B  up\n"
            "localhost:5010  main  b:11211    100        -         -     -           -        -"
            "       -  down, last problem: connection refused\n");
}

TEST(StatsTextTest, WhatNobodyHasIsSaid) {
  EXPECT_THAT(StatsText(OneRouter(), StatsGroup::kSlabs), HasSubstr("nobody told of slab classes"));
  EXPECT_THAT(StatsText(OneRouter(), StatsGroup::kWorkers), HasSubstr("nobody told of worker"));
}

TEST(StatsTextTest, EveryFigureIsARowAndEachPodAColumn) {
  const std::string text = StatsText(TwoPods(), StatsGroup::kAll);
  EXPECT_THAT(text, HasSubstr("figure             cache-0  cache-1\n"
                              "uptime               90000        -\n"));
  EXPECT_THAT(text, HasSubstr("\ncache-1.cache: cannot connect\n"));
  EXPECT_THAT(text, Not(HasSubstr("slabs_moved")));
}

// A column whose field is not in the contract would always have a dash.
TEST(StatsTextTest, EveryColumnHasAFieldOfTheContract) {
  Pods pods;
  auto* const stats = pods.add_pods()->mutable_stats();
  pods.mutable_pods(0)->set_name("a");
  SetAllFigures(stats->mutable_general());
  SetAllFigures(stats->add_slabs());
  SetAllFigures(stats->add_workers());
  SetAllFigures(stats->add_members());
  for (const StatsGroup group :
       {StatsGroup::kGeneral, StatsGroup::kSlabs, StatsGroup::kWorkers, StatsGroup::kMembers}) {
    EXPECT_THAT(StatsText(pods, group), Not(HasSubstr("-")));
  }
  SetAllFigures(stats->mutable_router());
  EXPECT_THAT(StatsText(pods, StatsGroup::kGeneral), Not(HasSubstr("-")));
}

}  // namespace
}  // namespace ringcache::ringctl
