#include "process/log.h"

#include <unistd.h>

#include <string>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ringcache::process {
namespace {

constexpr absl::Time kTime = absl::FromUnixMillis(1'795'411'765'051);

TEST(LogTest, PeopleReadTimeLevelAndText) {
  EXPECT_EQ(Log::Line(LogFormat::kText, kTime, LogLevel::kNotice, "listening on [::]:11211"),
            "2026-11-23T05:29:25.051Z notice listening on [::]:11211\n");
}

TEST(LogTest, ProgramsReadOneObjectPerLine) {
  EXPECT_EQ(Log::Line(LogFormat::kJson, kTime, LogLevel::kError, "cannot open \"C:\\x\"\n\xff"),
            "{\"time\":\"2026-11-23T05:29:25.051Z\",\"level\":\"error\","
            "\"message\":\"cannot open \\\"C:\\\\x\\\"\\u000a\\u00ff\"}\n");
}

TEST(LogTest, VerbosityDecidesWhatIsWritten) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  Log log(ends[1]);
  EXPECT_TRUE(log.Shows(LogLevel::kNotice));
  EXPECT_FALSE(log.Shows(LogLevel::kInfo));
  log.Write(LogLevel::kInfo, "not shown");
  log.SetVerbosity(1);
  EXPECT_TRUE(log.Shows(LogLevel::kInfo));
  EXPECT_FALSE(log.Shows(LogLevel::kDebug));
  log.SetVerbosity(2);
  log.Write(LogLevel::kDebug, "shown");
  close(ends[1]);
  char text[256];
  const ssize_t bytes = read(ends[0], text, sizeof(text));
  close(ends[0]);
  ASSERT_GT(bytes, 0);
  const std::string line(text, static_cast<std::size_t>(bytes));
  EXPECT_EQ(line.substr(line.find(' ')), " debug shown\n");
}

}  // namespace
}  // namespace ringcache::process
