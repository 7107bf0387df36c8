#include "server/event_record.h"

#include <string>

#include "gtest/gtest.h"

namespace ringcache::server {
namespace {

std::string Text(const Event& event, absl::string_view text) {
  std::string out;
  AppendEventText(event, text, &out);
  return out;
}

TEST(EventRecordTest, AWatcherNamesStreams) {
  EXPECT_EQ(ParseEventStreams(""), kFetchers);
  EXPECT_EQ(ParseEventStreams("mutations"), kMutations);
  EXPECT_EQ(ParseEventStreams("fetchers  evictions"), kFetchers | kEvictions);
  EXPECT_EQ(ParseEventStreams("connevents deletions sysevents rawcmds"),
            kConnectionEvents | kDeletions | kSystemEvents | kRawCommands);
}

TEST(EventRecordTest, AnUnknownStreamSpoilsTheWholeLine) {
  EXPECT_EQ(ParseEventStreams("bogus"), kNoStreams);
  EXPECT_EQ(ParseEventStreams("fetchers bogus"), kNoStreams);
  EXPECT_EQ(ParseEventStreams("fetcher"), kNoStreams);
}

TEST(EventRecordTest, ALineBeginsWithTimeAndOrderAndMicrosecondsArePadded) {
  Event event;
  event.status = EventStatus::kFound;
  event.size_class = 2;
  event.client = 25;
  event.value_bytes = 10;
  event.gid = 7;
  event.unix_us = 1'795'411'765'051'594;
  std::string line;
  AppendEventLine(event, "a", &line);
  EXPECT_EQ(line,
            "ts=1795411765.051594 gid=7 type=item_get key=a status=found clsid=2 cfd=25 size=10\n");
}

TEST(EventRecordTest, StoresTellCommandAndExpiry) {
  Event event;
  event.kind = EventKind::kItemStore;
  event.status = EventStatus::kNotStored;
  event.command = EventCommand::kAdd;
  event.ttl_s = 50;
  event.size_class = 1;
  event.client = 9;
  event.value_bytes = 3;
  EXPECT_EQ(Text(event, "k"),
            "type=item_store key=k status=not_stored cmd=add ttl=50 clsid=1 cfd=9 size=3");
}

TEST(EventRecordTest, EvictionsTellWhetherTheItemWasOfUse) {
  Event event;
  event.kind = EventKind::kEviction;
  event.fetched = true;
  event.ttl_s = -1;
  event.last_access_s = 12;
  event.size_class = 3;
  event.value_bytes = 100;
  EXPECT_EQ(Text(event, "k"), "type=eviction key=k fetch=yes ttl=-1 la=12 clsid=3 size=100");
}

TEST(EventRecordTest, DeletionsTellTheirCommand) {
  Event event;
  event.kind = EventKind::kDeleted;
  event.command = EventCommand::kMetaDelete;
  event.size_class = 1;
  event.value_bytes = 4;
  EXPECT_EQ(Text(event, "k"), "type=deleted key=k cmd=md clsid=1 size=4");
}

TEST(EventRecordTest, ConnectionsTellTheirPeer) {
  Event event;
  event.kind = EventKind::kConnectionNew;
  event.client = 24;
  event.port = 34042;
  EXPECT_EQ(Text(event, "127.0.0.1"),
            "type=conn_new rip=127.0.0.1 rport=34042 transport=tcp cfd=24");
  event.kind = EventKind::kConnectionClose;
  event.status = EventStatus::kIdleTimeout;
  event.port = 0;
  EXPECT_EQ(Text(event, "unix"),
            "type=conn_close rip=unix rport=0 transport=local reason=idle_timeout cfd=24");
}

TEST(EventRecordTest, KeysAreEncodedAsInAUri) {
  Event event;
  event.status = EventStatus::kNotFound;
  EXPECT_EQ(Text(event, absl::string_view("a b%/\xc3\n-._~9\0", 13)),
            "type=item_get key=a%20b%25%2F%C3%0A-._~9%00 status=not_found clsid=0 cfd=0 size=0");
}

TEST(EventRecordTest, RawCommandsKeepTerminalsSafe) {
  Event event;
  event.kind = EventKind::kRawCommand;
  event.client = 24;
  EXPECT_EQ(Text(event, "get a\x1b[2Jb"), "<24 get a?[2Jb");
}

TEST(EventRecordTest, SystemEventsAreTheirText) {
  Event event;
  event.kind = EventKind::kSystem;
  EXPECT_EQ(Text(event, "refresh status=ok"), "type=refresh status=ok");
}

}  // namespace
}  // namespace ringcache::server
