#include "storage/restart/restart_image.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "storage/key_hash.h"

namespace ringcache::storage {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they are");

constexpr absl::string_view kMagic("ringmeta", 8);
// Any fixed number: it only sets these checksums apart from hashes of keys.
constexpr std::uint64_t kChecksumSeed = 0x72657374617274;

class ByteWriter {
 public:
  template <typename Number>
  void Add(Number number) {
    static_assert(std::is_integral_v<Number>);
    bytes_.append(reinterpret_cast<const char*>(&number), sizeof(number));
  }
  void AddText(absl::string_view text) { bytes_.append(text.data(), text.size()); }
  void AddList(const std::vector<std::uint32_t>& numbers) {
    Add(static_cast<std::uint32_t>(numbers.size()));
    bytes_.append(reinterpret_cast<const char*>(numbers.data()),
                  numbers.size() * sizeof(std::uint32_t));
  }
  std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

// Reads past the end give 0 and are remembered.
class ByteReader {
 public:
  explicit ByteReader(absl::string_view bytes) : left_(bytes) {}

  template <typename Number>
  Number Take() {
    static_assert(std::is_integral_v<Number>);
    Number number = 0;
    if (left_.size() < sizeof(number)) {
      failed_ = true;
      left_ = absl::string_view();
      return 0;
    }
    std::memcpy(&number, left_.data(), sizeof(number));
    left_.remove_prefix(sizeof(number));
    return number;
  }
  // The length of a list whose elements have so many bytes; 0 if they are not all there.
  std::size_t TakeLength(std::size_t element_bytes) {
    const std::size_t length = Take<std::uint32_t>();
    if (length <= left_.size() / element_bytes) return length;
    failed_ = true;
    return 0;
  }
  std::vector<std::uint32_t> TakeList() {
    std::vector<std::uint32_t> numbers(TakeLength(sizeof(std::uint32_t)));
    for (std::uint32_t& number : numbers) number = Take<std::uint32_t>();
    return numbers;
  }
  bool failed() const { return failed_; }
  bool at_end() const { return left_.empty(); }

 private:
  absl::string_view left_;
  bool failed_ = false;
};

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("is damaged: ", what));
}

void AddSettings(const RestartSettings& settings, ByteWriter* writer) {
  writer->Add(settings.limit_bytes);
  writer->Add(settings.max_item_bytes);
  writer->Add(settings.page_bytes);
  writer->Add(settings.unit_shift);
  writer->Add(static_cast<std::uint8_t>(settings.has_cas));
  writer->AddList(settings.chunk_bytes);
}

RestartSettings TakeSettings(ByteReader* reader) {
  RestartSettings settings;
  settings.limit_bytes = reader->Take<std::uint64_t>();
  settings.max_item_bytes = reader->Take<std::uint64_t>();
  settings.page_bytes = reader->Take<std::uint64_t>();
  settings.unit_shift = reader->Take<std::uint32_t>();
  settings.has_cas = reader->Take<std::uint8_t>() != 0;
  settings.chunk_bytes = reader->TakeList();
  return settings;
}

void TakeClass(ByteReader* reader, RestartImage::SizeClass* size_class) {
  size_class->pages.resize(reader->TakeLength(2 * sizeof(std::uint32_t)));
  for (RestartImage::Page& page : size_class->pages) {
    page.number = reader->Take<std::uint32_t>();
    page.cut = reader->Take<std::uint32_t>();
  }
  size_class->probation = reader->TakeList();
}

// What the numbers say of each other.
absl::Status CheckWhole(const RestartImage& image) {
  const RestartSettings& settings = image.settings;
  // A power of two, so that no sum or product of what follows overflows.
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 48;
  if (settings.page_bytes == 0 || settings.page_bytes > settings.limit_bytes ||
      settings.limit_bytes > kMostBytes) {
    return Damaged("the memory limit or the size of a page is impossible");
  }
  std::uint64_t chunks = 0;
  std::vector<std::uint32_t> numbers;
  for (std::size_t i = 0; i < image.classes.size(); ++i) {
    const std::uint32_t chunk_bytes = settings.chunk_bytes[i];
    if (chunk_bytes == 0) return Damaged("a size class has chunks without bytes");
    for (const RestartImage::Page& page : image.classes[i].pages) {
      if (page.cut > settings.page_bytes / chunk_bytes) {
        return Damaged("a page has more chunks than it has room for");
      }
      chunks += page.cut;
      numbers.push_back(page.number);
    }
  }
  std::sort(numbers.begin(), numbers.end());
  if (!numbers.empty() && numbers.back() >= settings.limit_bytes / settings.page_bytes) {
    return Damaged("a page lies beyond the memory limit");
  }
  if (std::adjacent_find(numbers.begin(), numbers.end()) != numbers.end()) {
    return Damaged("a page is named twice");
  }
  if (image.items > chunks) return Damaged("there are more items than chunks");
  return absl::OkStatus();
}

std::string Changed(absl::string_view what, absl::string_view before, absl::string_view now) {
  return absl::StrCat(what, " was ", before, " and is now ", now);
}

}  // namespace

std::string DifferenceOf(const RestartSettings& kept, const RestartSettings& wanted) {
  const auto number = [](absl::string_view what, std::uint64_t before, std::uint64_t now) {
    return Changed(what, absl::StrCat(before), absl::StrCat(now));
  };
  if (kept.page_bytes != wanted.page_bytes) {
    return number("the size of pages in bytes", kept.page_bytes, wanted.page_bytes);
  }
  if (kept.limit_bytes != wanted.limit_bytes) {
    return number("the memory limit in bytes", kept.limit_bytes, wanted.limit_bytes);
  }
  if (kept.max_item_bytes != wanted.max_item_bytes) {
    return number("the largest item in bytes", kept.max_item_bytes, wanted.max_item_bytes);
  }
  if (kept.has_cas != wanted.has_cas) {
    return Changed("the use of CAS ids", kept.has_cas ? "on" : "off",
                   wanted.has_cas ? "on" : "off");
  }
  if (kept.unit_shift != wanted.unit_shift) {
    return number("the unit of handles, a power of two,", kept.unit_shift, wanted.unit_shift);
  }
  if (kept.chunk_bytes.size() != wanted.chunk_bytes.size()) {
    return number("the number of size classes", kept.chunk_bytes.size(), wanted.chunk_bytes.size());
  }
  for (std::size_t i = 0; i < kept.chunk_bytes.size(); ++i) {
    if (kept.chunk_bytes[i] == wanted.chunk_bytes[i]) continue;
    return number(absl::StrCat("the chunk size of class ", i), kept.chunk_bytes[i],
                  wanted.chunk_bytes[i]);
  }
  return "";
}

std::uint64_t RestartChecksum(absl::string_view bytes) { return HashKey(kChecksumSeed, bytes); }

std::string EncodeRestartImage(const RestartImage& image) {
  ByteWriter writer;
  writer.AddText(kMagic);
  writer.Add(kRestartLayout);
  AddSettings(image.settings, &writer);
  writer.Add(image.generation);
  writer.Add(image.hash_seed);
  writer.Add(image.cas_base);
  writer.Add(image.cas_ticks);
  writer.Add(image.items);
  writer.Add(image.flush_at);
  writer.Add(image.stopped_at);
  writer.Add(image.flush_count);
  for (const RestartImage::SizeClass& size_class : image.classes) {
    writer.Add(static_cast<std::uint32_t>(size_class.pages.size()));
    for (const RestartImage::Page& page : size_class.pages) {
      writer.Add(page.number);
      writer.Add(page.cut);
    }
    writer.AddList(size_class.probation);
  }
  writer.Add(RestartChecksum(writer.bytes()));
  return std::move(writer.bytes());
}

absl::StatusOr<RestartImage> DecodeRestartImage(absl::string_view bytes) {
  if (bytes.substr(0, kMagic.size()) != kMagic) return Damaged("it does not begin as it must");
  ByteReader reader(bytes.substr(kMagic.size()));
  const auto layout = reader.Take<std::uint32_t>();
  // Before the checksum, which another version may compute in another way.
  if (!reader.failed() && layout != kRestartLayout) {
    return absl::DataLossError(
        absl::StrCat("has layout ", layout, ", and this program's is ", kRestartLayout));
  }
  constexpr std::size_t kChecksumBytes = sizeof(std::uint64_t);
  if (bytes.size() < kMagic.size() + sizeof(layout) + kChecksumBytes) {
    return Damaged("it ends too early");
  }
  const absl::string_view body = bytes.substr(0, bytes.size() - kChecksumBytes);
  if (ByteReader(bytes.substr(body.size())).Take<std::uint64_t>() != RestartChecksum(body)) {
    return Damaged("its checksum is wrong");
  }
  reader = ByteReader(body.substr(kMagic.size() + sizeof(layout)));
  RestartImage image;
  image.settings = TakeSettings(&reader);
  image.generation = reader.Take<std::uint64_t>();
  image.hash_seed = reader.Take<std::uint64_t>();
  image.cas_base = reader.Take<std::uint64_t>();
  image.cas_ticks = reader.Take<std::uint64_t>();
  image.items = reader.Take<std::uint64_t>();
  image.flush_at = reader.Take<std::uint32_t>();
  image.stopped_at = reader.Take<std::uint32_t>();
  image.flush_count = reader.Take<std::uint8_t>();
  for (std::size_t i = 0; i < image.settings.chunk_bytes.size() && !reader.failed(); ++i) {
    TakeClass(&reader, &image.classes.emplace_back());
  }
  if (reader.failed()) return Damaged("it ends too early");
  if (!reader.at_end()) return Damaged("something follows its end");
  if (absl::Status status = CheckWhole(image); !status.ok()) return status;
  return image;
}

}  // namespace ringcache::storage
