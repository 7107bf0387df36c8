#include "admin/flags/admin_rows.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "admin/backend/admin_options.h"
#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

struct Options {
  AdminOptions admin{11210};
};
using Rows = AdminRows<Options, &Options::admin>;

std::vector<Rows::Row> AllRows() {
  std::vector<Rows::Row> rows;
  Rows::AppendTo(&rows);
  Rows::AppendObserverTo(&rows);
  return rows;
}

TEST(AdminRowsTest, EveryFlagIsARow) {
  std::set<std::string> names;
  for (const Rows::Row& row : AllRows()) names.emplace(row.name);
  EXPECT_EQ(names.size(), AdminFlags().size() + RingObserverFlags().size());
}

TEST(AdminRowsTest, ARowReadsIntoTheOptions) {
  Options options;
  ASSERT_TRUE(Rows::F::Parse(AllRows(),
                             {"--admin-port=7000", "--metrics-port=off", "--admin-open",
                              "--discovery=a:1", "--placement=ch3"},
                             &options)
                  .ok());
  EXPECT_EQ(options.admin.grpc.number, 7000);
  EXPECT_TRUE(options.admin.grpc.asked_for);
  EXPECT_FALSE(options.admin.metrics.is_on());
  EXPECT_TRUE(options.admin.open);
  EXPECT_EQ(options.admin.placement, "ch3");
}

TEST(AdminRowsTest, AnErrorNamesTheFlag) {
  Options options;
  EXPECT_EQ(Rows::F::Parse(AllRows(), {"--metrics-port=x"}, &options).message(),
            "--metrics-port: 'x' is no port; give 0 to 65535, or off");
}

TEST(AdminRowsTest, TheHelpNamesTheDefaults) {
  const std::string help = Rows::F::Help("A program.", AllRows());
  EXPECT_NE(help.find("--admin-port=PORT|off  (11210)"), std::string::npos) << help;
  EXPECT_NE(help.find("--metrics-port=PORT|off  (9150)"), std::string::npos) << help;
}

}  // namespace
}  // namespace ringcache::admin
