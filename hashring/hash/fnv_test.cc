#include "hashring/hash/fnv.h"

#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

struct Row {
  std::string key;
  std::uint32_t hash;
};

using Hash = std::uint32_t (*)(absl::string_view);

void ExpectHashes(Hash hash, const std::vector<Row>& rows) {
  for (const Row& row : rows) EXPECT_EQ(hash(row.key), row.hash) << row.key;
}

// Published with draft-eastlake-fnv. They have no byte above 127, where the clients differ from it.
TEST(FnvTest, IsTheDraftsForAscii) {
  EXPECT_EQ(Fnv1_32("foobar"), 0x31f0b262u);
  EXPECT_EQ(Fnv1a_32("foobar"), 0xbf9cf968u);
  EXPECT_EQ(Fnv1_64("foobar"), static_cast<std::uint32_t>(0x340d8765a4dda9c2u));
  EXPECT_EQ(Fnv1a_64("foobar"), static_cast<std::uint32_t>(0x85944171f73967e8u));
}

// Of Debian's libhashkit 1.1.4.
TEST(FnvTest, Fnv1With32IsTheClients) {
  ExpectHashes(Fnv1_32, {
                            {"", 0x811c9dc5},
                            {"a", 0x050c5d7e},
                            {"ab", 0x70772d38},
                            {"abc", 0x439c2f4b},
                            {"mykey", 0xdd73831c},
                            {"user:1001", 0xa6affca0},
                            {"twelve bytes", 0xa7e9c29b},
                            {"session:abcdef", 0x5ba88b82},
                            {"\xff\x80\xe9", 0xcf4cf289},
                            {"caf\xc3\xa9:1", 0x01a6d1aa},
                            {std::string(250, 'k'), 0x2c096bef},
                        });
}

// Of Debian's libhashkit 1.1.4.
TEST(FnvTest, Fnv1aWith32IsTheClients) {
  ExpectHashes(Fnv1a_32, {
                             {"", 0x811c9dc5},
                             {"a", 0xe40c292c},
                             {"ab", 0x4d2505ca},
                             {"abc", 0x1a47e90b},
                             {"mykey", 0xb1aef20a},
                             {"user:1001", 0x4f7c1bf6},
                             {"twelve bytes", 0x1cbad0bf},
                             {"session:abcdef", 0xf13c9660},
                             {"\xff\x80\xe9", 0x3b22d399},
                             {"caf\xc3\xa9:1", 0x9dae0728},
                             {std::string(250, 'k'), 0xdbece11b},
                         });
}

// Of Debian's libhashkit 1.1.4.
TEST(FnvTest, Fnv1With64IsTheClients) {
  ExpectHashes(Fnv1_64, {
                            {"", 0x84222325},
                            {"a", 0x8601b7be},
                            {"ab", 0xb4eb37b8},
                            {"abc", 0x6bafadcb},
                            {"mykey", 0x03384c9c},
                            {"user:1001", 0xd39e3d20},
                            {"twelve bytes", 0x73c7a79b},
                            {"session:abcdef", 0xf277f5e2},
                            {"\xff\x80\xe9", 0x93ed8049},
                            {"caf\xc3\xa9:1", 0x4d10e36a},
                            {std::string(250, 'k'), 0xee19992f},
                        });
}

// Of Debian's libhashkit 1.1.4.
TEST(FnvTest, Fnv1aWith64IsTheClients) {
  ExpectHashes(Fnv1a_64, {
                             {"", 0x84222325},
                             {"a", 0x8601ec8c},
                             {"ab", 0xb545986a},
                             {"abc", 0x0541574b},
                             {"mykey", 0xaffd3f6a},
                             {"user:1001", 0xae7b40d6},
                             {"twelve bytes", 0xce75b4bf},
                             {"session:abcdef", 0xcac322e0},
                             {"\xff\x80\xe9", 0x8dff0e99},
                             {"caf\xc3\xa9:1", 0x6559abc8},
                             {std::string(250, 'k'), 0x8cb408db},
                         });
}

}  // namespace
}  // namespace ringcache::hashring
