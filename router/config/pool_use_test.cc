#include "router/config/pool_use.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/config/config_file.h"

namespace ringcache::router {
namespace {

using hashring::PlacementKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PoolUseTest : public ::testing::Test {
 protected:
  absl::StatusOr<PoolUse> Read(const std::string& keys) {
    file_ = ConfigFile::Parse("r.json", absl::StrCat("{\n", keys, "}")).value();
    return ReadPoolUse(file_->root());
  }
  PoolUse Use(const std::string& keys) {
    const auto use = Read(keys);
    EXPECT_TRUE(use.ok()) << use.status();
    return use.value_or(PoolUse());
  }
  std::string Problem(const std::string& keys) {
    const auto use = Read(keys);
    return use.ok() ? "none" : std::string(use.status().message());
  }

  std::shared_ptr<const ConfigFile> file_;
};

TEST_F(PoolUseTest, IsCh3WithTheHashStopUnlessTold) {
  const PoolUse use = Use("");
  EXPECT_EQ(use.ring.placement, PlacementKind::kCh3);
  EXPECT_EQ(use.ring.hash_stop, "|#|");
  EXPECT_EQ(use.ring.salt, "");
  EXPECT_FALSE(use.names_placement);
}

TEST_F(PoolUseTest, NamesMcroutersFunctionsAndTheRings) {
  EXPECT_EQ(Use("\"hash\": \"Ch3\"").ring.placement, PlacementKind::kCh3);
  EXPECT_TRUE(Use("\"hash\": \"Ch3\"").names_placement);
  EXPECT_EQ(Use("\"hash\": \"Crc32\"").ring.placement, PlacementKind::kCrc32);
  EXPECT_EQ(Use("\"hash\": \"WeightedCh3\"").ring.placement, PlacementKind::kWeightedCh3);
  EXPECT_EQ(Use("\"hash\": \"Rendezvous\"").ring.placement, PlacementKind::kMcrouterRendezvous);
  // Letters' case tells mcrouter's from pymemcache's.
  EXPECT_EQ(Use("\"hash\": \"rendezvous\"").ring.placement, PlacementKind::kRendezvous);
  for (const hashring::PlacementRow& row : hashring::kPlacements) {
    EXPECT_EQ(Use(absl::StrCat("\"hash\": \"", row.name, "\"")).ring.placement, row.kind);
  }
}

TEST_F(PoolUseTest, ReadsSettings) {
  const PoolUse use =
      Use(R"("hash": {"hash_func": "WeightedCh3", "salt": "x", "weights": [1, 0.5]})");
  EXPECT_EQ(use.ring.placement, PlacementKind::kWeightedCh3);
  EXPECT_EQ(use.ring.salt, "x");
  EXPECT_THAT(use.weights, ElementsAre(1, 0.5));
  const PoolUse ketama = Use(R"("hash": {"hash_func": "ketama", "key_hash": "fnv1a_64"})");
  EXPECT_EQ(ketama.ring.key_hash, hashring::KeyHash::kFnv1a_64);
  // A salt does not name a function.
  EXPECT_FALSE(Use("\"hash\": {\"salt\": \"x\"}").names_placement);
}

TEST_F(PoolUseTest, AHashRouteHasTheSettingsItself) {
  const PoolUse use = Use(R"("children": [], "hash_func": "Crc32", "salt": "x")");
  EXPECT_EQ(use.ring.placement, PlacementKind::kCrc32);
  EXPECT_EQ(use.ring.salt, "x");
  EXPECT_TRUE(use.names_placement);
}

TEST_F(PoolUseTest, SaysWhatThereIsInPlaceOfAFunction) {
  EXPECT_EQ(Problem("\"hash\": \"Ch4\""),
            "r.json:2: hash: there is no hash function \"Ch4\"; did you mean \"Ch3\"?");
  EXPECT_EQ(Problem("\"hash\": {\n\"hash_func\": \"quux\"}"),
            "r.json:3: hash.hash_func: there is no hash function \"quux\"; there are Ch3, Crc32, "
            "WeightedCh3, Rendezvous, ketama, rendezvous, ch3, weighted_ch3, crc32, "
            "mcrouter_rendezvous, modulo, jump, maglev");
  EXPECT_EQ(Problem("\"hash\": \"ConstShard\""),
            "r.json:2: hash: the hash function ConstShard is not supported; keys name no shards; "
            "write \"Ch3\"");
  EXPECT_EQ(Problem("\"hash\": 5"), "r.json:2: hash: is 5, and should be a string");
}

TEST_F(PoolUseTest, SaysWhatIsWrongWithSettings) {
  EXPECT_EQ(Problem("\"hash\": {\"hash_fnc\": \"Ch3\"}"),
            "r.json:2: hash.hash_fnc: there is no key \"hash_fnc\" here; did you mean "
            "\"hash_func\"?");
  EXPECT_EQ(Problem("\"hash\": {\"weights\": [1]}"),
            "r.json:2: hash.weights: are for the hash function WeightedCh3; for others write "
            "\"weights\" in the pool");
  const std::string weighted = "\"hash\": {\"hash_func\": \"WeightedCh3\", \"weights\": ";
  EXPECT_EQ(Problem(weighted + "[1,\n2]}"),
            "r.json:3: hash.weights[1]: is 2, and should be a number from 0 to 1");
  EXPECT_THAT(Problem(weighted + "[]}"), HasSubstr("is empty"));
  EXPECT_EQ(Problem("\"hash\": {\"salt\": 1}"),
            "r.json:2: hash.salt: is 1, and should be a string");
  EXPECT_EQ(Problem(absl::StrCat("\"hash\": {\"salt\": \"", std::string(251, 's'), "\"}")),
            "r.json:2: hash: the salt has 251 bytes; at most 250 are hashed with every key");
  EXPECT_THAT(Problem("\"hash\": {\"key_hash\": \"sha1\"}"),
              HasSubstr("hash.key_hash: no key hash is named 'sha1'"));
  EXPECT_THAT(Problem("\"hash\": {\"key_hash\": \"md5\"}"),
              HasSubstr("hash: the placement ch3 has a key hash of its own"));
}

}  // namespace
}  // namespace ringcache::router
