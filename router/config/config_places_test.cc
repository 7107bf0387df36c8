#include "router/config/config_places.h"

#include "gtest/gtest.h"

namespace ringcache::router {
namespace {

TEST(ConfigPlacesTest, LinesAreCountedFromOne) {
  const ConfigPlaces places("r.json", "a\n\nb\r\nc");
  EXPECT_EQ(places.LineOf(0), 1u);
  EXPECT_EQ(places.LineOf(1), 1u);
  EXPECT_EQ(places.LineOf(2), 2u);
  EXPECT_EQ(places.LineOf(3), 3u);
  EXPECT_EQ(places.LineOf(6), 4u);
  EXPECT_EQ(ConfigPlaces("r.json", "").LineOf(0), 1u);
}

TEST(ConfigPlacesTest, ErrorsNameFileAndLine) {
  const ConfigPlaces places("r.json", "a\nb");
  EXPECT_EQ(places.ErrorAt(2, "is bad").message(), "r.json:2: is bad");
  EXPECT_EQ(places.ErrorInLine(7, "is bad").message(), "r.json:7: is bad");
}

}  // namespace
}  // namespace ringcache::router
