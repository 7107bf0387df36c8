#include "router/config/pool_reader.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/config/config_file.h"

namespace ringcache::router {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

class PoolReaderTest : public ::testing::Test {
 protected:
  // `pools`: what stands between the braces, from line 2 on.
  absl::StatusOr<std::map<std::string, PoolConfig>> ReadAll(const std::string& pools) {
    auto file = ConfigFile::Parse("r.json", absl::StrCat("{\"pools\": {\n", pools, "}}"));
    EXPECT_TRUE(file.ok()) << file.status();
    file_ = *file;
    PoolReader reader(file_->root().Get("pools").value());
    auto read = reader.ReadAll();
    notes_ = reader.notes();
    return read;
  }
  // The pool "A" with these keys, or with these besides its one server.
  PoolConfig Pool(const std::string& keys) {
    auto pools = ReadAll(absl::StrCat("\"A\": {", keys, "}"));
    EXPECT_TRUE(pools.ok()) << pools.status();
    return pools.ok() ? pools->at("A") : PoolConfig();
  }
  PoolConfig PoolWith(const std::string& keys) {
    return Pool(absl::StrCat("\"servers\": [\"a:1\"],\n", keys));
  }
  std::string Problem(const std::string& keys) {
    return ProblemOfAll(absl::StrCat("\"A\": {", keys, "}"));
  }
  std::string ProblemWith(const std::string& keys) {
    return Problem(absl::StrCat("\"servers\": [\"a:1\"],\n", keys));
  }
  std::string ProblemOfAll(const std::string& pools) {
    const auto read = ReadAll(pools);
    return read.ok() ? "none" : std::string(read.status().message());
  }

  std::shared_ptr<const ConfigFile> file_;
  std::vector<std::string> notes_;
};

TEST_F(PoolReaderTest, ReadsServersInTheirOrder) {
  const PoolConfig pool = Pool(
      R"("servers": ["10.0.0.2:11211", "b.example:1:ascii", "a.example:2:ascii:plain",
                     "[::1]:3:ascii:plain:notcompressed", "unix:/run/cache.sock",
                     "unix:/x:ascii"])");
  EXPECT_EQ(pool.address.ToString(),
            "10.0.0.2:11211,b.example:1,a.example:2,[::1]:3,unix:/run/cache.sock,unix:/x");
  EXPECT_EQ(pool.name, "A");
  EXPECT_TRUE(pool.listed);
  EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(PoolReaderTest, WithoutFurtherKeysTheCommandLineDecides) {
  const PoolConfig pool = PoolWith("");
  EXPECT_EQ(pool.timeout, std::nullopt);
  EXPECT_EQ(pool.connect_timeout, std::nullopt);
  EXPECT_EQ(pool.connections, std::nullopt);
  EXPECT_EQ(pool.identity, std::nullopt);
  EXPECT_EQ(pool.placement, std::nullopt);
  EXPECT_EQ(pool.warm_up, absl::ZeroDuration());
  EXPECT_EQ(pool.max_down, std::nullopt);
}

TEST_F(PoolReaderTest, ServersSpeakPlainAscii) {
  EXPECT_EQ(Problem("\"servers\": [\"a:1\",\n\"b:2:caret\"]"),
            "r.json:3: pools.A.servers[1]: \"caret\": servers are spoken to in memcached's text "
            "protocol only; write host:port or host:port:ascii");
  EXPECT_THAT(Problem("\"servers\": [\"a:1:thrift\"]"), HasSubstr("text protocol only"));
  EXPECT_EQ(Problem("\"servers\": [\"a:1:ascii:ssl\"]"),
            "r.json:2: pools.A.servers[0]: \"ssl\": connections to servers are not encrypted; "
            "write host:port");
  EXPECT_THAT(Problem("\"servers\": [\"a:1:ascii:plain:compressed\"]"),
              HasSubstr("values are not compressed"));
  EXPECT_EQ(ProblemWith("\"protocol\": \"caret\""),
            "r.json:3: pools.A.protocol: is \"caret\"; servers are spoken to in \"ascii\" only");
  EXPECT_EQ(ProblemWith("\"protocol\": \"ascii\""), "none");
}

TEST_F(PoolReaderTest, SaysWhichServerIsWrong) {
  EXPECT_EQ(Problem("\"servers\": []"),
            "r.json:2: pools.A.servers: is empty; a pool has at least one server");
  EXPECT_THAT(Problem("\"servers\": [\"a:1\",\n\"10.0.0.300:1\"]"),
              HasSubstr("r.json:3: pools.A.servers[1]: \"10.0.0.300:1\": \"10.0.0.300\" is not an "
                        "IPv4 address"));
  EXPECT_THAT(Problem("\"servers\": [\"unix:x.sock\"]"), HasSubstr("relative"));
  EXPECT_EQ(Problem("\"servers\": [\"a:1\",\n\"A.:1:ascii\"]"),
            "r.json:3: pools.A.servers[1]: \"A.:1:ascii\" is there twice; name each server once, "
            "and give it more keys with \"weights\"");
  EXPECT_EQ(Problem("\"servers\": \"a:1\""),
            "r.json:2: pools.A.servers: is \"a:1\", and should be a list");
  EXPECT_EQ(Problem(""),
            "r.json:2: pools.A: has no members; write \"servers\": [\"host:port\"] or "
            "\"discovery\": \"k8s+service\"");
}

TEST_F(PoolReaderTest, BoundsTheServers) {
  const auto servers = [](std::size_t count) {
    std::string text = "\"servers\": [";
    for (std::size_t i = 0; i < count; ++i) absl::StrAppend(&text, "\"h", i, ":1\",");
    return text + "]";
  };
  EXPECT_EQ(Problem(servers(discovery::kMaxMembers)), "none");
  EXPECT_EQ(Problem(servers(discovery::kMaxMembers + 1)),
            "r.json:2: pools.A.servers: has 10001 servers; a pool has at most 10000");
}

TEST_F(PoolReaderTest, FindsMembersByDiscovery) {
  const PoolConfig pool = Pool("\"discovery\": \"k8s+cache.default\"");
  EXPECT_EQ(pool.address.kind, discovery::DiscoveryKind::kKubernetes);
  EXPECT_FALSE(pool.listed);
  EXPECT_THAT(Problem("\"discovery\":\n\"kubernetes+cache\""),
              HasSubstr("r.json:3: pools.A.discovery: \"kubernetes+cache\": there is no such way"));
  EXPECT_EQ(ProblemWith("\"discovery\": \"dns+a:1\""),
            "r.json:2: pools.A: has both \"servers\" and \"discovery\"; write one of them");
}

TEST_F(PoolReaderTest, HostnamesAreIdentities) {
  const PoolConfig pool = Pool(
      R"("servers": ["10.0.0.1:11311", "10.0.0.2:11311", "unix:/x"],
         "hostnames": ["cache-0.example", "cache-1.example:5", "cache-2.example"])");
  const std::vector<discovery::WrittenMember> names = {
      {"cache-0.example", 11311, 1}, {"cache-1.example", 5, 1}, {"cache-2.example", 11211, 1}};
  EXPECT_EQ(pool.hostnames, names);
  EXPECT_EQ(ProblemWith("\"hostnames\": []"),
            "r.json:3: pools.A.hostnames: has 0 names for 1 \"servers\"; write one for each");
  EXPECT_THAT(Problem("\"discovery\": \"dns+a:1\", \"hostnames\": [\"b\"]"),
              HasSubstr("has 1 names for 0 \"servers\""));
  EXPECT_EQ(Problem("\"servers\": [\"a:1\", \"b:1\"],\n\"hostnames\": [\"x\",\n \"X.\"]"),
            "r.json:4: pools.A.hostnames[1]: is there twice; a server's name is its identity");
  EXPECT_THAT(ProblemWith("\"hostnames\": [\"x y\"]"), HasSubstr("is not the name of a host"));
}

TEST_F(PoolReaderTest, WeightsAreSharesOrWholeNumbers) {
  const auto weights = [this](const std::string& list) {
    const PoolConfig pool =
        Pool(absl::StrCat("\"servers\": [\"a:1\", \"b:1\"], \"weights\": ", list));
    std::vector<double> all = pool.weights;
    for (const auto& member : pool.address.members) all.push_back(member.weight);
    return all;
  };
  // Shares as they are, then what other placements make of them.
  EXPECT_THAT(weights("[1, 0.25]"), ElementsAre(1, 0.25, 1000, 250));
  EXPECT_THAT(weights("[0, 1]"), ElementsAre(0, 1, 1, 1000));
  EXPECT_THAT(weights("[0.5, 0.5]"), ElementsAre(0.5, 0.5, 1, 1));
  EXPECT_THAT(weights("[1, 1]"), ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(weights("[3, 1]"), ElementsAre(3, 1));
  const std::string pool = "\"servers\": [\"a:1\", \"b:1\"], \"weights\": ";
  EXPECT_EQ(Problem(pool + "[1,\n1.5]"),
            "r.json:3: pools.A.weights[1]: is 1.5; weights are all from 0 to 1, or all whole "
            "numbers from 1");
  EXPECT_EQ(Problem(pool + "[1]"),
            "r.json:2: pools.A.weights: has 1 weights for 2 \"servers\"; write one for each");
  EXPECT_THAT(Problem(pool + "[1, -1]"), HasSubstr("should be a number from 0 to 65535"));
  EXPECT_THAT(Problem(pool + "[1, \"1\"]"), HasSubstr("should be a number from 0 to 65535"));
}

TEST_F(PoolReaderTest, ReadsTimes) {
  const PoolConfig pool =
      PoolWith("\"server_timeout\": 200, \"connect_timeout\": 50, \"warm_up\": 60000");
  EXPECT_THAT(pool.timeout, Optional(absl::Milliseconds(200)));
  EXPECT_THAT(pool.connect_timeout, Optional(absl::Milliseconds(50)));
  EXPECT_EQ(pool.warm_up, absl::Minutes(1));
  EXPECT_EQ(ProblemWith("\"server_timeout\": 0"),
            "r.json:3: pools.A.server_timeout: is 0, and should be a whole number of milliseconds "
            "from 1 to 3600000");
  EXPECT_EQ(ProblemWith("\"server_timeout\": 3600000"), "none");
  EXPECT_THAT(ProblemWith("\"connect_timeout\": 3600001"), HasSubstr("from 1 to 3600000"));
  EXPECT_THAT(ProblemWith("\"warm_up\": 86400001"), HasSubstr("from 0 to 86400000"));
}

TEST_F(PoolReaderTest, ReadsHowKeysAndConnectionsAreSharedOut) {
  const PoolConfig pool =
      PoolWith("\"placement\": \"ketama\", \"identity\": \"address\", \"connections\": 4");
  EXPECT_THAT(pool.placement, Optional(hashring::PlacementKind::kKetama));
  EXPECT_THAT(pool.identity, Optional(client::Identity::kAddress));
  EXPECT_THAT(pool.connections, Optional(4u));
  EXPECT_THAT(PoolWith("\"identity\": \"name\"").identity, Optional(client::Identity::kName));
  EXPECT_THAT(PoolWith("\"additional_fanout\": 63").connections, Optional(64u));
  EXPECT_THAT(ProblemWith("\"placement\": \"Ch3\""),
              HasSubstr("pools.A.placement: no placement is named 'Ch3'; there are ketama, "));
  EXPECT_EQ(ProblemWith("\"identity\": \"host\""),
            "r.json:3: pools.A.identity: is \"host\", and should be \"name\" or \"address\"");
  EXPECT_THAT(ProblemWith("\"identity\": \"address\", \"hostnames\": [\"x\"]"),
              HasSubstr("\"hostnames\" would not count"));
  EXPECT_THAT(ProblemWith("\"connections\": 65"), HasSubstr("a whole number from 1 to 64"));
  EXPECT_THAT(ProblemWith("\"additional_fanout\": 64"), HasSubstr("a whole number from 0 to 63"));
}

TEST_F(PoolReaderTest, BoundsHowManyMayBeDown) {
  const auto max_down = [this](const std::string& keys) {
    return PoolWith(keys).max_down.value_or(MaxDown{-1, 0});
  };
  EXPECT_EQ(max_down("\"max_down\": 0.5"), (MaxDown{.share = 0.5}));
  EXPECT_EQ(max_down("\"max_down\": 3"), (MaxDown{.members = 3}));
  EXPECT_EQ(max_down("\"max_down\": 0"), (MaxDown{.members = 0}));
  EXPECT_EQ(max_down(R"("tko_tracker": {"num_tko_threshold_upper": 4,
                                        "num_tko_threshold_lower": 2})"),
            (MaxDown{.members = 4}));
  EXPECT_EQ(max_down("\"tko_tracker\": {\"percent_tko_threshold_upper\": 30}"),
            (MaxDown{.share = 0.3, .members = discovery::kMaxMembers}));
  EXPECT_EQ(ProblemWith("\"max_down\": 1.5"),
            "r.json:3: pools.A.max_down: is 1.5; write a share below 1, such as 0.5, or a whole "
            "number of members");
  EXPECT_THAT(ProblemWith("\"tko_tracker\": {\"num_tko_treshold_upper\": 4}"),
              HasSubstr("did you mean \"num_tko_threshold_upper\"?"));
  EXPECT_THAT(ProblemWith("\"tko_tracker\": 4"), HasSubstr("should be an object"));
}

TEST_F(PoolReaderTest, InheritsWhatItDoesNotSay) {
  const auto pools = ReadAll(R"(
      "base": {"servers": ["a:1"], "server_timeout": 100, "connect_timeout": 10},
      "child": {"inherit": "base", "server_timeout": 200},
      "elsewhere": {"inherit": "child", "discovery": "dns+b:1"})");
  ASSERT_TRUE(pools.ok()) << pools.status();
  const PoolConfig& child = pools->at("child");
  EXPECT_EQ(child.name, "child");
  EXPECT_EQ(child.address, pools->at("base").address);
  EXPECT_THAT(child.timeout, Optional(absl::Milliseconds(200)));
  EXPECT_THAT(child.connect_timeout, Optional(absl::Milliseconds(10)));
  const PoolConfig& elsewhere = pools->at("elsewhere");
  EXPECT_EQ(elsewhere.address.ToString(), "dns+b:1");
  EXPECT_FALSE(elsewhere.listed);
  EXPECT_THAT(elsewhere.timeout, Optional(absl::Milliseconds(200)));
}

TEST_F(PoolReaderTest, InheritsFromPoolsThatAreThere) {
  EXPECT_EQ(ProblemOfAll("\"A\": {\"inherit\": \"B\"}"),
            "r.json:2: pools.A.inherit: there is no pool \"B\"");
  EXPECT_EQ(ProblemOfAll("\"A\": {\"inherit\": \"B\"},\n\"B\": {\"inherit\": \"A\"}"),
            "r.json:2: pools.A.inherit: pools inherit from each other without an end, or more than "
            "16 deep");
  EXPECT_THAT(ProblemOfAll("\"A\": {\"inherit\": \"A\"}"), HasSubstr("without an end"));
  const auto chain = [](std::size_t pools) {
    std::string text = "\"p1\": {\"servers\": [\"a:1\"]}";
    for (std::size_t i = 2; i <= pools; ++i) {
      absl::StrAppend(&text, ",\"p", i, "\": {\"inherit\": \"p", i - 1, "\"}");
    }
    return text;
  };
  EXPECT_EQ(ProblemOfAll(chain(PoolReader::kMaxInheritance)), "none");
  EXPECT_THAT(ProblemOfAll(chain(PoolReader::kMaxInheritance + 1)), HasSubstr("16 deep"));
}

TEST_F(PoolReaderTest, NotesWhatHasNoEffect) {
  PoolWith("\"qos\": {\"class\": 1}, \"region\": \"r\",\n\"failure_domains\": [1]");
  EXPECT_THAT(
      notes_,
      ElementsAre("r.json:4: pools.A.failure_domains: has no effect here: failover goes by the "
                  "order of servers",
                  "r.json:3: pools.A.qos: has no effect here: packets are not marked",
                  "r.json:3: pools.A.region: has no effect here: pools have one timeout, wherever "
                  "their servers are"));
}

TEST_F(PoolReaderTest, BoundsTheNotes) {
  std::string pools;
  for (std::size_t i = 0; i <= PoolReader::kMaxNotes; ++i) {
    absl::StrAppend(&pools, "\"p", i, "\": {\"servers\": [\"a:1\"], \"qos\": {}},");
  }
  EXPECT_EQ(ProblemOfAll(pools), "none");
  EXPECT_THAT(notes_, SizeIs(PoolReader::kMaxNotes));
}

TEST_F(PoolReaderTest, RefusesWhatWouldChangeWhatBecomesOfRequests) {
  EXPECT_EQ(ProblemWith("\"use_ssl\": true"),
            "r.json:3: pools.A.use_ssl: connections to servers are not encrypted; leave it out");
  EXPECT_THAT(ProblemWith("\"security_mech\": \"tls\""), HasSubstr("not encrypted"));
  EXPECT_THAT(ProblemWith("\"keep_routing_prefix\": true"), HasSubstr("never sent"));
  EXPECT_EQ(ProblemWith("\"port_override\": 5"),
            "r.json:3: pools.A.port_override: is not supported: write the port behind each server");
  EXPECT_THAT(ProblemWith("\"tags\": [\"x\"]"), HasSubstr("write them in \"hostnames\""));
  EXPECT_EQ(ProblemWith("\"use_ssl\": false, \"security_mech\": \"plain\", "
                        "\"keep_routing_prefix\": false"),
            "none");
}

TEST_F(PoolReaderTest, NamesTheKeyThatWasMeant) {
  EXPECT_EQ(ProblemWith("\"server_timout\": 5"),
            "r.json:3: pools.A.server_timout: there is no key \"server_timout\" here; did you mean "
            "\"server_timeout\"?");
  EXPECT_EQ(ProblemOfAll("\"A\": 5"), "r.json:2: pools.A: is 5, and should be an object");
  EXPECT_EQ(ProblemOfAll("\"a|b\": {}"),
            "r.json:2: pools[\"a|b\"]: a pool is not called \"a|b\"; a name has 1 to 200 letters, "
            "digits and signs, and no |");
  const std::string longest(PoolConfig::kMaxNameBytes, 'n');
  EXPECT_EQ(ProblemOfAll(absl::StrCat("\"", longest, "\": {\"servers\": [\"a:1\"]}")), "none");
  EXPECT_THAT(ProblemOfAll(absl::StrCat("\"n", longest, "\": {\"servers\": [\"a:1\"]}")),
              HasSubstr("a pool is not called"));
}

}  // namespace
}  // namespace ringcache::router
