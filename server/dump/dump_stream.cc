#include "server/dump/dump_stream.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "protocol/base64_key.h"

namespace ringcache::server {
namespace {

using protocol::StandardReply;

// memcached's number of classes, and the id that it has for none.
constexpr int kMemcachedClasses = 64;
constexpr std::size_t kMaxCacheDumpBytes = std::size_t{2} << 20;
// Calls of ExportStep for one `stats cachedump`, which is made at once: a quarter of a million
// places.
constexpr int kMaxCacheDumpSteps = 1024;

std::pair<absl::string_view, absl::string_view> TwoWords(absl::string_view text) {
  const std::vector<absl::string_view> words = absl::StrSplit(text, ' ', absl::SkipEmpty());
  if (words.size() != 2) return {};
  return {words[0], words[1]};
}

// As in a URI: what is neither a letter nor a digit nor one of -._~ becomes %XX.
void AppendEncoded(absl::string_view key, std::string* text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char character : key) {
    const auto byte = static_cast<unsigned char>(character);
    if (absl::ascii_isalnum(byte) || absl::string_view("-._~").find(character) != key.npos) {
      text->push_back(character);
    } else {
      const char encoded[] = {'%', kDigits[byte >> 4], kDigits[byte & 15]};
      text->append(encoded, sizeof(encoded));
    }
  }
}

void AppendMetadumpLine(const storage::ExportedItem& item, std::size_t bytes, std::string* text) {
  text->append("key=");
  AppendEncoded(item.key, text);
  absl::StrAppend(text, " exp=", item.expires_at == storage::kNever ? "-1" : "");
  if (item.expires_at != storage::kNever) absl::StrAppend(text, item.expires_at);
  absl::StrAppend(text, " la=", item.last_access, " cas=", item.cas,
                  " fetch=", item.fetched ? "yes" : "no", " cls=", item.size_class + 1);
  absl::StrAppend(text, " size=", bytes, " flags=", item.client_flags, "\n");
}

void AppendMgdumpLine(absl::string_view key, std::string* text) {
  text->append("mg ");
  if (protocol::IsPlainKey(key)) {
    absl::StrAppend(text, key, "\r\n");
    return;
  }
  char encoded[protocol::kMaxBase64KeyBytes];
  const char* const end = protocol::WriteBase64(encoded, key);
  text->append(encoded, static_cast<std::size_t>(end - encoded));
  text->append(" b\r\n");
}

}  // namespace

StandardReply ParseClassIds(absl::string_view text, const storage::Store& store,
                            std::vector<int>* classes) {
  if (text == "all") return StandardReply::kOk;
  const int ids = std::max(kMemcachedClasses - 1, store.size_classes().count());
  for (const absl::string_view word : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    int id = 0;
    if (!absl::SimpleAtoi(word, &id) || id < 1 || id > ids) return StandardReply::kCrawlerBadClass;
    classes->push_back(id - 1);
  }
  return classes->empty() ? StandardReply::kCrawlerNotStarted : StandardReply::kOk;
}

bool DumpStream::IsAskedFor(absl::string_view arguments) {
  const absl::string_view word = TwoWords(arguments).first;
  return word == "metadump" || word == "mgdump";
}

std::unique_ptr<DumpStream> DumpStream::Open(storage::Store* store, absl::string_view arguments,
                                             const DumpConditions& conditions,
                                             StandardReply* refusal) {
  const auto [word, ids] = TwoWords(arguments);
  const Format format = word == "metadump" ? Format::kMetadump : Format::kMgdump;
  const bool metadump = format == Format::kMetadump;
  storage::ExportOptions options;
  if (!store->crawls()) {
    *refusal = StandardReply::kCrawlerDisabled;
    return nullptr;
  }
  if (!conditions.allowed) {
    *refusal = metadump ? StandardReply::kMetadumpNotAllowed : StandardReply::kKeyDumpNotAllowed;
    return nullptr;
  }
  if (conditions.pipelined) {
    *refusal =
        metadump ? StandardReply::kCannotPipelineMetadump : StandardReply::kCannotPipelineMgdump;
    return nullptr;
  }
  if (ids == "hash") {
    options.order = storage::ExportOrder::kTable;
  } else if (*refusal = ParseClassIds(ids, *store, &options.classes);
             *refusal != StandardReply::kOk) {
    return nullptr;
  }
  storage::ExportCursor cursor = store->BeginExport(options);
  if (!cursor) {
    *refusal = StandardReply::kCrawlerBusy;
    return nullptr;
  }
  return std::unique_ptr<DumpStream>(new DumpStream(store, format, std::move(cursor)));
}

bool DumpStream::Next(storage::UnixSeconds now, std::string* text) {
  const bool metadump = format_ == Format::kMetadump;
  if (!begun_ && metadump) text->append("OK\r\n");
  begun_ = true;
  const bool more =
      store_.ExportStep(&cursor_, kItemsPerStep, now,
                        [&](const storage::ExportedItem& item, storage::ItemEditor& editor) {
                          if (metadump) {
                            AppendMetadumpLine(item, editor.item().total_bytes(), text);
                          } else {
                            AppendMgdumpLine(item.key, text);
                          }
                        });
  if (!more) text->append(metadump ? "END\r\n" : "EN\r\n");
  return more;
}

std::string CacheDump(storage::Store* store, std::uint64_t class_id, std::uint64_t limit,
                      storage::UnixSeconds now) {
  const auto classes = static_cast<std::uint64_t>(store->size_classes().count());
  if (class_id >= std::max<std::uint64_t>(kMemcachedClasses, classes + 1)) {
    return std::string(protocol::ReplyText(StandardReply::kIllegalSlabId));
  }
  const absl::string_view end = protocol::ReplyText(StandardReply::kEnd);
  std::string text;
  std::uint64_t items = 0;
  bool full = class_id == 0 || class_id > classes;
  storage::ExportOptions options;
  options.classes = {static_cast<int>(class_id) - 1};
  if (full) return std::string(end);
  storage::ExportCursor cursor = store->BeginExport(options);
  if (!cursor) return std::string(end);
  const auto visit = [&](const storage::ExportedItem& item, storage::ItemEditor& editor) {
    // A key with a line break or a space in it would not be told from the rest of the line.
    if (full || !protocol::IsPlainKey(item.key)) return;
    const std::string line = absl::StrCat("ITEM ", item.key, " [", editor.item().value_bytes(),
                                          " b; ", item.expires_at, " s]\r\n");
    full = text.size() + line.size() + end.size() > kMaxCacheDumpBytes;
    if (full) return;
    text.append(line);
    full = ++items == limit;
  };
  for (int step = 0; step < kMaxCacheDumpSteps && !full; ++step) {
    if (!store->ExportStep(&cursor, DumpStream::kItemsPerStep, now, visit)) break;
  }
  text.append(end.data(), end.size());
  return text;
}

}  // namespace ringcache::server
