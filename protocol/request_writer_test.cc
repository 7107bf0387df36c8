// Requests survive being written and parsed again, for every command and every meta flag.

#include "protocol/request_writer.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "protocol/base64_key.h"
#include "protocol/command_samples.h"
#include "protocol/command_table.h"
#include "protocol/meta_flag_table.h"
#include "protocol/operation.h"
#include "protocol/parse_result.h"
#include "protocol/request.h"
#include "protocol/request_parser.h"

namespace ringcache::protocol {
namespace {

std::string Written(const Request& request) {
  std::string out(MaxRequestBytes(request), '\0');
  const char* end = WriteRequest(out.data(), request);
  EXPECT_LE(static_cast<std::size_t>(end - out.data()), out.size());
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

void ExpectSameMeta(const MetaFlags& a, const MetaFlags& b, Operation operation) {
  EXPECT_EQ(a.has, b.has);
  if (a.has.Has('O')) {
    EXPECT_EQ(a.opaque, b.opaque);
  }
  if (a.has.Has('C')) {
    EXPECT_EQ(a.compare_cas, b.compare_cas);
  }
  if (a.has.Has('E')) {
    EXPECT_EQ(a.new_cas, b.new_cas);
  }
  if (a.has.Has('F')) {
    EXPECT_EQ(a.client_flags, b.client_flags);
  }
  if (a.has.Has('T')) {
    EXPECT_EQ(a.ttl_s, b.ttl_s);
  }
  if (a.has.Has('N')) {
    EXPECT_EQ(a.vivify_ttl_s, b.vivify_ttl_s);
  }
  if (a.has.Has('R')) {
    EXPECT_EQ(a.recache_below_s, b.recache_below_s);
  }
  if (a.has.Has('J')) {
    EXPECT_EQ(a.initial, b.initial);
  }
  if (a.has.Has('D')) {
    EXPECT_EQ(a.delta, b.delta);
  }
  if (a.has.Has('M') && operation == Operation::kMetaSet) {
    EXPECT_EQ(a.mode, b.mode);
  }
  if (a.has.Has('M') && operation == Operation::kMetaArithmetic) {
    EXPECT_EQ(a.decrement, b.decrement);
  }
}

TEST(RequestWriterTest, SamplesComeOutAsTheyWentIn) {
  for (const CommandSample& sample : kCommandSamples) {
    const std::string line = absl::StrCat(sample.line, "\r\n");
    Request request;
    ASSERT_EQ(ParseRequest(line, &request).status, ParseStatus::kOk) << line;
    EXPECT_EQ(Written(request), line);
  }
}

TEST(RequestWriterTest, TypedFlagsAreSpelledWhenTheTextIsCleared) {
  for (const CommandSample& sample : kCommandSamples) {
    const CommandForm form = RowOf(sample.operation).form;
    if (form != CommandForm::kMeta && form != CommandForm::kMetaSet) continue;
    const std::string line = absl::StrCat(sample.line, "\r\n");
    Request request;
    ASSERT_EQ(ParseRequest(line, &request).status, ParseStatus::kOk) << line;
    request.meta.text = absl::string_view();
    // The samples list their flags in the order of the table.
    EXPECT_EQ(Written(request), line);
  }
}

TEST(RequestWriterTest, OneKeyMayStandForTheKeys) {
  Request request;
  request.operation = Operation::kGet;
  request.key = "key:1";
  EXPECT_EQ(Written(request), "get key:1\r\n");
  request.operation = Operation::kGat;
  request.exptime_s = 30;
  EXPECT_EQ(Written(request), "gat 30 key:1\r\n");
}

TEST(RequestWriterTest, RetrievalKeyByKey) {
  char out[64];
  char* end = WriteRetrievalStart(out, Operation::kGats, -1);
  end = WriteRetrievalKey(WriteRetrievalKey(end, "a"), "b");
  end = WriteRetrievalEnd(end);
  EXPECT_EQ(absl::string_view(out, static_cast<std::size_t>(end - out)), "gats -1 a b\r\n");
  end = WriteRetrievalEnd(WriteRetrievalKey(WriteRetrievalStart(out, Operation::kGet, 0), "a"));
  EXPECT_EQ(absl::string_view(out, static_cast<std::size_t>(end - out)), "get a\r\n");
}

// A request of random fields. Views point into `key_storage` and constants.
Request RandomRequest(std::mt19937_64* random, std::string* key_storage) {
  const auto number = [random] { return (*random)() >> ((*random)() % 64); };
  Request request;
  request.operation = static_cast<Operation>((*random)() % kOperationCount);
  const CommandForm form = RowOf(request.operation).form;
  std::string key(1 + (*random)() % kMaxKeyBytes, '\0');
  for (char& c : key) c = static_cast<char>('!' + (*random)() % 94);
  *key_storage = key;
  request.key = *key_storage;
  request.quiet = TakesNoreply(form) && (*random)() % 2 == 0;
  request.client_flags = static_cast<std::uint32_t>(number());
  request.exptime_s = static_cast<std::int64_t>(number());
  request.value_bytes = static_cast<std::uint32_t>((*random)() % kMaxValueBytes);
  request.cas = number();
  request.delta = number();
  request.has_argument = (*random)() % 2 == 0;
  request.arguments = "one two";
  if (form != CommandForm::kMeta && form != CommandForm::kMetaSet) return request;

  MetaFlags& meta = request.meta;
  for (int i = 0; i < 12; ++i) {
    const char letter = kMetaFlags[(*random)() % kMetaFlags.size()].letter;
    meta.has.Add(letter);
  }
  meta.opaque = "opaque-1";
  meta.compare_cas = number();
  meta.new_cas = number();
  meta.client_flags = request.client_flags;
  meta.ttl_s = request.exptime_s;
  meta.vivify_ttl_s = -static_cast<std::int64_t>(number() / 2);
  meta.recache_below_s = static_cast<std::int64_t>(number() / 2);
  meta.initial = number();
  meta.delta = number();
  meta.mode = static_cast<MetaSetMode>((*random)() % 5);
  meta.decrement = (*random)() % 2 == 0;
  request.quiet = meta.has.Has('q');
  request.key_is_base64 = meta.has.Has('b');
  if (request.key_is_base64) {
    key_storage->resize(Base64Bytes(key.size()));
    WriteBase64(key_storage->data(), key);
    request.key = *key_storage;
  }
  return request;
}

TEST(RequestWriterTest, RandomRequestsSurviveTheRoundTrip) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20000; ++i) {
    std::string key_storage;
    const Request request = RandomRequest(&random, &key_storage);
    const std::string line = Written(request);
    SCOPED_TRACE(line);
    Request again;
    const ParseResult result = ParseRequest(line, &again);
    ASSERT_EQ(result.status, ParseStatus::kOk) << ErrorText(result.error);
    EXPECT_EQ(result.consumed, line.size());
    EXPECT_EQ(again.operation, request.operation);
    EXPECT_EQ(again.quiet, request.quiet);
    EXPECT_EQ(again.key_is_base64, request.key_is_base64);
    const CommandForm form = RowOf(request.operation).form;
    const bool retrieves =
        form == CommandForm::kRetrieval || form == CommandForm::kRetrievalAndTouch;
    if (retrieves) {
      EXPECT_EQ(again.keys, request.key);
    }
    if (!retrieves && !again.key.empty()) {
      EXPECT_EQ(again.key, request.key);
    }
    if (form == CommandForm::kStorage || form == CommandForm::kCas) {
      EXPECT_EQ(again.client_flags, request.client_flags);
      EXPECT_EQ(again.exptime_s, request.exptime_s);
      EXPECT_EQ(again.value_bytes, request.value_bytes);
    }
    if (form == CommandForm::kCas) {
      EXPECT_EQ(again.cas, request.cas);
    }
    if (form == CommandForm::kArithmetic) {
      EXPECT_EQ(again.delta, request.delta);
    }
    if (form == CommandForm::kTouch) {
      EXPECT_EQ(again.exptime_s, request.exptime_s);
    }
    if (form == CommandForm::kMeta || form == CommandForm::kMetaSet) {
      ExpectSameMeta(again.meta, request.meta, request.operation);
    }
  }
}

}  // namespace
}  // namespace ringcache::protocol
