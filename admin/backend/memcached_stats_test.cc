#include "admin/backend/memcached_stats.h"

#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

TEST(MemcachedStatsTest, KnownLinesBecomeFiguresInTheirUnits) {
  FigureSet<GeneralFigure> figures;
  ReadGeneral(
      "STAT pid 7\r\nSTAT rusage_user 1.250000\r\nSTAT get_hits 18446744073709551615\r\nEND\r\n",
      &figures);
  EXPECT_EQ(figures[GeneralFigure::kCpuUser], 1'250'000u);
  EXPECT_EQ(figures[GeneralFigure::kGetHits], 18446744073709551615u);
  EXPECT_EQ(figures[GeneralFigure::kGetMisses], std::nullopt);
}

TEST(MemcachedStatsTest, SettingsWithWordsAndFractionsAreFigures) {
  FigureSet<GeneralFigure> figures;
  ReadGeneral(
      "STAT lru_crawler yes\r\nSTAT lru_maintainer_thread no\r\nSTAT hot_max_factor 0.20\r\n",
      &figures);
  EXPECT_EQ(figures[GeneralFigure::kCrawlerEnabled], 1u);
  EXPECT_EQ(figures[GeneralFigure::kMaintainerThread], 0u);
  EXPECT_EQ(figures[GeneralFigure::kHotMaxFactor], 200'000u);
}

TEST(MemcachedStatsTest, WhatIsNoNumberIsNoFigure) {
  FigureSet<GeneralFigure> figures;
  ReadGeneral(
      "STAT get_hits many\r\nSTAT bytes -1\r\nSTAT rusage_user nan\r\nSTAT rusage_system 1e300\r\n"
      "STAT\r\nSTAT curr_items\r\nnonsense\r\n",
      &figures);
  EXPECT_EQ(figures, FigureSet<GeneralFigure>());
}

TEST(MemcachedStatsTest, SlabsAndItemsMeetInTheirClass) {
  std::vector<SlabStats> slabs;
  ReadSlabs("STAT 5:chunk_size 240\r\nSTAT 1:chunk_size 96\r\nSTAT active_slabs 2\r\nEND\r\n",
            &slabs);
  ReadSlabs("STAT items:1:number 3\r\nSTAT items:9:age 4\r\nEND\r\n", &slabs);
  ASSERT_EQ(slabs.size(), 3u);
  EXPECT_EQ(slabs[0].size_class, 1u);
  EXPECT_EQ(slabs[0].figures[SlabFigure::kChunkBytes], 96u);
  EXPECT_EQ(slabs[0].figures[SlabFigure::kItems], 3u);
  EXPECT_EQ(slabs[1].size_class, 5u);
  EXPECT_EQ(slabs[2].figures[SlabFigure::kAge], 4u);
}

TEST(MemcachedStatsTest, SettingsKeepTheirOrder) {
  const std::vector<Setting> settings =
      ReadSettings("STAT maxbytes 1\r\nSTAT inter 127.0.0.1,[::1] x\r\nSTAT oom\r\nEND\r\n");
  ASSERT_EQ(settings.size(), 3u);
  EXPECT_EQ(settings[0].name, "maxbytes");
  EXPECT_EQ(settings[1].value, "127.0.0.1,[::1] x");
  EXPECT_EQ(settings[2].value, "");
}

TEST(MemcachedStatsTest, OneLineIsFoundByItsName) {
  EXPECT_EQ(FindStat("STAT version 1.6.18\r\nEND\r\n", "version"), "1.6.18");
  EXPECT_EQ(FindStat("STAT version 1.6.18\r\nEND\r\n", "pid"), std::nullopt);
}

}  // namespace
}  // namespace ringcache::admin
