#include "tools/trace/file_trace.h"

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ringcache::trace {
namespace {

std::string ProblemOf(absl::string_view line) {
  TraceRequest request;
  return std::string(ParseCsvLine(line, &request).status().message());
}

class FileTraceTest : public testing::Test {
 protected:
  // What is wrong with a file of this text, without its path.
  std::string ProblemOfFile(const std::string& text, FileFormat format = FileFormat::kCsv) {
    options_.format = format;
    Read(WriteFile(text));
    return problem_.substr(problem_.empty() ? 0 : options_.path.size());
  }

  std::string WriteFile(const std::string& text) {
    const std::string path = absl::StrCat(std::getenv("TEST_TMPDIR"), "/trace");
    std::ofstream(path) << text;
    return path;
  }

  std::vector<TraceRequest> Read(const std::string& path) {
    options_.path = path;
    auto trace = FileTrace::Open(options_);
    EXPECT_TRUE(trace.ok()) << trace.status();
    std::vector<TraceRequest> requests;
    TraceRequest request;
    while ((*trace)->Next(&request)) requests.push_back(request);
    problem_ = std::string((*trace)->status().message());
    skipped_ = (*trace)->skipped();
    return requests;
  }

  FileOptions options_;
  std::string problem_;
  std::uint64_t skipped_ = 0;
};

TEST_F(FileTraceTest, ReadsTheClusterTraceFormat) {
  options_.value_sizes.min_bytes = options_.value_sizes.max_bytes = 77;
  const std::vector<TraceRequest> requests = Read("tools/trace/testdata/small.csv");
  EXPECT_EQ(problem_, "");
  EXPECT_EQ(skipped_, 1u);
  ASSERT_EQ(requests.size(), 5u);
  // Padded to the key size.
  EXPECT_EQ(requests[0].key, "user:1--");
  EXPECT_EQ(requests[0].operation, TraceOperation::kRead);
  EXPECT_EQ(requests[0].value_bytes, 100u);
  // A read that tells no size.
  EXPECT_EQ(requests[1].value_bytes, 77u);
  EXPECT_EQ(requests[1].ttl_s, 60u);
  // A key that holds a comma.
  EXPECT_EQ(requests[2].key, "a,b");
  EXPECT_EQ(requests[2].operation, TraceOperation::kSet);
  EXPECT_EQ(requests[2].time_s, 1u);
  EXPECT_EQ(requests[3].operation, TraceOperation::kDelete);
  EXPECT_EQ(requests[3].value_bytes, 0u);
  EXPECT_EQ(requests[4].operation, TraceOperation::kSet);
  EXPECT_EQ(requests[4].time_s, 3u) << "time never goes back";
}

TEST_F(FileTraceTest, ReadsOneKeyALine) {
  options_.format = FileFormat::kKeys;
  options_.rate_per_s = 1;
  const std::vector<TraceRequest> requests = Read(WriteFile("one\r\n\ntwo\nsome,key"));
  EXPECT_EQ(problem_, "");
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].key, "one");
  EXPECT_EQ(requests[0].value_bytes, 100u);
  EXPECT_EQ(requests[2].key, "some,key");
  EXPECT_EQ(requests[2].time_s, 2u);
}

TEST_F(FileTraceTest, StopsAfterTheRequestsAskedFor) {
  options_.max_requests = 2;
  EXPECT_EQ(Read("tools/trace/testdata/small.csv").size(), 2u);
  EXPECT_EQ(problem_, "");
}

TEST_F(FileTraceTest, NamesTheLineThatIsWrong) {
  EXPECT_EQ(ProblemOfFile("1,a,1,1,1,get,0\n\n1,a,1,1,1,got,0\n"),
            ":3: 'got' is no operation such as get or set");
  EXPECT_EQ(ProblemOfFile("one key\n", FileFormat::kKeys),
            ":1: the key holds the byte 32; servers take no spaces and no control characters");
  EXPECT_EQ(ProblemOfFile("ok\n" + std::string(251, 'k') + "\n", FileFormat::kKeys),
            ":2: the key has 251 bytes; servers take 250");
  EXPECT_EQ(ProblemOfFile("ok\n" + std::string(5000, 'k'), FileFormat::kKeys),
            ":2: longer than 4096 bytes");
  EXPECT_EQ(ProblemOfFile(std::string("a\0b\n", 4), FileFormat::kKeys),
            ":1: the key holds the byte 0; servers take no spaces and no control characters");
}

TEST_F(FileTraceTest, AMissingFileIsAnError) {
  options_.path = "/nowhere/trace.csv";
  EXPECT_EQ(FileTrace::Open(options_).status().message(),
            "cannot read /nowhere/trace.csv: No such file or directory");
}

TEST(ParseCsvLine, SaysWhatIsWrong) {
  const std::string columns = "a line is time,key,key size,value size,client id,operation,TTL";
  EXPECT_EQ(ProblemOf("1,a,1,1,get,0"), "fewer than 7 fields; " + columns);
  EXPECT_EQ(ProblemOf(""), "fewer than 7 fields; " + columns);
  EXPECT_EQ(ProblemOf("x,a,1,1,1,get,0"), "'x' is no time in seconds; " + columns);
  EXPECT_EQ(ProblemOf("1,a,-1,1,1,get,0"), "'-1' is no key size; " + columns);
  EXPECT_EQ(ProblemOf("1,a,1,5000000000,1,get,0"), "'5000000000' is no value size; " + columns);
  EXPECT_EQ(ProblemOf("1,a,1,1,1,get,never"), "'never' is no TTL in seconds; " + columns);
  EXPECT_EQ(ProblemOf("1,,0,1,1,get,0"), "the key is empty");
  EXPECT_EQ(ProblemOf("1,a,300,1,1,get,0"), "the key size is 300; servers take 250");
}

}  // namespace
}  // namespace ringcache::trace
