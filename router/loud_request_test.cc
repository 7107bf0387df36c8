#include "router/loud_request.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "protocol/request_parser.h"
#include "protocol/request_writer.h"

namespace ringcache::router {
namespace {

// What a member is sent in place of `line`.
std::string Loud(const std::string& line) {
  const std::string text = absl::StrCat(line, "\r\n");
  protocol::Request request;
  EXPECT_EQ(protocol::ParseRequest(text, &request).status, protocol::ParseStatus::kOk) << line;
  if (request.key.empty()) std::swap(request.key, request.keys);
  const LoudRequest loud(request);
  EXPECT_FALSE(loud.request().quiet) << line;
  std::string written(protocol::MaxRequestBytes(loud.request()), '\0');
  const char* const end = protocol::WriteRequest(written.data(), loud.request());
  written.resize(static_cast<std::size_t>(end - written.data()));
  EXPECT_EQ(written.substr(written.size() - 2), "\r\n");
  return written.substr(0, written.size() - 2);
}

TEST(LoudRequestTest, ARequestThatIsNotQuietIsNotCopied) {
  protocol::Request request;
  EXPECT_EQ(&LoudRequest(request).request(), &request);
}

TEST(LoudRequestTest, NoreplyIsLeftOut) {
  EXPECT_EQ(Loud("set k 1 2 3 noreply"), "set k 1 2 3");
  EXPECT_EQ(Loud("cas k 1 2 3 4 noreply"), "cas k 1 2 3 4");
  EXPECT_EQ(Loud("delete k noreply"), "delete k");
  EXPECT_EQ(Loud("incr k 1 noreply"), "incr k 1");
  EXPECT_EQ(Loud("touch k 1 noreply"), "touch k 1");
}

TEST(LoudRequestTest, TheQuietFlagIsLeftOutWhereverItStands) {
  EXPECT_EQ(Loud("mg k q v"), "mg k v");
  EXPECT_EQ(Loud("mg k v q t"), "mg k v t");
  EXPECT_EQ(Loud("mg k v q"), "mg k v");
  EXPECT_EQ(Loud("mg k q"), "mg k");
  EXPECT_EQ(Loud("md k q"), "md k");
  EXPECT_EQ(Loud("ma k q"), "ma k");
}

TEST(LoudRequestTest, OtherFlagsStayAsTheClientWroteThem) {
  EXPECT_EQ(Loud("ms k 3 T60 q Oq1 F7 I k"), "ms k 3 T60 Oq1 F7 I k");
  EXPECT_EQ(Loud("mg a2V5 b q k Oqq"), "mg a2V5 b k Oqq");
  EXPECT_EQ(Loud("ma k N60 J5 q MD D2 v"), "ma k N60 J5 MD D2 v");
}

TEST(LoudRequestTest, TheClientsOwnRequestStaysQuiet) {
  const std::string text = "mg k v q Oo\r\n";
  protocol::Request request;
  ASSERT_EQ(protocol::ParseRequest(text, &request).status, protocol::ParseStatus::kOk);
  const LoudRequest loud(request);
  EXPECT_TRUE(request.quiet);
  EXPECT_EQ(request.meta.text, "v q Oo");
  EXPECT_EQ(loud.request().meta.text, "v Oo");
  EXPECT_EQ(loud.request().key, "k");
}

TEST(LoudRequestTest, ALineOfTheLongestFlagsHasRoom) {
  const std::string opaque = absl::StrCat("O", std::string(protocol::kMaxOpaqueBytes, 'x'));
  const std::string key(protocol::kMaxKeyBytes, 'k');
  EXPECT_EQ(Loud(absl::StrCat("mg ", key, " q ", opaque, " v t k s f c h l")),
            absl::StrCat("mg ", key, " ", opaque, " v t k s f c h l"));
}

}  // namespace
}  // namespace ringcache::router
