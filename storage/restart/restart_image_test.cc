#include "storage/restart/restart_image.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

RestartImage Example() {
  RestartImage image;
  image.settings = {.limit_bytes = 8 * kMiB,
                    .max_item_bytes = kMiB,
                    .page_bytes = kMiB,
                    .unit_shift = 3,
                    .has_cas = true,
                    .chunk_bytes = {48, 1024, 1 << 20}};
  image.generation = 0x0123456789abcdef;
  image.hash_seed = 11;
  image.cas_base = 12;
  image.cas_ticks = 13;
  image.items = 14;
  image.flush_at = 15;
  image.stopped_at = 16;
  image.flush_count = 17;
  image.classes.resize(3);
  image.classes[0].pages = {{7, 21845}, {0, 3}};
  image.classes[0].probation = {5, 1, 5, 0xffffffff};
  image.classes[2].pages = {{3, 1}};
  return image;
}
// Why an image is not taken; empty if it is.
std::string Refusal(absl::string_view bytes) {
  const absl::StatusOr<RestartImage> image = DecodeRestartImage(bytes);
  return image.ok() ? "" : std::string(image.status().message());
}
std::string RefusalAfter(const std::function<void(RestartImage&)>& change) {
  RestartImage image = Example();
  change(image);
  return Refusal(EncodeRestartImage(image));
}

TEST(RestartImageTest, DecodingGivesWhatWasEncoded) {
  const std::string bytes = EncodeRestartImage(Example());
  const absl::StatusOr<RestartImage> image = DecodeRestartImage(bytes);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_EQ(DifferenceOf(image->settings, Example().settings), "");
  EXPECT_EQ(image->generation, 0x0123456789abcdefu);
  EXPECT_EQ(image->hash_seed, 11u);
  EXPECT_EQ(image->cas_base, 12u);
  EXPECT_EQ(image->cas_ticks, 13u);
  EXPECT_EQ(image->items, 14u);
  EXPECT_EQ(image->flush_at, 15u);
  EXPECT_EQ(image->stopped_at, 16u);
  EXPECT_EQ(image->flush_count, 17);
  ASSERT_EQ(image->classes.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(image->classes[i].pages, Example().classes[i].pages) << i;
    EXPECT_EQ(image->classes[i].probation, Example().classes[i].probation) << i;
  }
  EXPECT_EQ(EncodeRestartImage(*image), bytes);
}

TEST(RestartImageTest, EveryByteAndEveryLengthCount) {
  const std::string bytes = EncodeRestartImage(Example());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_NE(Refusal(bytes.substr(0, length)), "") << length;
  }
  EXPECT_NE(Refusal(bytes + '\0'), "");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    EXPECT_NE(Refusal(changed), "") << at;
  }
}

TEST(RestartImageTest, AnotherLayoutIsNamed) {
  std::string bytes = EncodeRestartImage(Example());
  bytes[8] = 9;
  EXPECT_EQ(Refusal(bytes), "has layout 9, and this program's is 1");
}

TEST(RestartImageTest, ImpossibleNumbersAreRefusedWhateverTheChecksumSays) {
  struct Case {
    std::function<void(RestartImage&)> change;
    std::string message;
  };
  const std::vector<Case> cases = {
      {[](RestartImage& i) { i.settings.page_bytes = 0; },
       "is damaged: the memory limit or the size of a page is impossible"},
      {[](RestartImage& i) { i.settings.limit_bytes = kMiB - 1; },
       "is damaged: the memory limit or the size of a page is impossible"},
      {[](RestartImage& i) { i.settings.limit_bytes = ~std::uint64_t{0}; },
       "is damaged: the memory limit or the size of a page is impossible"},
      {[](RestartImage& i) { i.settings.chunk_bytes[1] = 0; },
       "is damaged: a size class has chunks without bytes"},
      {[](RestartImage& i) { i.classes[0].pages[0].cut = 21846; },
       "is damaged: a page has more chunks than it has room for"},
      {[](RestartImage& i) { i.classes[0].pages[0].number = 8; },
       "is damaged: a page lies beyond the memory limit"},
      {[](RestartImage& i) { i.classes[2].pages[0].number = 7; },
       "is damaged: a page is named twice"},
      {[](RestartImage& i) { i.items = 21845 + 3 + 1 + 1; },
       "is damaged: there are more items than chunks"},
      {[](RestartImage& i) { i.classes.pop_back(); }, "is damaged: it ends too early"},
      {[](RestartImage& i) { i.classes.emplace_back(); }, "is damaged: something follows its end"},
  };
  for (const Case& refused : cases) EXPECT_EQ(RefusalAfter(refused.change), refused.message);
}

TEST(RestartImageTest, AListThatClaimsMoreThanThereIsTakesNoMemory) {
  RestartImage image = Example();
  image.settings.chunk_bytes.clear();
  image.classes.clear();
  std::string bytes = EncodeRestartImage(image);
  // The length of the chunk sizes follows magic, layout, three numbers of 8 bytes, the unit and the
  // use of CAS ids.
  bytes.replace(8 + 4 + 24 + 4 + 1, 4, 4, '\xff');
  bytes.resize(bytes.size() - 8);
  const std::uint64_t checksum = RestartChecksum(bytes);
  bytes.append(reinterpret_cast<const char*>(&checksum), sizeof(checksum));
  EXPECT_EQ(Refusal(bytes), "is damaged: it ends too early");
}

TEST(RestartImageTest, TheSettingThatDiffersIsNamed) {
  struct Case {
    std::function<void(RestartSettings&)> change;
    std::string message;
  };
  const std::vector<Case> cases = {
      {[](RestartSettings& s) { s.page_bytes *= 2; },
       "the size of pages in bytes was 1048576 and is now 2097152"},
      {[](RestartSettings& s) { s.limit_bytes *= 2; },
       "the memory limit in bytes was 8388608 and is now 16777216"},
      {[](RestartSettings& s) { s.max_item_bytes /= 2; },
       "the largest item in bytes was 1048576 and is now 524288"},
      {[](RestartSettings& s) { s.has_cas = false; }, "the use of CAS ids was on and is now off"},
      {[](RestartSettings& s) { s.unit_shift = 4; },
       "the unit of handles, a power of two, was 3 and is now 4"},
      {[](RestartSettings& s) { s.chunk_bytes.pop_back(); },
       "the number of size classes was 3 and is now 2"},
      {[](RestartSettings& s) { s.chunk_bytes[1] = 1032; },
       "the chunk size of class 1 was 1024 and is now 1032"},
  };
  for (const Case& changed : cases) {
    RestartSettings wanted = Example().settings;
    changed.change(wanted);
    EXPECT_EQ(DifferenceOf(Example().settings, wanted), changed.message);
  }
}

}  // namespace
}  // namespace ringcache::storage
