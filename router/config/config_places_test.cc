#include "router/config/config_places.h"

#include <string>

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

TEST(ConfigPlacesTest, ErrorsAreOneLineOfBoundedLength) {
  const ConfigPlaces places("r.json", "");
  EXPECT_EQ(places.ErrorAt(0, "a\nb\x1b[1m\x7f").message(), "r.json:1: a?b?[1m?");
  const std::string longest(ConfigPlaces::kMaxProblemBytes, 'x');
  EXPECT_EQ(places.ErrorAt(0, longest + "x").message(), "r.json:1: " + longest);
}

}  // namespace
}  // namespace ringcache::router
